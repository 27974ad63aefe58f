// SPDX-License-Identifier: Apache-2.0
#include "reach/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/json.h"
#include "reach/facts_for_test.h"
#include "reach/judge.h"
#include "reach/text.h"

namespace sallyport::reach {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ErrorOf(const std::function<void(Ask&)>& change) {
  Ask ask;
  ask.bucket = "example-customers";
  change(ask);
  const Status checked = CheckAsk(ask);
  return checked.ok() ? "" : checked.error().ToText();
}

TEST(CheckAsk, HoldsEachPartToItsForm) {
  EXPECT_EQ(ErrorOf([](Ask&) {}), "");
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.bucket = "s3://example"; }), HasSubstr("is not the name of a bucket"));
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.bucket = "ab"; }), HasSubstr("is not the name of a bucket"));
  EXPECT_EQ(ErrorOf([](Ask& ask) { ask.bucket = std::string(63, 'a'); }), "");
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.bucket = std::string(64, 'a'); }), HasSubstr("is not the name of a bucket"));
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.account = "1111"; }), HasSubstr("`1111` is not an account"));
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.prefix = "a/*"; }), HasSubstr("has a wildcard"));
  EXPECT_EQ(ErrorOf([](Ask& ask) { ask.prefix = std::string(1024, 'a'); }), "");
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.prefix = std::string(1025, 'a'); }), HasSubstr("at most 1024 bytes"));
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.principal = "web"; }), HasSubstr("`web` is not an ARN"));
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.actions = {"s3:Fly"}; }), HasSubstr("known: s3:GetObject"));
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.actions.clear(); }), HasSubstr("no action"));
  EXPECT_EQ(ErrorOf([](Ask& ask) { ask.actions.assign(64, "s3:getobject"); }), "");
  EXPECT_THAT(ErrorOf([](Ask& ask) { ask.actions.assign(65, "s3:GetObject"); }), HasSubstr("more than 64"));
}

Answer Sample() {
  RoleFacts broken = Role("broken", "");
  broken.profiles.clear();
  broken.inline_policies = {{"bad", "{"}};
  static const Facts facts = WithRoles({Role("web", kReads), broken, Role("db", "")});
  Ask ask;
  ask.bucket = "example-customers";
  ask.actions = {"s3:GetObject"};
  Judge judge(facts, ask);
  UseFacts uses;
  uses.instances = {Instance("i-0123456789abcdef0", "web-profile"), Instance("i-0123456789abcdef1", "web-profile")};
  judge.AddUses(uses);
  return judge.Take();
}

TEST(AnswerText, IsATableFromPrincipalToProtection) {
  TextOptions options;
  options.notes[InstanceId{"i-0123456789abcdef0"}] = {"not protected", "no agent"};
  const std::string text = AnswerText(Sample(), options);
  EXPECT_THAT(
      text,
      HasSubstr("3 roles and sessions evaluated: 1 allowed, 0 allowed if conditions hold, 1 undetermined, 1 denied"));
  EXPECT_THAT(text, HasSubstr("ALLOWED           arn:aws:iam::111122223333:role/web\n"));
  EXPECT_THAT(text, HasSubstr("  s3:GetObject      allowed           inline policy `own`: Reads\n"));
  EXPECT_THAT(text, HasSubstr("i-0123456789abcdef0  host-f0      running  not protected\n        no agent\n"));
  EXPECT_THAT(text, HasSubstr("UNDETERMINED      for 1 role or session: "));
  EXPECT_THAT(text, HasSubstr("  arn:aws:iam::111122223333:role/broken\n"));
}

TEST(AnswerText, ShowsSoManyHostsAndNoMore) {
  TextOptions options;
  options.most_hosts = 1;
  const std::string text = AnswerText(Sample(), options);
  EXPECT_THAT(text, HasSubstr("... and 1 more"));
  EXPECT_THAT(text, Not(HasSubstr("i-0123456789abcdef1")));
  options.most_hosts = 2;
  EXPECT_THAT(AnswerText(Sample(), options), Not(HasSubstr("more\n")));
}

TEST(AnswerText, MakesNamesOfOthersPrintable) {
  Answer answer = Sample();
  answer.principals[0].hosts[0].tags = {{"Name", "a\x1b[31m\nb"}};
  const std::string text = AnswerText(answer);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\nb"), std::string::npos);
}

TEST(AnswerJson, HoldsEverything) {
  const auto json = Json::Parse(AnswerJson(Sample(), {{InstanceId{"i-0123456789abcdef0"}, {"protected", ""}}}));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["examined"].Int64Or(0), 3);
  EXPECT_EQ((*json)["denied"].Int64Or(0), 1);
  EXPECT_EQ((*json)["undetermined"].Int64Or(0), 1);
  const Json web = (*json)["principals"].Elements().at(0);
  EXPECT_EQ(web["decision"].StringOr(""), "allowed");
  EXPECT_EQ(web["hosts"].Elements().at(0)["protection"].StringOr(""), "protected");
  EXPECT_EQ(web["hosts"].Elements().at(1)["protection"].StringOr(""), "");
}

}  // namespace
}  // namespace sallyport::reach

// SPDX-License-Identifier: Apache-2.0
#include "event/retired.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/recognize.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

Json RetiredDocumentFrom(std::string_view text) {
  const Result<Json> json = Json::Parse(text, text.size());
  EXPECT_TRUE(json.ok()) << text;
  return json.value_or(Json());
}

constexpr std::string_view kClassicMessage =
    R"({"template":"arn:aws:inspector:us-west-2:111122223333:target/0-a/template/0-b","event":"FINDING_REPORTED",)"
    R"("target":"arn:aws:inspector:us-west-2:111122223333:target/0-a","time":"2019-01-02T12:45:06.000Z"})";

TEST(Retired, SourcesThatAwsSwitchedOffAreNamedWithTheDayAndWhatTookTheirPlace) {
  EXPECT_EQ(
      RetiredSource("aws.inspector"),
      "an event of Inspector Classic, which AWS switched off on 20 May 2026; findings come from Amazon Inspector, "
      "as events of source `aws.inspector2`");
  EXPECT_EQ(RetiredSource("aws.waf"),
            "an event of WAF Classic, which AWS switched off on 30 September 2025; move to AWS WAF (WAFv2)");
  EXPECT_EQ(RetiredSource("aws.waf-regional"), RetiredSource("aws.waf"));
  // Macie Classic's alerts have the source of today's Macie, and the Macie workflow handles them.
  for (const std::string_view there :
       {"aws.inspector2", "aws.wafv2", "aws.macie", "aws.guardduty", "aws.inspector ", ""}) {
    EXPECT_FALSE(RetiredSource(there).has_value()) << there;
  }
}

TEST(Retired, MessagesAndFindingsOfInspectorClassicAreKnownByTheirArns) {
  struct Case {
    std::string_view text;
    std::string_view begins;  // empty: none
  };
  const Case cases[] = {
      {kClassicMessage, "a message of Inspector Classic"},
      {R"({"event":"ENABLE_ASSESSMENT_NOTIFICATIONS","target":"arn:aws-us-gov:inspector:us-gov-west-1:1:target/0-a"})",
       "a message of Inspector Classic"},
      {R"({"failedItems":{},"findings":[{"arn":"arn:aws:inspector:us-west-2:1:target/0-a/finding/0-c"}]})",
       "findings of Inspector Classic"},
      {R"({"target":"arn:aws:inspector:us-west-2:1:target/0-a"})", ""},
      {R"({"event":"x","target":"arn:aws:inspector2:us-west-2:1:finding/f"})", ""},
      {R"({"event":{},"template":"arn:aws:inspector:us-west-2:1:target/0-a"})", ""},
      {R"({"event":"x","template":["arn:aws:inspector:"]})", ""},
      {R"({"findings":[{"arn":"arn:aws:securityhub:us-west-2:1:finding/f"}]})", ""},
      {R"({"findings":[]})", ""},
      {R"({"findings":{"arn":"arn:aws:inspector:a"}})", ""},
      {R"({"event":"x","target":"arn:"})", ""},
      {R"({"event":"x","target":"arn:aws"})", ""},
      {R"([])", ""},
      {R"("arn:aws:inspector:")", ""},
  };
  for (const Case& one : cases) {
    const auto sentence = RetiredDocument(RetiredDocumentFrom(one.text));
    EXPECT_EQ(sentence.has_value(), !one.begins.empty()) << one.text;
    EXPECT_THAT(sentence.value_or(""), testing::StartsWith(std::string(one.begins))) << one.text;
  }
}

TEST(Retired, AMessageOfInspectorClassicIsNoEventAndTheErrorIsItsSentence) {
  const auto event = ReadEvent(RetiredDocumentFrom(kClassicMessage), {});
  ASSERT_FALSE(event.ok());
  EXPECT_EQ(event.error().message,
            "the document: a message of Inspector Classic, which AWS switched off on 20 May 2026; findings come from "
            "Amazon Inspector, as events of source `aws.inspector2`");
}

TEST(Retired, WebAclsOfWafClassicAreKnownByTheirIdOrArn) {
  const std::string_view id = "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111";
  EXPECT_FALSE(RetiredWebAcl(id).has_value()) << "no hexadecimal digits";
  for (const std::string_view classic :
       {"473e64fd-f30b-4765-81a0-62ad96dd167a", "473E64FD-F30B-4765-81A0-62AD96DD167A",
        "arn:aws:waf::111122223333:webacl/473e64fd-f30b-4765-81a0-62ad96dd167a",
        "arn:aws:waf-regional:eu-west-1:111122223333:webacl/473e64fd-f30b-4765-81a0-62ad96dd167a",
        "arn:aws-us-gov:waf-regional:us-gov-west-1:111122223333:webacl/x"}) {
    const auto sentence = RetiredWebAcl(classic);
    ASSERT_TRUE(sentence.has_value()) << classic;
    EXPECT_THAT(*sentence, HasSubstr("`" + std::string(classic) + "`"));
    EXPECT_THAT(*sentence, HasSubstr("WAF Classic, which AWS switched off on 30 September 2025"));
  }
  for (const std::string_view other :
       {"", "arn:aws:wafv2:us-east-1:111122223333:global/webacl/w/473e64fd-f30b-4765-81a0-62ad96dd167a",
        "473e64fd-f30b-4765-81a0-62ad96dd167", "473e64fd-f30b-4765-81a0-62ad96dd167ab",
        "473e64fd_f30b-4765-81a0-62ad96dd167a", "473e64fd-f30b-4765-81a00-2ad96dd167a", "arn:aws", "waf"}) {
    EXPECT_FALSE(RetiredWebAcl(other).has_value()) << other;
  }
  const auto shown = RetiredWebAcl("arn:aws:waf::1:webacl/\x1b[31m" + std::string(5000, 'a'));
  ASSERT_TRUE(shown.has_value());
  EXPECT_LT(shown->size(), 400U);
  EXPECT_EQ(shown->find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace sallyport

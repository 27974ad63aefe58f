// SPDX-License-Identifier: Apache-2.0
#include "workflow/whose_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::Optional;

constexpr const char* kOurs = "111122223333";
constexpr const char* kOther = "444455556666";

TEST(WhoseHost, IsKnownWhenNobodyContradicts) {
  const GateSettings settings;
  EXPECT_EQ(AccountDoubt(kOurs, kOurs, "the envelope", settings), std::nullopt);
  EXPECT_EQ(AccountDoubt("", kOurs, "the envelope", settings), std::nullopt);
}

TEST(WhoseHost, IsInDoubtWhenAnotherAccountSpeaksOrNoneIsNamed) {
  GateSettings settings;
  settings.account_modes = {{kOurs, Mode::kEnforce}};
  EXPECT_THAT(
      AccountDoubt(kOther, kOurs, "the envelope", settings),
      Optional(HasSubstr("the envelope is of AWS account `444455556666` and speaks of account `111122223333`")));
  for (const char* speaker : {"", kOurs, kOther}) {
    EXPECT_THAT(AccountDoubt(speaker, "", "the envelope", settings), Optional(HasSubstr("no AWS account is named")));
  }
}

// A delegated administrator, whatever its own mode is.
TEST(WhoseHost, IsKnownWhenAnAccountOfTheSettingsSpeaks) {
  for (const Mode mode : {Mode::kObserve, Mode::kEnforce}) {
    GateSettings settings;
    settings.account_modes = {{kOther, mode}};
    EXPECT_EQ(AccountDoubt(kOther, kOurs, "the envelope", settings), std::nullopt);
  }
}

TEST(WhoseHost, AnArnNamesItsAccount) {
  EXPECT_EQ(AccountInArn("arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"), "111122223333");
  EXPECT_EQ(AccountInArn("arn:aws:s3:::example"), "");
  for (const char* text : {"", "arn:", "arn:aws:ec2:us-east-1", "i-0123456789abcdef0", "urn:a:b:c:111122223333:d",
                           "arn:aws:ec2:us-east-1:example:instance/i-0123456789abcdef0"}) {
    EXPECT_EQ(AccountInArn(text), "") << text;
  }
}

}  // namespace
}  // namespace sallyport

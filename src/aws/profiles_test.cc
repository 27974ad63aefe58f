// SPDX-License-Identifier: Apache-2.0
#include "aws/profiles.h"

#include <gtest/gtest.h>

namespace sallyport::aws {
namespace {

TEST(ReadProfiles, PutsTheTwoFilesTogether) {
  const auto read = ReadProfiles(
      "# comment\r\n"
      "[default]\n"
      "region = eu-west-1 ; why\n"
      "[profile prod]\n"
      "Role_Arn = arn:aws:iam::111122223333:role/a#b\n"
      "source_profile=default\n"
      "services = local\n"
      "; another\n"
      "[profile \"two words\"]\n"
      "region = cn-north-1\n"
      "s3 =\n"
      "  addressing_style = path\n"
      "credential_process = one\n"
      "  two\n"
      "[services local]\n"
      "ec2 =\n"
      "  endpoint_url = http://127.0.0.1:1\n"
      "[sso-session x]\n"
      "sso_region = y\n"
      "[other]\n"
      "region = ignored\n",
      "[default]\n"
      "aws_access_key_id = AKID\n"
      "aws_secret_access_key = a+b/c=\n"
      "[prod]\n"
      "region = us-east-1\n");
  ASSERT_TRUE(read.ok()) << read.error().ToText();
  auto profiles = read->profiles;
  EXPECT_EQ(profiles.size(), 3U);
  EXPECT_EQ(profiles["default"]["region"], "eu-west-1");
  EXPECT_EQ(profiles["default"]["aws_secret_access_key"], "a+b/c=");
  EXPECT_EQ(profiles["prod"]["role_arn"], "arn:aws:iam::111122223333:role/a#b");
  EXPECT_EQ(profiles["prod"]["region"], "us-east-1");
  EXPECT_EQ(profiles["two words"]["s3.addressing_style"], "path");
  EXPECT_EQ(profiles["two words"]["credential_process"], "one\ntwo");
  auto services = read->services;
  EXPECT_EQ(services["local"]["ec2.endpoint_url"], "http://127.0.0.1:1");
}

TEST(ReadProfiles, PrefersTheLongNameOfTheDefaultProfile) {
  const auto read = ReadProfiles("[default]\nregion=a\n[profile default]\nregion=b\n", "");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->profiles.at("default").at("region"), "b");
}

TEST(ReadProfiles, NamesFileAndLineOfWhatItCannotRead) {
  struct Row {
    const char* config;
    const char* credentials;
    const char* message;
  };
  for (const Row& row : {
           Row{"[a\n", "", "the AWS config file, line 1: a section heading without `]`"},
           Row{"\nx = 1\n", "", "the AWS config file, line 2: a key before the first section heading"},
           Row{"", "[a]\nsecret\n", "the AWS credentials file, line 2: neither a section heading nor `key = value`"},
           Row{"", "[a]\n= secret\n", "the AWS credentials file, line 2: neither a section heading nor `key = value`"},
           Row{"[services a]\nec2 =\n  secret\n", "",
               "the AWS config file, line 3: an indented line that is not `key = value`"},
       }) {
    const auto read = ReadProfiles(row.config, row.credentials);
    ASSERT_FALSE(read.ok()) << row.message;
    EXPECT_EQ(read.error().message, row.message);
  }
}

TEST(ReadProfiles, HasABoundOnSize) {
  const std::string most(std::size_t{1024} * 1024, '\n');
  EXPECT_TRUE(ReadProfiles(most, "").ok());
  EXPECT_EQ(ReadProfiles("", most + "\n").error().message, "the AWS credentials file is over 1 MB");
}

}  // namespace
}  // namespace sallyport::aws

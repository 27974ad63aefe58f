// SPDX-License-Identifier: Apache-2.0
#include "aws_client/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "aws_client/test_support.h"

namespace sallyport::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfigurationTest : public testing::Test {
 protected:
  Configuration Read() {
    auto read = ReadConfiguration(fake_.Get());
    EXPECT_TRUE(read.ok()) << read.error().ToText();
    return read.value_or({});
  }
  std::string ReadError() { return ReadConfiguration(fake_.Get()).error().message; }
  void Config(const std::string& text) { fake_.files["/h/.aws/config"] = text; }

  FakeEnvironment fake_{.variables = {{"HOME", "/h"}}};
};

TEST_F(ConfigurationTest, LooksForTheRegionInOrder) {
  EXPECT_EQ(Read().region, "");
  Config("[default]\nregion=eu-west-1\n[profile p]\nregion=eu-west-2\n");
  EXPECT_EQ(Read().region, "eu-west-1");
  fake_.variables["AWS_PROFILE"] = "p";
  EXPECT_EQ(Read().region, "eu-west-2");
  fake_.variables["AWS_DEFAULT_REGION"] = "us-east-2";
  EXPECT_EQ(Read().region, "us-east-2");
  fake_.variables["AWS_REGION"] = "us-east-1";
  EXPECT_EQ(Read().region, "us-east-1");
}

TEST_F(ConfigurationTest, TakesTheFilesFromWhereTheVariablesSay) {
  fake_.variables["AWS_CONFIG_FILE"] = "~/elsewhere";
  fake_.files["/h/elsewhere"] = "[default]\nregion=eu-west-3\n";
  EXPECT_EQ(Read().region, "eu-west-3");
  fake_.files["/h/elsewhere"] = "region";
  EXPECT_THAT(ReadError(), HasSubstr("the AWS config file, line 1"));
}

TEST_F(ConfigurationTest, FirstOverrideWins) {
  Config("[default]\nendpoint_url=http://profile\nservices=s\n[services s]\nec2=\n  endpoint_url=http://section\n");
  auto endpoints = Read().endpoints;
  EXPECT_EQ(endpoints.url, "http://profile");
  EXPECT_EQ(endpoints.service_urls["EC2"], "http://section");
  fake_.variables["AWS_ENDPOINT_URL"] = "http://all";
  endpoints = Read().endpoints;
  EXPECT_EQ(endpoints.url, "http://all");
  EXPECT_EQ(endpoints.service_urls["EC2"], "http://all");
  fake_.variables["AWS_ENDPOINT_URL_EC2"] = "http://own";
  EXPECT_EQ(Read().endpoints.service_urls["EC2"], "http://own");
  fake_.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  endpoints = Read().endpoints;
  EXPECT_EQ(endpoints.url, "");
  EXPECT_TRUE(endpoints.service_urls.empty());
}

TEST_F(ConfigurationTest, ReadsFlagsFromVariablesThenProfile) {
  Config("[default]\nuse_fips_endpoint=true\nuse_dualstack_endpoint=TRUE\nsts_regional_endpoints=legacy\n");
  auto endpoints = Read().endpoints;
  EXPECT_TRUE(endpoints.fips);
  EXPECT_TRUE(endpoints.dual_stack);
  EXPECT_TRUE(endpoints.sts_global);
  fake_.variables["AWS_USE_FIPS_ENDPOINT"] = "false";
  EXPECT_FALSE(Read().endpoints.fips);
  fake_.variables["AWS_USE_FIPS_ENDPOINT"] = "yes";
  EXPECT_EQ(ReadError(), "AWS_USE_FIPS_ENDPOINT (`use_fips_endpoint`) is `yes`, not true or false");
}

TEST_F(ConfigurationTest, BoundsTheAttempts) {
  EXPECT_EQ(Read().attempts, 3);
  for (const char* good : {"1", "20"}) {
    fake_.variables["AWS_MAX_ATTEMPTS"] = good;
    EXPECT_EQ(std::to_string(Read().attempts), good);
  }
  for (const char* bad : {"0", "21", "x", "3 "}) {
    fake_.variables["AWS_MAX_ATTEMPTS"] = bad;
    EXPECT_THAT(ReadError(), HasSubstr("AWS_MAX_ATTEMPTS (`max_attempts`) is")) << bad;
  }
}

TEST(SplitCommand, TakesQuotedWordsAsOne) {
  EXPECT_THAT(*SplitCommand(" a  \"b c\" 'd \"e' f\"g h\"i "), ElementsAre("a", "b c", "d \"e", "fg hi"));
  EXPECT_THAT(*SplitCommand("a \"\""), ElementsAre("a", ""));
  EXPECT_EQ(SplitCommand("a 'b").error().message, "the command line has a quote without its pair");
  EXPECT_EQ(SplitCommand("  ").error().message, "the command line is empty");
}

TEST(SystemEnvironment, RunsAProgramWithoutAShell) {
  const Environment environment = SystemEnvironment();
  EXPECT_EQ(environment.output("echo a;b '$HOME'")->RevealForRequest(), "a;b $HOME\n");
  EXPECT_EQ(environment.output("false").error().message, "`false` failed");
  EXPECT_EQ(environment.output("/nonexistent/program").error().message, "`/nonexistent/program` cannot be started");
  EXPECT_THAT(environment.output("yes").error().message, HasSubstr("or printed over 64 kB"));
}

TEST(SystemEnvironment, ReadsFiles) {
  const Environment environment = SystemEnvironment();
  EXPECT_EQ(environment.file("/nonexistent").error().code, ErrorCode::kNotFound);
  const auto path = std::filesystem::temp_directory_path() / ("sallyport-environment-" + std::to_string(getpid()));
  std::ofstream(path) << "text";
  EXPECT_EQ(*environment.file(path), "text");
  std::ofstream(path) << std::string(std::size_t{1024} * 1024 + 1, 'a');
  EXPECT_EQ(environment.file(path).error().code, ErrorCode::kTooLarge);
  std::filesystem::remove(path);
  // A pipe would be waited for.
  const std::string pipe = testing::TempDir() + "/sallyport-aws-pipe";
  (void)::unlink(pipe.c_str());
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(environment.file(pipe).ok());
  EXPECT_FALSE(environment.file("/dev/zero").ok());
  (void)::unlink(pipe.c_str());
}

}  // namespace
}  // namespace sallyport::aws

// SPDX-License-Identifier: Apache-2.0
//
// LoadSettingsFrom: which file is read, and the key file. In a folder of its own, which is also the working directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/known_for_test.h"
#include "config/load.h"
#include "config/yaml.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LoadSettingsFromFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "sallyport-config-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(folder_);
  }
  void TearDown() override {
    std::filesystem::current_path(before_);
    std::filesystem::remove_all(folder_);
  }
  static void Write(const std::string& name, const std::string& text) {
    std::ofstream(name) << text;
    ::chmod(name.c_str(), 0600);
  }
  static std::string LevelIn(const Result<Settings>& settings) {
    if (!settings.ok()) return settings.error().ToText();
    return settings->log.level == LogLevel::kInfo    ? "info"
           : settings->log.level == LogLevel::kError ? "error"
                                                     : "other";
  }

  std::filesystem::path folder_;
  std::filesystem::path before_;
};

TEST_F(LoadSettingsFromFile, NeedsNoFile) {
  EXPECT_EQ(LevelIn(LoadSettingsFrom("", {}, KnownForTest())), "other");
}

TEST_F(LoadSettingsFromFile, FindsTheOneInTheWorkingDirectory) {
  Write("sallyport.yaml", "log: {level: info}");
  EXPECT_EQ(LevelIn(LoadSettingsFrom("", {}, KnownForTest())), "info");
}

TEST_F(LoadSettingsFromFile, PrefersTheOneThatTheEnvironmentNames) {
  Write("sallyport.yaml", "log: {level: info}");
  Write("other.yaml", "log: {level: error}");
  EXPECT_EQ(LevelIn(LoadSettingsFrom("", {{"SALLYPORT_CONFIG", "other.yaml"}}, KnownForTest())), "error");
  EXPECT_EQ(LevelIn(LoadSettingsFrom("", {{"SALLYPORT_CONFIG", ""}}, KnownForTest())), "info");
}

TEST_F(LoadSettingsFromFile, PrefersTheExplicitPathToAll) {
  Write("sallyport.yaml", "log: {level: debug}");
  Write("other.yaml", "log: {level: error}");
  Write("mine.yaml", "log: {level: info}");
  EXPECT_EQ(LevelIn(LoadSettingsFrom("mine.yaml", {{"SALLYPORT_CONFIG", "other.yaml"}}, KnownForTest())), "info");
}

TEST_F(LoadSettingsFromFile, SaysWhoNamedAFileThatDoesNotExist) {
  const auto explicit_path = LoadSettingsFrom("no.yaml", {}, KnownForTest());
  EXPECT_EQ(explicit_path.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(explicit_path.error().message, "settings (--config): file `no.yaml`: no such file or directory");
  const auto variable = LoadSettingsFrom("", {{"SALLYPORT_CONFIG", "no.yaml"}}, KnownForTest());
  EXPECT_EQ(variable.error().message, "settings (SALLYPORT_CONFIG): file `no.yaml`: no such file or directory");
}

TEST_F(LoadSettingsFromFile, DoesNotPassOverADefaultFileItCannotRead) {
  std::filesystem::create_directory("sallyport.yaml");
  const auto settings = LoadSettingsFrom("", {}, KnownForTest());
  EXPECT_EQ(settings.error().code, ErrorCode::kStorage);
  EXPECT_EQ(settings.error().message,
            "settings (found in the working directory): file `sallyport.yaml`: is a directory");
}

TEST_F(LoadSettingsFromFile, HasABoundOnTheFile) {
  Write("mine.yaml", "#" + std::string(kYamlBytes - 1, 'x'));
  EXPECT_TRUE(LoadSettingsFrom("mine.yaml", {}, KnownForTest()).ok());
  Write("mine.yaml", "#" + std::string(kYamlBytes, 'x'));
  EXPECT_EQ(LoadSettingsFrom("mine.yaml", {}, KnownForTest()).error().code, ErrorCode::kTooLarge);
}

TEST_F(LoadSettingsFromFile, RefusesOneThatEveryUserMayChange) {
  Write("sallyport.yaml", "log: {level: info}");
  ::chmod("sallyport.yaml", 0666);
  const auto refused = LoadSettingsFrom("", {}, KnownForTest());
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().ToText(), HasSubstr("can be changed by every user of this computer"));
  ::chmod("sallyport.yaml", 0664);
  EXPECT_EQ(LevelIn(LoadSettingsFrom("", {}, KnownForTest())), "info");
}

TEST_F(LoadSettingsFromFile, ReadsTheKeyFile) {
  Write("key", "abc:def\n");
  Write("mine.yaml", "swp: {api_key_file: key}");
  const auto settings = LoadSettingsFrom("mine.yaml", {}, KnownForTest());
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  EXPECT_EQ(settings->swp.api_key.RevealForRequest(), "abc:def");
  EXPECT_EQ(settings->swp.api_key_source, "file `key`");
}

TEST_F(LoadSettingsFromFile, DoesNotReadTheKeyFileWhenTheEnvironmentHoldsTheKey) {
  const auto settings = LoadSettingsFrom(
      "", {{"SALLYPORT_SWP_API_KEY_FILE", "does-not-exist"}, {"SALLYPORT_SWP_API_KEY", "abc"}}, KnownForTest());
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  EXPECT_EQ(settings->swp.api_key.RevealForRequest(), "abc");
}

TEST_F(LoadSettingsFromFile, SaysAllThatIsWrongWithFileAndKeyTogether) {
  Write("key", "eyJhbGci.eyJodW50.ZXIy");
  Write("mine.yaml", "swp: {api_key_file: key, deadline: 1}");
  const auto settings = LoadSettingsFrom("mine.yaml", {}, KnownForTest());
  ASSERT_FALSE(settings.ok());
  EXPECT_THAT(settings.error().message, HasSubstr("mine.yaml:1: swp.deadline: `1` is not a duration"));
  EXPECT_THAT(settings.error().message,
              HasSubstr("\nswp.api_key_file: file `key`: the API key is not one of SWP (this is a Trend Vision One"));
  EXPECT_THAT(settings.error().message, Not(HasSubstr("eyJ")));
}

TEST_F(LoadSettingsFromFile, ReadsTheOwnersFile) {
  Write("sallyport.yaml", "notify: {owners_file: owners.yaml}");
  Write("owners.yaml", "owners: {team-web: {display: Web team}}");
  const auto settings = LoadSettingsFrom("", {}, KnownForTest());
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  ASSERT_EQ(settings->notify.owners.directory.owners.size(), 1U);
  EXPECT_EQ(settings->notify.owners.directory.owners[0].display, "Web team");
}

TEST_F(LoadSettingsFromFile, SaysWhatIsWrongWithTheOwnersFile) {
  Write("sallyport.yaml", "notify: {owners_file: owners.yaml}");
  EXPECT_EQ(LoadSettingsFrom("", {}, KnownForTest()).error().message,
            "notify.owners_file: file `owners.yaml`: no such file or directory");
  Write("owners.yaml", "owners:\n  a: {email: x}\naccounts: {1: a}");
  EXPECT_EQ(LoadSettingsFrom("", {}, KnownForTest()).error().message,
            "owners.yaml:2: owners.a.email: `x` is not an e-mail address\n"
            "owners.yaml:3: accounts: `1` is not an account id");
}

}  // namespace
}  // namespace sallyport

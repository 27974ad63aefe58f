// SPDX-License-Identifier: Apache-2.0
#include "config/api_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kVisionOne = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl";
constexpr const char* kCloudOne = "tmc12ABcdEFghIJklMNopQRstUV:notarealsecretnotarealsecret";
constexpr const char* kLegacy =
    "01234567-89AB-cdef-0123-456789abcdef:01234567-89ab-cdef-0123-456789abcdef:bm90IGEgcmVhbCBzZWNyZXQ=";

std::string ApiKeyError(std::string_view text) {
  const auto key = MakeApiKey(text);
  return key.ok() ? "no error" : key.error().ToText();
}

std::string AdviceOn(const char* key, SwpAuthentication authentication) {
  return WrongKeyAdvice(Secret(key), authentication).value_or("nothing");
}

class KeyFile : public ::testing::Test {
 protected:
  void SetUp() override { path_ = ::testing::TempDir() + "swp-key-" + std::to_string(::getpid()); }
  void TearDown() override { std::filesystem::remove_all(path_); }
  void Write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), mode);
  }
  std::string path_;
};

TEST(MakeApiKey, TakesWhiteSpaceOff) {
  const auto key = MakeApiKey("  abc:def=\r\n");
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->RevealForRequest(), "abc:def=");
}

TEST(MakeApiKey, RefusesWhatCannotBeAKey) {
  EXPECT_EQ(ApiKeyError(" \n"), "the API key is empty");
  EXPECT_EQ(ApiKeyError("abc\ndef"), "the API key has several lines (the key alone, on one line)");
  for (const char* text : {"hunter 2", "hunter\x01", "hunter\r2", "hunterż", "hunter\x7f"}) {
    EXPECT_EQ(ApiKeyError(text), "the API key holds a space, or a character that is not visible ASCII");
  }
}

TEST(MakeApiKey, HasABoundOnTheLength) {
  EXPECT_TRUE(MakeApiKey(std::string(kApiKeyBytes, 'x')).ok());
  EXPECT_EQ(ApiKeyError(std::string(kApiKeyBytes + 1, 'x')),
            "the API key is longer than 4096 bytes, which no API key is");
}

TEST(MakeApiKey, RefusesAVisionOneKey) {
  EXPECT_THAT(ApiKeyError(kVisionOne), HasSubstr("works only on Vision One's own APIs"));
  EXPECT_THAT(ApiKeyError(kVisionOne), Not(HasSubstr("eyJ")));
}

TEST(WrongKeyAdvice, SeesAVisionOneKeyWithAnyAuthentication) {
  EXPECT_THAT(AdviceOn(kVisionOne, SwpAuthentication::kLegacy), HasSubstr("Trend Vision One API key"));
  EXPECT_THAT(AdviceOn(kVisionOne, SwpAuthentication::kCloudOne), HasSubstr("Trend Vision One API key"));
}

TEST(WrongKeyAdvice, SeesAKeySentTheOtherWay) {
  EXPECT_THAT(AdviceOn(kCloudOne, SwpAuthentication::kLegacy), HasSubstr("`swp.authentication: cloud-one`"));
  EXPECT_THAT(AdviceOn(kLegacy, SwpAuthentication::kCloudOne), HasSubstr("`swp.authentication: api-secret-key`"));
}

TEST(WrongKeyAdvice, SaysNothingWhenTheFormFitsOrIsUnknown) {
  EXPECT_EQ(AdviceOn(kCloudOne, SwpAuthentication::kCloudOne), "nothing");
  EXPECT_EQ(AdviceOn(kLegacy, SwpAuthentication::kLegacy), "nothing");
  for (const char* text : {"", "abc", "tmc", "tmc:", "eyJ.x", "eyJ:a.b.c", "01234567-89ab-cdef-0123-456789abcdef"}) {
    EXPECT_EQ(AdviceOn(text, SwpAuthentication::kLegacy), "nothing") << text;
    EXPECT_EQ(AdviceOn(text, SwpAuthentication::kCloudOne), "nothing") << text;
  }
}

TEST(WrongKeyAdvice, NeverShowsTheKey) {
  for (const char* text : {kVisionOne, kCloudOne, kLegacy}) {
    for (const auto authentication : {SwpAuthentication::kLegacy, SwpAuthentication::kCloudOne}) {
      EXPECT_THAT(AdviceOn(text, authentication), Not(HasSubstr(std::string(text).substr(0, 6))));
    }
  }
}

TEST_F(KeyFile, HoldsTheKeyAlone) {
  Write("abc:def\n");
  const auto key = ReadApiKeyFile(path_);
  ASSERT_TRUE(key.ok()) << key.error().ToText();
  EXPECT_EQ(key->RevealForRequest(), "abc:def");
}

TEST_F(KeyFile, MustNotBeReadableByEverybody) {
  Write("abc", 0644);
  const auto key = ReadApiKeyFile(path_);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(key.error().message, HasSubstr("can be read by every user of this computer"));
  EXPECT_THAT(key.error().advice, HasSubstr("chmod 600"));
}

// What others may change may hold their key, and a pipe would be waited for.
TEST_F(KeyFile, MustNotBeWritableByOthersNorAPipe) {
  for (const mode_t mode : {0602U, 0620U, 0660U, 0622U, 0666U}) {
    Write("abc", mode);
    EXPECT_EQ(ReadApiKeyFile(path_).error().code, ErrorCode::kForbidden) << std::oct << mode;
  }
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(ReadApiKeyFile(path_).error().message, "file `" + path_ + "` is not a regular file");
}

TEST_F(KeyFile, MayBeReadableByItsGroup) {
  Write("abc", 0640);
  EXPECT_TRUE(ReadApiKeyFile(path_).ok());
}

TEST_F(KeyFile, NamesItselfInErrors) {
  Write("\n");
  EXPECT_EQ(ReadApiKeyFile(path_).error().message, "file `" + path_ + "`: the API key is empty");
}

TEST_F(KeyFile, MustExist) {
  const auto key = ReadApiKeyFile(path_);
  EXPECT_EQ(key.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(key.error().message, "file `" + path_ + "`: no such file or directory");
}

TEST_F(KeyFile, MustBeAFile) {
  std::filesystem::create_directory(path_);
  const auto key = ReadApiKeyFile(path_);
  EXPECT_EQ(key.error().code, ErrorCode::kStorage);
  EXPECT_EQ(key.error().message, "file `" + path_ + "`: is a directory");
}

TEST_F(KeyFile, HasABoundOnItsSize) {
  Write("abc" + std::string(2 * kApiKeyBytes - 3, '\n'));
  EXPECT_TRUE(ReadApiKeyFile(path_).ok());
  Write("abc" + std::string(2 * kApiKeyBytes - 2, '\n'));
  EXPECT_EQ(ReadApiKeyFile(path_).error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(ReadApiKeyFile(path_).error().message, HasSubstr("is larger than 8192 bytes"));
}

}  // namespace
}  // namespace sallyport

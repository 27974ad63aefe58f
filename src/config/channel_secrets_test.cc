// SPDX-License-Identifier: Apache-2.0
#include "config/channel_secrets.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace sallyport {
namespace {

class ChannelSecretsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "sallyport-secrets-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& text, mode_t mode = 0600) const {
    std::string path = (folder_ / "secret").string();
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  static std::string ErrorOf(const SecretSource& source, const Environment& environment = {}) {
    ChannelSettings channel;
    channel.name = "siem";
    channel.secret = source;
    const auto secrets = ReadChannelSecrets(channel, environment);
    return secrets.ok() ? "no error" : secrets.error().ToText();
  }

  std::filesystem::path folder_;
};

TEST_F(ChannelSecretsTest, ReadsVariablesAndFiles) {
  ChannelSettings channel;
  channel.url = {"URL", ""};
  channel.token = {"", File(" xoxb-1 \n")};
  const auto secrets = ReadChannelSecrets(channel, {{"URL", "https://example.com/"}});
  ASSERT_TRUE(secrets.ok()) << secrets.error().ToText();
  EXPECT_EQ(secrets->url.RevealForRequest(), "https://example.com/");
  EXPECT_EQ(secrets->token.RevealForRequest(), "xoxb-1");
  EXPECT_TRUE(secrets->secret.empty());
}

TEST_F(ChannelSecretsTest, SaysWhatIsWrongAndShowsNothing) {
  EXPECT_EQ(ErrorOf({"URL", ""}), "channel `siem`: environment variable `URL` is not set");
  EXPECT_EQ(ErrorOf({"URL", ""}, {{"URL", " "}}), "channel `siem`: environment variable `URL` is empty");
  const std::string bad = "holds a space, a line break or a character that is not visible ASCII";
  EXPECT_EQ(ErrorOf({"URL", ""}, {{"URL", "SECRET x"}}), "channel `siem`: environment variable `URL` " + bad);
  EXPECT_EQ(ErrorOf({"URL", ""}, {{"URL", "SECRET\r\nX: y"}}), "channel `siem`: environment variable `URL` " + bad);
  const std::string path = File("SECRET\nSECRET");
  EXPECT_EQ(ErrorOf({"", path}), "channel `siem`: file `" + path + "` " + bad);
  EXPECT_EQ(ErrorOf({"", "/none/x"}), "channel `siem`: file `/none/x`: no such file or directory");
  File("SECRET", 0604);
  EXPECT_EQ(ErrorOf({"", path}).rfind("channel `siem`: file `" + path + "` can be read by every user", 0), 0U);
}

TEST_F(ChannelSecretsTest, HasABound) {
  EXPECT_EQ(ErrorOf({"URL", ""}, {{"URL", std::string(4'096, 'x')}}), "no error");
  EXPECT_EQ(ErrorOf({"URL", ""}, {{"URL", std::string(4'097, 'x')}}),
            "channel `siem`: environment variable `URL` is longer than 4096 bytes");
}

}  // namespace
}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "base/trusted_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace sallyport {
namespace {

constexpr uid_t kNobody = 65534;

class TrustedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sallyport-trusted-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    Write("secret", 0600);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string At(const std::string& name) const { return (folder_ / name).string(); }
  void Write(const std::string& name, mode_t mode) const {
    std::ofstream(At(name)) << "hush";
    ASSERT_EQ(::chmod(At(name).c_str(), mode), 0);
  }
  void Link(const std::string& to, const std::string& name) const {
    ASSERT_EQ(::symlink(to.c_str(), At(name).c_str()), 0);
  }
  static bool IsRoot() { return ::geteuid() == 0; }

  // Both ways to ask must agree.
  static std::string Refusal(const std::string& path) {
    const Status checked = CheckTrustedFile(path);
    const auto opened = OpenTrustedFile(path);
    EXPECT_EQ(checked.ok(), opened.ok()) << path;
    if (checked.ok()) return "";
    EXPECT_EQ(checked.error(), opened.error());
    EXPECT_NE(checked.error().message.find(path), std::string::npos) << checked.error().message;
    return checked.error().message;
  }

  std::filesystem::path folder_;
};

TEST_F(TrustedFileTest, OnlyItsOwnerMayChangeItAndOthersMayNotReadIt) {
  for (mode_t mode = 0; mode <= 0777; ++mode) {
    if ((mode & 0400) == 0) continue;  // its owner reads it
    ASSERT_EQ(::chmod(At("secret").c_str(), mode), 0);
    const bool good = (mode & 0026) == 0;
    EXPECT_EQ(Refusal(At("secret")).empty(), good) << std::oct << mode;
  }
}

TEST_F(TrustedFileTest, ReadsWhatItLookedAt) {
  const auto file = OpenTrustedFile(At("secret"));
  ASSERT_TRUE(file.ok());
  char text[8] = {};
  EXPECT_EQ(::read(file->get(), text, sizeof(text)), 4);
  EXPECT_STREQ(text, "hush");
}

// Whoever opens a pipe waits for its other end.
TEST_F(TrustedFileTest, OnlyARegularFileIsOpened) {
  ASSERT_EQ(::mkfifo(At("pipe").c_str(), 0600), 0);
  Link("pipe", "link-to-pipe");
  std::filesystem::create_directory(At("folder"));
  EXPECT_NE(Refusal(At("pipe")).find("is not a regular file"), std::string::npos);
  EXPECT_NE(Refusal(At("link-to-pipe")).find("is not a regular file"), std::string::npos);
  EXPECT_NE(Refusal("/dev/null").find("is not a regular file"), std::string::npos);
  EXPECT_NE(Refusal(At("folder")).find("is a directory"), std::string::npos);
  EXPECT_NE(Refusal("/").find("is a directory"), std::string::npos);
}

TEST_F(TrustedFileTest, FollowsLinksOfItsOwn) {
  std::filesystem::create_directory(At("..data-1"));
  Write("..data-1/key", 0400);
  Link("..data-1", "..data");
  Link("..data/key", "key");  // as Kubernetes mounts a secret
  Link(At("key"), "absolute");
  Link("../" + folder_.filename().string() + "/./absolute", "roundabout");
  for (const char* name : {"secret", "key", "absolute", "roundabout", "..data/key", "..data-1/../secret"}) {
    EXPECT_EQ(Refusal(At(name)), "") << name;
  }
}

TEST_F(TrustedFileTest, WhatIsNotThereIsNotFound) {
  Link("nowhere", "dangling");
  Link("loop", "loop");
  for (const char* name : {"missing", "missing/secret", "secret/x", "dangling"}) {
    EXPECT_EQ(CheckTrustedFile(At(name)).error().code, ErrorCode::kNotFound) << name;
  }
  EXPECT_EQ(CheckTrustedFile("").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(CheckTrustedFile(At("loop")).error().code, ErrorCode::kStorage);
  EXPECT_EQ(CheckTrustedFile(At(std::string(300, 'x'))).error().code, ErrorCode::kStorage);
}

TEST_F(TrustedFileTest, WhatBelongsToSomebodyElseIsRefused) {
  if (!IsRoot()) GTEST_SKIP() << "only root can make a file of somebody else";
  ASSERT_EQ(::chown(At("secret").c_str(), kNobody, kNobody), 0);
  EXPECT_NE(Refusal(At("secret")).find("it belongs to user 65534"), std::string::npos);
  ASSERT_EQ(::chown(At("secret").c_str(), 0, 0), 0);
  EXPECT_EQ(Refusal(At("secret")), "");
  // A link of somebody else to a file of ours: at the end of the way, and in the middle of it.
  Link("secret", "link");
  ASSERT_EQ(::lchown(At("link").c_str(), kNobody, kNobody), 0);
  EXPECT_NE(Refusal(At("link")).find("a symbolic link on the way to it belongs to user 65534"), std::string::npos);
  Link(".", "here");
  ASSERT_EQ(::lchown(At("here").c_str(), kNobody, kNobody), 0);
  EXPECT_NE(Refusal(At("here/secret")).find("a symbolic link on the way to it belongs to user 65534"),
            std::string::npos);
  Link("here/secret", "ours-over-theirs");
  EXPECT_NE(Refusal(At("ours-over-theirs")).find("a symbolic link"), std::string::npos);
}

}  // namespace
}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "notify/local_channels.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/test_files.h"
#include "notify/render_json.h"
#include "notify/render_text.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

class LocalChannels : public ::testing::Test {
 protected:
  LocalChannels() : folder_(std::filesystem::temp_directory_path() / ("notify-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~LocalChannels() override { std::filesystem::remove_all(folder_); }
  std::string Path(const char* name) const { return (folder_ / name).string(); }
  static std::string Text(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
  std::string written_;
  WriteText write_ = [this](std::string_view text) {
    written_ += text;
    return true;
  };
};

TEST_F(LocalChannels, TheConsoleGetsText) {
  ConsoleChannel console(write_);
  EXPECT_TRUE(console.Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_EQ(written_, ConsoleText(Full()));
}

TEST_F(LocalChannels, JsonLinesGoToStandardOutputOrIntoAFile) {
  JsonLinesChannel out("", write_);
  EXPECT_TRUE(out.Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_EQ(written_, MessageJson(Full()) + "\n");
  JsonLinesChannel file(Path("m.jsonl"), write_);
  EXPECT_TRUE(file.Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_TRUE(file.Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_EQ(Text(Path("m.jsonl")), MessageJson(Full()) + "\n" + MessageJson(Full()) + "\n");
  struct stat facts {};
  ASSERT_EQ(::stat(Path("m.jsonl").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(LocalChannels, SayWhenOutputIsClosed) {
  const WriteText closed = [](std::string_view) { return false; };
  const Attempt console = ConsoleChannel(closed).Deliver(Full(), std::nullopt, std::nullopt);
  ASSERT_FALSE(console.result.ok());
  EXPECT_EQ(console.result.error().message, "the console cannot be written to");
  const Attempt lines = JsonLinesChannel("", closed).Deliver(Full(), std::nullopt, std::nullopt);
  ASSERT_FALSE(lines.result.ok());
  EXPECT_EQ(lines.result.error().message, "standard output cannot be written to");
}

TEST_F(LocalChannels, AFileThatCannotBeWrittenIsAnErrorWithItsName) {
  const auto fails = [this](const std::string& path, const std::string& why) {
    const Attempt attempt = JsonLinesChannel(path, write_).Deliver(Full(), std::nullopt, std::nullopt);
    ASSERT_FALSE(attempt.result.ok()) << path;
    EXPECT_EQ(attempt.result.error().code, ErrorCode::kStorage);
    EXPECT_EQ(attempt.result.error().message, "file `" + path + "`" + why);
  };
  fails(Path("none/m.jsonl"), ": no such file or directory");
  fails(folder_.string(), ": is a directory");
  fails("/dev/null", " is not a regular file");
  std::filesystem::create_symlink(Path("elsewhere"), Path("link"));
  fails(Path("link"), ": too many levels of symbolic links");
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  fails(Path("pipe"), ": no such device or address");
}

// In a folder where others may make files: they would read along, or have us write into a file of ours.
TEST_F(LocalChannels, AFileThatOthersPutThereIsRefused) {
  const auto refused = [](const std::string& path) {
    const Status appended = AppendLine(path, "x\n");
    return appended.ok() ? std::string() : appended.error().message;
  };
  const std::string precious = Path("precious");
  WriteFile(precious, "precious\n");
  ASSERT_EQ(::link(precious.c_str(), Path("linked").c_str()), 0);
  EXPECT_NE(refused(Path("linked")).find("has another name too"), std::string::npos);
  EXPECT_EQ(ReadFile(precious), "precious\n");
  WriteFile(Path("open"), "");
  ASSERT_EQ(::chmod(Path("open").c_str(), 0662), 0);
  EXPECT_NE(refused(Path("open")).find("can be changed by every user"), std::string::npos);
  // Read by others is what the one who made it wants; only root can give a file away.
  ASSERT_EQ(::chmod(Path("open").c_str(), 0644), 0);
  EXPECT_EQ(refused(Path("open")), "");
  if (::chown(Path("open").c_str(), 65'534, 65'534) != 0) GTEST_SKIP() << "not root: no file of another user";
  EXPECT_NE(refused(Path("open")).find("belongs to another user"), std::string::npos);
}

// A file size limit stands in for the full disk: both end a write half-way.
TEST_F(LocalChannels, ALineThatDoesNotFitIsTakenBack) {
  const std::string path = Path("full.jsonl");
  ASSERT_TRUE(AppendLine(path, "first\n").ok());
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit small = {10, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status appended = AppendLine(path, "a second line\n");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(appended.ok());
  EXPECT_EQ(appended.error().message, "file `" + path + "`: file too large");
  EXPECT_EQ(Text(path), "first\n");
}

}  // namespace
}  // namespace sallyport

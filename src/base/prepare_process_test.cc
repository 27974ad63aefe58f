// SPDX-License-Identifier: Apache-2.0
#include "base/prepare_process.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>

namespace sallyport {
namespace {

TEST(PrepareProcess, APeerThatWentAwayIsAFailedWrite) {
  PrepareProcess();
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

TEST(PrepareProcess, ALineOfResultsIsOneWrite) {
  PrepareProcess();
  std::array<int, 2> ends{};
  // Each write is a message of its own there.
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()), 0);
  const int before = ::dup(STDOUT_FILENO);
  ASSERT_EQ(::dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
  const std::string line(9999, 'x');
  const bool is_out = std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fflush(stdout) == 0;
  ASSERT_EQ(::dup2(before, STDOUT_FILENO), STDOUT_FILENO);
  EXPECT_TRUE(is_out);
  std::array<char, 20000> read{};
  EXPECT_EQ(::recv(ends[0], read.data(), read.size(), MSG_DONTWAIT), 9999);
  for (const int descriptor : {before, ends[0], ends[1]}) ::close(descriptor);
}

}  // namespace
}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// Files of tests: what many of them read and write.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include "base/check.h"

namespace sallyport {

// The bytes of a file; a failure of the test when it cannot be read.
inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void WriteFile(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// A folder of its own that is gone at the end of the test; in memory where the machine has room there, unless the test
// is about disks.
class TempFolder {
 public:
  enum class Place { kMemory, kDisk };
  explicit TempFolder(Place place = Place::kMemory) {
    ::umask(0077);  // what holds a secret, and a ledger, must be its owner's alone
    std::error_code ignored;
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory = place == Place::kMemory && ::access(memory.c_str(), W_OK) == 0;
    std::string name =
        ((in_memory ? memory : std::filesystem::temp_directory_path(ignored)) / "sallyport-XXXXXX").string();
    Check(mkdtemp(name.data()) != nullptr, "no temporary folder");
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& Path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace sallyport {

enum class FileHolds {
  kSettings,
  kSecret,  // refused when somebody else may read it, write to it or have put it there (base/trusted_file.h)
};

// Reads a whole small file; settings may also come out of a pipe, up to its end. Errors name the file: kNotFound;
// kForbidden: may not be read, or is not to be trusted with a secret; kTooLarge over `max_bytes`; kStorage for the rest
// (a directory, a failing disk).
Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes, FileHolds holds);

}  // namespace sallyport

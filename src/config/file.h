// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace sallyport {

enum class ReadableBy {
  kAnybody,
  kNotEverybody,  // refused when every user of the machine may read it
};

// Reads a whole small file (or pipe, up to its end). Errors name the file: kNotFound; kForbidden: may not be read, or
// is readable by everybody; kTooLarge over `max_bytes`; kStorage for the rest (a directory, a failing disk).
Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes, ReadableBy readable_by);

}  // namespace sallyport

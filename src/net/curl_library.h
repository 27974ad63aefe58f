// SPDX-License-Identifier: Apache-2.0
//
// libcurl, loaded with the first request instead of with the program: it brings some 30 libraries
// (docs/decisions/0012).
#pragma once

#include <string>

#include "base/result.h"
#include "base/shared_library.h"

namespace sallyport {

class CurlLibrary {
 public:
  // Loads that file and starts it. It stays loaded until the process ends.
  explicit CurlLibrary(const char* file);

  // kUnavailable when it could not be loaded, or lacks something that is used of it.
  Status Usable() const;
  // The function of that name; null when there is none. Whoever calls it knows its type from curl's header.
  void* Find(const char* name) const { return library_.Find(name); }

 private:
  SharedLibrary library_;
  std::string problem_;
};

// The system's, loaded once by whoever comes first. Thread-safe.
const CurlLibrary& LoadedCurl();

// What libcurl says about a CURLcode; empty when it is not there.
std::string CurlErrorText(int code);

}  // namespace sallyport

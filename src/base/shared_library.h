// SPDX-License-Identifier: Apache-2.0
//
// A library of the system that is loaded when it is first needed instead of with the program: loading it takes longer
// than all else that the program does before its first poll of the Lambda runtime API (docs/decisions/0012).
#pragma once

#include <string>

namespace sallyport {

class SharedLibrary {
 public:
  // Loads that file. It stays loaded until the process ends.
  explicit SharedLibrary(const char* file);

  // Why it cannot be used, in the loader's words: the file, or a name that it needs to have, is not there. Empty: it
  // can.
  const std::string& problem() const { return problem_; }
  // The function of that name; null when there is none.
  void* Find(const char* name) const;
  // The same; when there is none, that is the problem. F: its type, as the library's header declares it.
  template <class F>
  F* Need(const char* name) {
    return reinterpret_cast<F*>(FindNeeded(name));
  }

 private:
  void* FindNeeded(const char* name);

  void* handle_;
  std::string problem_;
};

// libcrypto, whose own names stay the same from version 3.0 on.
inline constexpr const char* kCryptoFile = "libcrypto.so.3";

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "base/shared_library.h"

#include <dlfcn.h>

namespace sallyport {
namespace {

std::string WhyNotLoaded() {
  const char* why = dlerror();
  return why == nullptr ? "unknown reason" : why;
}

}  // namespace

SharedLibrary::SharedLibrary(const char* file) : handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) problem_ = WhyNotLoaded();
}

void* SharedLibrary::Find(const char* name) const {
  return handle_ == nullptr ? nullptr : dlsym(handle_, name);
}

void* SharedLibrary::FindNeeded(const char* name) {
  void* found = Find(name);
  if (found == nullptr && problem_.empty()) problem_ = WhyNotLoaded();
  return found;
}

}  // namespace sallyport

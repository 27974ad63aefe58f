// SPDX-License-Identifier: Apache-2.0
#include "net/curl_library.h"

#include <dlfcn.h>

namespace sallyport {
namespace {

// The name has been the same since 2006 (curl.se, "ABI").
constexpr const char* kFile = "libcurl.so.4";

class Loading {
 public:
  Loading(const char* file, CurlLibrary& library) : library_(library), handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) Fail();
  }

  template <class F>
  void Find(const char* name, F& function) {
    if (handle_ == nullptr) return;
    function = reinterpret_cast<F>(dlsym(handle_, name));
    if (function == nullptr) Fail();
  }

 private:
  void Fail() {
    const char* why = dlerror();
    library_.problem = std::string("libcurl cannot be loaded: ") + (why == nullptr ? "unknown reason" : why);
  }

  CurlLibrary& library_;
  void* handle_;
};

}  // namespace

Status CurlLibrary::Usable() const {
  if (problem.empty()) return Ok();
  return Error{ErrorCode::kUnavailable, problem + ", so nothing was sent",
               "install it (Debian: libcurl4), or name its folder in LD_LIBRARY_PATH"};
}

CurlLibrary LoadCurl(const char* file) {
  CurlLibrary library;
  Loading loading(file, library);
  loading.Find("curl_global_init", library.global_init);
  loading.Find("curl_easy_init", library.easy_init);
  loading.Find("curl_easy_setopt", library.easy_setopt);
  loading.Find("curl_easy_perform", library.easy_perform);
  loading.Find("curl_easy_getinfo", library.easy_getinfo);
  loading.Find("curl_easy_reset", library.easy_reset);
  loading.Find("curl_easy_cleanup", library.easy_cleanup);
  loading.Find("curl_easy_strerror", library.easy_strerror);
  loading.Find("curl_slist_append", library.slist_append);
  loading.Find("curl_slist_free_all", library.slist_free_all);
  return library;
}

const CurlLibrary& Curl() {
  static const CurlLibrary kLibrary = [] {
    CurlLibrary library = LoadCurl(kFile);
    if (library.problem.empty() && library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      library.problem = "libcurl cannot be started";
    }
    return library;
  }();
  return kLibrary;
}

}  // namespace sallyport

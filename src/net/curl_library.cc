// SPDX-License-Identifier: Apache-2.0
#include "net/curl_library.h"

#include <curl/curl.h>

#include <array>

namespace sallyport {
namespace {

// The name has been the same since 2006 (curl.se, "ABI").
constexpr const char* kFile = "libcurl.so.4";
// All that is used, by curl_client.cc and here.
constexpr std::array kNames = {"curl_global_init",  "curl_easy_init",     "curl_easy_setopt",   "curl_easy_perform",
                               "curl_easy_reset",   "curl_easy_getinfo",  "curl_easy_strerror", "curl_easy_cleanup",
                               "curl_slist_append", "curl_slist_free_all"};

}  // namespace

CurlLibrary::CurlLibrary(const char* file) : library_(file) {
  for (const char* name : kNames) (void)library_.Need<void()>(name);
  if (!library_.problem().empty()) {
    problem_ = "libcurl cannot be loaded: " + library_.problem();
    return;
  }
  auto* start = library_.Need<decltype(curl_global_init)>("curl_global_init");
  if (start(CURL_GLOBAL_DEFAULT) != CURLE_OK) problem_ = "libcurl cannot be loaded: it does not start";
}

Status CurlLibrary::Usable() const {
  if (problem_.empty()) return Ok();
  return Error{ErrorCode::kUnavailable, problem_ + ", so nothing was sent",
               "install it (Debian: libcurl4), or name its folder in LD_LIBRARY_PATH"};
}

const CurlLibrary& LoadedCurl() {
  static const CurlLibrary library(kFile);
  return library;
}

std::string CurlErrorText(int code) {
  if (!LoadedCurl().Usable().ok()) return "";
  const auto text = reinterpret_cast<decltype(&curl_easy_strerror)>(LoadedCurl().Find("curl_easy_strerror"));
  return text(static_cast<CURLcode>(code));
}

}  // namespace sallyport

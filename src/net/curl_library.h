// SPDX-License-Identifier: Apache-2.0
//
// libcurl, loaded with the first request instead of with the program: it brings some 30 libraries, and loading them
// takes longer than all else that the program does before its first poll of the Lambda runtime API
// (docs/decisions/0012). For curl_client.cc alone.
#pragma once

#include <curl/curl.h>

#include <string>

#include "base/result.h"

namespace sallyport {

// The functions that we use, by their names without `curl_`. curl's own header gives them their types.
struct CurlLibrary {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_reset) easy_reset = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
  // Why it could not be loaded; empty: it is, and all of the above can be called.
  std::string problem;

  // kUnavailable when it could not.
  Status Usable() const;
};

// Loaded and started once, by whoever comes first. Thread-safe. It stays loaded until the process ends.
const CurlLibrary& Curl();

// The same for any file: tests load what is not there, and what is not libcurl.
CurlLibrary LoadCurl(const char* file);

}  // namespace sallyport

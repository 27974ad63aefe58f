// SPDX-License-Identifier: Apache-2.0
//
// The least that a custom runtime on libcurl can be, for bench/lambda.py: it polls and answers `{}`, does nothing with
// the event and checks nothing. Whoever links libcurl starts no faster than this.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char request_id[200];

static size_t on_header(char* data, size_t size, size_t count, void* user) {
  static const char name[] = "Lambda-Runtime-Aws-Request-Id: ";
  (void)user;
  if (size * count > sizeof name && strncmp(data, name, sizeof name - 1) == 0)
    snprintf(request_id, sizeof request_id, "%.*s", (int)(strcspn(data, "\r\n") - (sizeof name - 1)),
             data + sizeof name - 1);
  return size * count;
}

static size_t on_body(char* data, size_t size, size_t count, void* user) {
  (void)data;
  (void)user;
  return size * count;
}

int main(void) {
  char url[500];
  const char* api = getenv("AWS_LAMBDA_RUNTIME_API");
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  for (;;) {
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/next", api);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    if (curl_easy_perform(curl) != CURLE_OK) return 1;
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/%s/response", api, request_id);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "{}");
    if (curl_easy_perform(curl) != CURLE_OK) return 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "net/curl_client.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "net/curl_error.h"
#include "net/curl_library.h"
#include "net/hide.h"
#include "net/proxy.h"

namespace sallyport {
namespace {

// Where systems keep all trusted CAs in one file: Debian and its like; Amazon Linux, Fedora and theirs.
constexpr std::array kSystemCaFiles = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"};
// An unsafe request goes only over a connection that was in use this lately. Curl notices a connection that the server
// has closed, but not one that died while this machine was suspended, as Lambda does between two events; a scan request
// that is lost on such a one would have an unknown outcome for no reason.
constexpr long kFreshSecondsForUnsafe = 15;

// The functions of libcurl with the types that its header gives them. To be called only when LoadedCurl is usable.
struct Functions {
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_reset) easy_reset = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
};

template <class F>
void Find(const char* name, F& function) {
  function = reinterpret_cast<F>(LoadedCurl().Find(name));
  Check(function != nullptr, "a function of libcurl is used that CurlLibrary does not look for");
}

const Functions& Curl() {
  static const Functions loaded = [] {
    Functions functions;
    Find("curl_easy_init", functions.easy_init);
    Find("curl_easy_setopt", functions.easy_setopt);
    Find("curl_easy_perform", functions.easy_perform);
    Find("curl_easy_getinfo", functions.easy_getinfo);
    Find("curl_easy_reset", functions.easy_reset);
    Find("curl_easy_cleanup", functions.easy_cleanup);
    Find("curl_slist_append", functions.slist_append);
    Find("curl_slist_free_all", functions.slist_free_all);
    return functions;
  }();
  return loaded;
}

struct EasyDelete {
  void operator()(CURL* easy) const { Curl().easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDelete>;

struct ListDelete {
  void operator()(curl_slist* list) const { Curl().slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDelete>;

// Everything that curl's callbacks reach during one Send.
struct Transfer {
  HttpResponse response;
  std::size_t max_body = 0;
  std::size_t header_bytes = 0;
  bool header_complete = false;
  bool body_too_large = false;
  bool headers_too_large = false;
  bool unsafe = false;
  int sends = 0;  // how often curl was about to put the request on the wire
  std::array<char, CURL_ERROR_SIZE> text{};
};

// Curl calls this when the connection, proxy tunnel and TLS stand, before the first byte of the request: so zero calls
// mean "surely not sent". It is called again when curl repeats the request by itself, which it does for every method
// when a kept connection dies before the first byte of an answer. The server may have read the first copy, so an unsafe
// request ends here.
int BeforeRequest(void* user, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(user);
  ++transfer.sends;
  return transfer.unsafe && transfer.sends > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

void TakeHeaderLine(Transfer& transfer, std::string_view line) {
  // Trailers come here too, after the body; no server may undo the header with them.
  if (line.starts_with("HTTP/") && transfer.response.body.empty()) {
    transfer.response.headers.clear();  // after an interim 1xx answer: only the last block counts
    transfer.header_complete = false;
    return;
  }
  if (Trim(line).empty()) transfer.header_complete = true;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  transfer.response.headers.push_back(
      {std::string(Trim(line.substr(0, colon))), std::string(Trim(line.substr(colon + 1)))});
}

std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.header_bytes += size * count;
  transfer.headers_too_large = transfer.header_bytes > bounds::kHeaderBytes;
  if (transfer.headers_too_large) return 0;
  TakeHeaderLine(transfer, {data, size * count});
  return size * count;
}

std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  transfer.body_too_large = bytes > transfer.max_body - transfer.response.body.size();
  if (transfer.body_too_large) return 0;
  transfer.response.body.append(data, bytes);
  return bytes;
}

// The two places with "no value" semantics in curl's own syntax: `Name;` sends an empty header, `Name:` removes one.
std::string HeaderLine(std::string_view name, std::string_view value) {
  const std::string_view trimmed = Trim(value);
  return std::string(name) + (trimmed.empty() ? ";" : ": " + std::string(trimmed));
}

bool Append(List& list, const std::string& line) {
  curl_slist* longer = Curl().slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  (void)list.release();  // NOLINT(bugprone-unused-return-value): `longer` starts with it
  list.reset(longer);
  return true;
}

bool HasHeader(const HttpRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const HttpHeader& header) { return EqualsIgnoreCase(header.name, name); });
}

// Null when memory ran out.
List MakeHeaders(const HttpRequest& request) {
  List list;
  // Without waiting for `100 Continue`, and without curl's guess that a body is a form.
  bool ok = Append(list, "Expect:");
  if (!HasHeader(request, "Content-Type")) ok = ok && Append(list, "Content-Type:");
  for (const HttpHeader& header : request.headers) ok = ok && Append(list, HeaderLine(header.name, header.value));
  for (const auto& [name, value] : request.secret_headers) {
    ok = ok && Append(list, HeaderLine(name, value.RevealForRequest()));
  }
  if (!ok) list.reset();
  return list;
}

long ToMilliseconds(Duration duration) {
  return static_cast<long>(std::max<Duration::rep>(duration.count(), 1));
}

// What does not depend on the request. curl_easy_setopt fails only for an option that this libcurl lacks or for want of
// memory, and the ones that matter for safety (certificate checks, protocols) have safe defaults.
void SetConnection(CURL* easy, const CurlOptions& options) {
  Curl().easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  Curl().easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  Curl().easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  Curl().easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  Curl().easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  Curl().easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  Curl().easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  Curl().easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Curl().easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  Curl().easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, ToMilliseconds(options.connect_timeout));
  // Without this a deadline that passes during name look-up waits for the system's resolver to give up, several
  // seconds later. The look-up thread is left to end by itself, and frees what it holds.
  Curl().easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  if (!options.user_agent.empty()) Curl().easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
}

// The way that the request takes (proxy.h).
Proxy ProxyFor(const CurlOptions& options, const HttpRequest& request) {
  if (options.direct || NeverByProxy(request.url)) return {};
  return options.proxy.empty() ? ProxyOfEnvironment([](const char* name) -> const char* { return std::getenv(name); })
                               : ParseProxy(options.proxy);
}

void SetProxy(CURL* easy, const Proxy& proxy, const CurlOptions& options) {
  // Also when it is none: else curl would look into the environment by itself.
  Curl().easy_setopt(easy, CURLOPT_PROXY, proxy.address.c_str());
  if (proxy.address.empty()) return;
  if (!options.proxy.empty()) Curl().easy_setopt(easy, CURLOPT_NOPROXY, "");  // the setting wins over no_proxy
  if (proxy.user.empty() && proxy.password.empty()) return;
  Curl().easy_setopt(easy, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
  Curl().easy_setopt(easy, CURLOPT_PROXYPASSWORD, proxy.password.RevealForRequest().c_str());
}

void SetTrust(CURL* easy, const CurlOptions& options) {
  std::string file = options.ca_file;
  for (const char* candidate : kSystemCaFiles) {
    if (file.empty() && access(candidate, R_OK) == 0) file = candidate;
  }
  if (file.empty()) return;  // another system: what curl was built with
  Curl().easy_setopt(easy, CURLOPT_CAINFO, file.c_str());
  // With a directory of CAs curl cannot keep what it parsed: measured 24 ms more for each new connection.
  Curl().easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

void SetRequest(CURL* easy, const HttpRequest& request, curl_slist* headers) {
  Curl().easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  Curl().easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // already encoded, and maybe signed
  Curl().easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  const bool wants_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (wants_body || !request.body.empty()) {
    Curl().easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    Curl().easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  } else if (request.method == "HEAD") {
    Curl().easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    Curl().easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  }
  Curl().easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.repeat == Repeat::kUnsafe) Curl().easy_setopt(easy, CURLOPT_MAXAGE_CONN, kFreshSecondsForUnsafe);
}

void SetCallbacks(CURL* easy, Transfer& transfer) {
  Curl().easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.text.data());
  Curl().easy_setopt(easy, CURLOPT_PREREQFUNCTION, &BeforeRequest);
  Curl().easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
  Curl().easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  Curl().easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  Curl().easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  Curl().easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
}

Error TooLarge(std::string_view what, std::string_view host, std::size_t bound) {
  return {ErrorCode::kTooLarge,
          "the " + std::string(what) + " of the answer of `" + Printable(host, 300) + "` is over " +
              std::to_string(bound) + " bytes",
          ""};
}

Error OutOfMemory() {
  return {ErrorCode::kUnavailable, "no memory for an HTTP request, nothing was sent", ""};
}

}  // namespace

// Easy handles that are not in use. Each keeps its connections, TLS tickets, looked-up names and parsed CAs.
class CurlClient::Pool {
 public:
  explicit Pool(std::size_t most) : most_(most) {}

  // Null when memory ran out.
  Easy Take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return Easy(Curl().easy_init());
    Easy easy = std::move(idle_.back());  // the last one used: its connections are the freshest
    idle_.pop_back();
    return easy;
  }

  void GiveBack(Easy easy) {
    Curl().easy_reset(easy.get());  // forgets the options, and with them the secrets; keeps the connections
    const std::lock_guard lock(mutex_);
    if (idle_.size() < most_) idle_.push_back(std::move(easy));
  }

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::vector<Easy> idle_;
};

CurlClient::CurlClient(CurlOptions options)
    : options_(std::move(options)), pool_(std::make_unique<Pool>(options_.idle_handles)) {}

CurlClient::~CurlClient() = default;

Result<HttpResponse> CurlClient::Send(const HttpRequest& request) {
  if (Status status = CheckRequest(request); !status.ok()) return status.error();
  if (Status usable = LoadedCurl().Usable(); !usable.ok()) return usable.error();
  const Duration deadline = request.deadline > Duration{0} ? request.deadline : options_.default_deadline;
  const std::string host(UrlHost(request.url));
  Easy easy = pool_->Take();
  const List headers = MakeHeaders(request);
  if (easy == nullptr || headers == nullptr) return OutOfMemory();

  Transfer transfer;
  transfer.max_body = options_.max_answer_bytes;
  transfer.unsafe = request.repeat == Repeat::kUnsafe;
  const Proxy proxy = ProxyFor(options_, request);
  // The one place where text comes in from outside.
  Hider hider(request);
  hider.Add(proxy.password);
  SetConnection(easy.get(), options_);
  SetProxy(easy.get(), proxy, options_);
  SetTrust(easy.get(), options_);
  SetRequest(easy.get(), request, headers.get());
  SetCallbacks(easy.get(), transfer);
  Curl().easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, ToMilliseconds(deadline));
  CURLcode code = Curl().easy_perform(easy.get());
  // Curl takes a connection that was closed in the middle of the header for the end of an answer without a body.
  if (code == CURLE_OK && !transfer.header_complete) code = CURLE_PARTIAL_FILE;
  long status = 0;
  long verify_result = 0;
  Curl().easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  Curl().easy_getinfo(easy.get(), CURLINFO_SSL_VERIFYRESULT, &verify_result);
  pool_->GiveBack(std::move(easy));

  if (transfer.headers_too_large) return TooLarge("header", host, bounds::kHeaderBytes);
  if (transfer.body_too_large) return TooLarge("body", host, options_.max_answer_bytes);
  if (code != CURLE_OK) {
    std::string text(transfer.text.data());
    hider.Hide(text);
    return ToError({.code = code,
                    .verify_result = verify_result,
                    .maybe_sent = transfer.sends > 0,
                    .deadline = deadline,
                    .connect_timeout = options_.connect_timeout,
                    .host = host,
                    .text = text});
  }
  transfer.response.status = static_cast<int>(status);
  hider.Hide(transfer.response);
  return std::move(transfer.response);
}

}  // namespace sallyport

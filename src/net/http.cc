// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownPartBytes = 200;
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";  // RFC 9110, 5.6.2
constexpr std::string_view kNeverInAValue("\r\n\0", 3);

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return IsAlphanumeric(c) || kTokenMarks.find(c) != std::string_view::npos;
  });
}

bool IsHeaderValue(std::string_view value) {
  return value.find_first_of(kNeverInAValue) == std::string_view::npos;
}

// Where the authority starts, or npos when the URL is not absolute http(s).
std::size_t AuthorityStart(std::string_view url) {
  const std::size_t end = url.find("://");
  if (end == std::string_view::npos) return end;
  const std::string_view scheme = url.substr(0, end);
  const bool known = EqualsIgnoreCase(scheme, "http") || EqualsIgnoreCase(scheme, "https");
  return known ? end + 3 : std::string_view::npos;
}

Status CheckUrl(std::string_view url) {
  // Not shown beyond this: a URL may carry a key.
  const Error error{ErrorCode::kInvalidInput, "the URL is not an absolute http or https URL",
                    "write it as `https://host/path`, with special characters percent-encoded"};
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  if (UrlHost(url).empty() || std::any_of(url.begin(), url.end(), is_control)) return error;
  return Ok();
}

Status CheckHeader(std::string_view name, std::string_view value) {
  if (!IsToken(name)) {
    return Error{ErrorCode::kInvalidInput, "`" + Printable(name, kShownPartBytes) + "` cannot be the name of a header",
                 ""};
  }
  if (!IsHeaderValue(value)) {
    return Error{ErrorCode::kInvalidInput,
                 "the value of the header `" + Printable(name, kShownPartBytes) + "` holds a line end or a NUL", ""};
  }
  return Ok();
}

}  // namespace

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (EqualsIgnoreCase(header.name, name)) return header.value;
  }
  return {};
}

Status CheckRequest(const HttpRequest& request) {
  if (!IsToken(request.method)) {
    return Error{ErrorCode::kInvalidInput, "`" + Printable(request.method, kShownPartBytes) + "` is not an HTTP method",
                 ""};
  }
  if (Status url = CheckUrl(request.url); !url.ok()) return url;
  for (const HttpHeader& header : request.headers) {
    if (Status status = CheckHeader(header.name, header.value); !status.ok()) return status;
  }
  for (const auto& [name, value] : request.secret_headers) {
    if (Status status = CheckHeader(name, value.RevealForRequest()); !status.ok()) return status;
  }
  return Ok();
}

std::string_view UrlHost(std::string_view url) {
  const std::size_t start = AuthorityStart(url);
  if (start == std::string_view::npos) return {};
  std::string_view authority = url.substr(start);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

std::string ShownPath(const HttpRequest& request) {
  if (request.secret_path) return Secret::kShown;
  const std::size_t start = AuthorityStart(request.url);
  if (start == std::string_view::npos) return {};
  std::string_view rest = std::string_view(request.url).substr(start);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t path = rest.find('/');
  return path == std::string_view::npos ? "/" : Printable(rest.substr(path), kShownPartBytes);
}

}  // namespace sallyport

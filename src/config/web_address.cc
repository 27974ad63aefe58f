// SPDX-License-Identifier: Apache-2.0
#include "config/web_address.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "config/api_key.h"

namespace sallyport {
namespace {

constexpr std::size_t kLongestAddress = 2048;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool AddressOnlyHas(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(),
                     [others](char c) { return IsLetterOrDigit(c) || others.find(c) != std::string_view::npos; });
}

bool IsHost(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 4 && host.ends_with(']') && AddressOnlyHas(host.substr(1, host.size() - 2), ":.");
  }
  return !host.empty() && host.size() <= 253 && AddressOnlyHas(host, ".-") && IsLetterOrDigit(host.front()) &&
         IsLetterOrDigit(host.back());
}

std::optional<int> ToPort(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || port < 1 || port > 65535) return std::nullopt;
  return port;
}

Error Wrong(std::string_view text, std::string_view why) {
  return Error{ErrorCode::kInvalidInput, "`" + ShownAddress(text) + "` " + std::string(why), ""};
}

// 127.0.0.0/8 written in full; a name like `127.example.com` is not it.
bool IsLoopbackV4(std::string_view host) {
  const bool digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return digits && host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3;
}

}  // namespace

bool WebAddress::IsLoopback() const {
  return host == "localhost" || host == "[::1]" || IsLoopbackV4(host);
}

std::string WebAddress::ToText() const {
  std::string text = (secure ? "https://" : "http://") + host;
  if (port != 0) text += ":" + std::to_string(port);
  return text + path;
}

std::string ShownAddress(std::string_view text) {
  const std::size_t scheme = text.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  std::size_t end = std::min(text.find_first_of("?#", host), text.size());
  const std::size_t slash = std::min(text.find('/', host), end);
  std::string path(text.substr(slash, end - slash));
  std::replace(path.begin(), path.end(), '/', ' ');
  if (LooksLikeSecret(path)) end = slash;
  if (scheme == std::string_view::npos && LooksLikeSecret(text)) return "...";
  return Printable(text.substr(0, end), 80) + (end < text.size() ? "..." : "");
}

Result<WebAddress> ParseWebAddress(std::string_view text) {
  // First of all: a user and password may stand anywhere before an @, and no message may show them.
  if (text.find('@') != std::string_view::npos) {
    return Error{ErrorCode::kInvalidInput, "the address holds a user or password (`@`); it is not shown here", ""};
  }
  WebAddress address;
  address.secure = text.starts_with("https://");
  if (!address.secure && !text.starts_with("http://")) return Wrong(text, "is not an http or https address");
  if (text.size() > kLongestAddress) return Wrong(text, "is too long");
  std::string_view rest = text.substr(address.secure ? 8 : 7);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view path = rest.substr(slash);
  std::string_view host = rest.substr(0, slash);
  const std::size_t colon = host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
  if (colon != std::string_view::npos) {
    const auto port = ToPort(host.substr(colon + 1));
    if (!port) return Wrong(text, "has no port from 1 to 65535 after the colon");
    address.port = *port;
    host = host.substr(0, colon);
  }
  if (!IsHost(host)) return Wrong(text, "has no proper host name");
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!AddressOnlyHas(path, "/-._~")) return Wrong(text, "has more than a plain path after the host");
  address.host = ToLowerAscii(host);
  address.path = path;
  return address;
}

}  // namespace sallyport

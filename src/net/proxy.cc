// SPDX-License-Identifier: Apache-2.0
#include "net/proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "net/http.h"

namespace sallyport {
namespace {

int ProxyHexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string PercentDecoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? ProxyHexDigit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : ProxyHexDigit(text[i + 2]);
    if (low < 0) {
      out += text[i];
    } else {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

// `host` of a URL's authority, without port and brackets.
std::string HostAlone(std::string_view url) {
  std::string host = ToLowerAscii(UrlHost(url));
  if (host.starts_with('[')) {
    host = host.substr(1, host.find_first_of("]%") - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  while (host.ends_with('.')) host.pop_back();
  return host;
}

bool IsLocalV4(std::uint8_t first, std::uint8_t second) {
  return first == 127 || first == 0 || (first == 169 && second == 254);
}

// This machine, or the link: where metadata services live. Also in the short and numeric forms that resolvers take
// ("127.1", "2130706433", "0x7f.1").
bool IsLocalAddress(const std::string& host) {
  in_addr v4{};
  if (inet_aton(host.c_str(), &v4) == 1) {
    const std::uint32_t address = ntohl(v4.s_addr);
    return IsLocalV4(static_cast<std::uint8_t>(address >> 24U), static_cast<std::uint8_t>(address >> 16U));
  }
  std::array<std::uint8_t, 16> v6{};
  if (inet_pton(AF_INET6, host.c_str(), v6.data()) != 1) return false;
  const auto zero_until = [&v6](std::ptrdiff_t end) {
    return std::all_of(v6.begin(), v6.begin() + end, [](std::uint8_t byte) { return byte == 0; });
  };
  const bool mapped = zero_until(10) && v6[10] == 0xff && v6[11] == 0xff;
  if (mapped) return IsLocalV4(v6[12], v6[13]);
  const bool loopback = zero_until(15) && v6[15] <= 1;  // and the unspecified one, which means this machine
  const bool link_local = v6[0] == 0xfe && (v6[1] & 0xC0U) == 0x80;
  // The metadata services of AWS: fd00:ec2::254, fd00:ec2::23.
  const bool metadata = v6[0] == 0xfd && v6[1] == 0x00 && v6[2] == 0x0e && v6[3] == 0xc2;
  return loopback || link_local || metadata;
}

}  // namespace

Proxy ParseProxy(std::string_view text) {
  Proxy proxy;
  const std::size_t scheme = text.find("://");
  // A password may hold anything, `://` too: what stands behind an @ is no scheme.
  const bool has_scheme =
      scheme != std::string_view::npos && text.substr(0, scheme).find_first_of("@:/") == std::string_view::npos;
  const std::size_t start = has_scheme ? scheme + 3 : 0;
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at < start) {
    proxy.address = text;
    return proxy;
  }
  const std::string_view who = text.substr(start, at - start);
  const std::size_t colon = who.find(':');
  proxy.user = PercentDecoded(who.substr(0, colon));
  if (colon != std::string_view::npos) proxy.password = Secret(PercentDecoded(who.substr(colon + 1)));
  proxy.address = std::string(text.substr(0, start)) + std::string(text.substr(at + 1));
  return proxy;
}

Proxy ProxyOfEnvironment(const std::function<const char*(const char*)>& read) {
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const char* value = read(name);
    if (value != nullptr && *value != '\0') return ParseProxy(value);
  }
  return {};
}

bool NeverByProxy(std::string_view url) {
  if (!ToLowerAscii(url.substr(0, 8)).starts_with("https://")) return true;
  const std::string host = HostAlone(url);
  return host == "localhost" || host.ends_with(".localhost") || IsLocalAddress(host);
}

}  // namespace sallyport

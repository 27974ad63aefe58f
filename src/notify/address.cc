// SPDX-License-Identifier: Apache-2.0
#include "notify/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kUrlBytes = 2'048;

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

// Azure's and Google's; AWS' is link-local.
constexpr std::array<std::string_view, 3> kMetadataNames = {"metadata.google.internal", "metadata", "instance-data"};
constexpr V4 kAzureWireServer = {168, 63, 129, 16};
constexpr V6 kAwsMetadataV6 = {0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};

enum class Reach { kNormal, kLoopback, kRefused };

Error Wrong(std::string_view why) {
  return Error{ErrorCode::kInvalidInput, "the address " + std::string(why) + " (it is not shown: it may be a secret)",
               ""};
}

Reach ReachOf(const V4& ip) {
  if (ip[0] == 127) return Reach::kLoopback;
  const bool link_local = ip[0] == 169 && ip[1] == 254;
  const bool unspecified_or_multicast = ip[0] == 0 || ip[0] >= 224;
  return link_local || unspecified_or_multicast || ip == kAzureWireServer ? Reach::kRefused : Reach::kNormal;
}

Reach ReachOf(const V6& ip) {
  const auto first_zero = [&ip](std::size_t count) {
    return std::all_of(ip.begin(), ip.begin() + static_cast<std::ptrdiff_t>(count), [](auto b) { return b == 0; });
  };
  if (first_zero(15) && ip[15] == 1) return Reach::kLoopback;
  const V4 last = {ip[12], ip[13], ip[14], ip[15]};
  // IPv4 in IPv6: mapped (RFC 4291, 2.5.5.2), compatible, and NAT64 (RFC 6052). Nobody needs these forms here.
  const bool mapped = first_zero(10) && ip[10] == 0xff && ip[11] == 0xff;
  const bool nat64 = ip[0] == 0 && ip[1] == 0x64 && ip[2] == 0xff && ip[3] == 0x9b;
  if (mapped) return ReachOf(last) == Reach::kNormal ? Reach::kNormal : Reach::kRefused;
  const bool link_local = ip[0] == 0xfe && (ip[1] & 0xC0U) == 0x80;
  const bool refused = link_local || ip[0] == 0xff || first_zero(12) || nat64 || ip == kAwsMetadataV6;
  return refused ? Reach::kRefused : Reach::kNormal;
}

// Resolvers take 2852039166, 0xa9fea9fe and 0251.0376.0251.0376 for IPv4 addresses too: a last label that is a number
// is an address or nothing (url.spec.whatwg.org, "ends in a number").
bool EndsInANumber(std::string_view host) {
  const std::string_view label = host.substr(host.rfind('.') == std::string_view::npos ? 0 : host.rfind('.') + 1);
  const bool digits = !label.empty() && label.find_first_not_of("0123456789") == std::string_view::npos;
  return digits || label.starts_with("0x");
}

std::optional<Reach> ReachOfHost(const std::string& host) {
  if (host.starts_with('[')) {
    V6 ip{};
    if (!host.ends_with(']') || inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), ip.data()) != 1) {
      return std::nullopt;
    }
    return ReachOf(ip);
  }
  V4 ip{};
  if (inet_pton(AF_INET, host.c_str(), ip.data()) == 1) return ReachOf(ip);
  if (host.empty() || host.size() > 253 || EndsInANumber(host)) return std::nullopt;
  if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") != std::string::npos) return std::nullopt;
  if (host == "localhost") return Reach::kLoopback;
  const bool metadata = std::find(kMetadataNames.begin(), kMetadataNames.end(), host) != kMetadataNames.end();
  return metadata ? Reach::kRefused : Reach::kNormal;
}

bool IsPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Status CheckChannelUrl(std::string_view url) {
  const bool secure = url.starts_with("https://");
  if (!secure && !url.starts_with("http://")) return Wrong("does not start with https://");
  if (url.size() > kUrlBytes) return Wrong("is longer than " + std::to_string(kUrlBytes) + " bytes");
  const bool visible = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
  if (!visible) return Wrong("holds a space, a backslash or a character that is not visible ASCII");
  std::string_view host = url.substr(secure ? 8 : 7);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos) return Wrong("holds a user or password");
  if (url.find('#') != std::string_view::npos) return Wrong("holds a fragment (`#`)");
  const std::size_t colon = host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
  if (colon != std::string_view::npos) {
    if (!IsPort(host.substr(colon + 1))) return Wrong("has no port after the colon");
    host = host.substr(0, colon);
  }
  std::string name = ToLowerAscii(host);
  if (name.ends_with('.')) name.pop_back();
  const auto reach = ReachOfHost(name);
  if (!reach) return Wrong("has no proper host name");
  if (*reach == Reach::kRefused) return Wrong("is link-local, of a metadata service, or of no single host");
  if (!secure && *reach != Reach::kLoopback) return Wrong("is http and not on this computer: use https");
  return Ok();
}

}  // namespace sallyport

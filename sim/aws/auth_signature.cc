// SPDX-License-Identifier: Apache-2.0
//
// Signature Version 4, the checking side (AWS documentation, "Signature Version 4 signing process").
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "base/digest.h"
#include "sim/aws/auth.h"
#include "sim/aws/protocol.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::string Hmac(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &size);
  return {reinterpret_cast<const char*>(digest), size};
}

std::string Hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

std::string Encoded(std::string_view text, bool keep_slash) {
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c) || (keep_slash && c == '/')) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append("%") += static_cast<char>(std::toupper(kHex[byte >> 4U]));
    out += static_cast<char>(std::toupper(kHex[byte & 15U]));
  }
  return out;
}

// Dot segments and doubled slashes resolved.
std::string Normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool open_end = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part == ".." && !kept.empty()) kept.pop_back();
    if (!part.empty() && part != "." && part != "..") kept.push_back(part);
  }
  std::string out;
  for (const std::string_view part : kept) out.append("/").append(part);
  if (open_end || out.empty()) out += "/";
  return out;
}

std::string CanonicalQuery(const sim::ServedRequest& request) {
  std::vector<std::pair<std::string, std::string>> members;
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto equals = part.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    if (!part.empty()) {
      members.emplace_back(Encoded(PercentDecoded(part.substr(0, equals)), false),
                           Encoded(PercentDecoded(value), false));
    }
  }
  std::sort(members.begin(), members.end());
  std::string out;
  for (const auto& [name, value] : members) out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  return out;
}

// Inner runs of spaces folded to one; ends are trimmed by the server already.
std::string Folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || out.empty() || out.back() != ' ') out += c;
  }
  return out;
}

std::string CanonicalHeaders(const sim::ServedRequest& request, const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    std::string values;
    bool first = true;
    for (const auto& [header, value] : request.headers) {
      if (header != name) continue;
      values.append(first ? "" : ",").append(Folded(value));
      first = false;
    }
    out.append(name).append(":").append(values).append("\n");
  }
  return out;
}

std::string Joined(const std::vector<std::string>& parts, char with) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += with;
    out += part;
  }
  return out;
}

std::string PayloadHash(const sim::ServedRequest& request) {
  const auto* sent = request.Header("x-amz-content-sha256");
  return sent != nullptr ? *sent : Sha256Hex(request.body);
}

}  // namespace

std::string SignatureOf(const sim::ServedRequest& request, const Authorization& authorization, std::string_view secret,
                        std::string_view timestamp) {
  const bool s3 = authorization.service == "s3";
  const auto path = s3 ? request.raw_path : Encoded(Normalized(request.raw_path), true);
  const auto canonical = request.method + "\n" + path + "\n" + CanonicalQuery(request) + "\n" +
                         CanonicalHeaders(request, authorization.signed_headers) + "\n" +
                         Joined(authorization.signed_headers, ';') + "\n" + PayloadHash(request);
  const auto scope = authorization.date + "/" + authorization.region + "/" + authorization.service + "/aws4_request";
  const auto to_sign = "AWS4-HMAC-SHA256\n" + std::string(timestamp) + "\n" + scope + "\n" + Sha256Hex(canonical);
  auto key = Hmac("AWS4" + std::string(secret), authorization.date);
  for (const std::string_view part : {std::string_view(authorization.region), std::string_view(authorization.service),
                                      std::string_view("aws4_request")}) {
    key = Hmac(key, part);
  }
  return Hex(Hmac(key, to_sign));
}

}  // namespace sallyport::aws_sim

// SPDX-License-Identifier: Apache-2.0
#include "aws/sigv4.h"

#include <algorithm>
#include <array>

#include "aws/uri.h"
#include "base/digest.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
// Of a request: changed by proxies, added by libraries, or the signature itself.
constexpr std::array<std::string_view, 7> kNeverSigned = {
    "authorization", "user-agent", "connection", "expect", "transfer-encoding", "x-amzn-trace-id", "accept-encoding"};

using Pairs = std::vector<std::pair<std::string, std::string>>;

bool MayBeSigned(std::string_view name) {
  return std::none_of(kNeverSigned.begin(), kNeverSigned.end(),
                      [&](std::string_view never) { return EqualsIgnoreCase(never, name); });
}

// Dot segments resolved (RFC 3986, 5.2.4) and repeated slashes folded; a slash at the end stays. A dot segment at the
// end leaves none, unlike in the RFC: botocore signs it so.
std::string Normalize(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, slash - at);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    at = slash + 1;
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  if (out.empty() || path.back() == '/') out += '/';
  return out;
}

std::string CanonicalPath(std::string_view path, PathRule rule) {
  if (path.empty()) return "/";
  const std::string resolved = rule.normalize ? Normalize(path) : std::string(path);
  return rule.encode_again ? PercentEncode(resolved, "/") : resolved;
}

// One name or value, encoded in the one canonical way whatever way it was sent.
std::string Recoded(std::string_view text) {
  const auto decoded = PercentDecode(text);
  return PercentEncode(decoded ? std::string_view(*decoded) : text);
}

std::string CanonicalQuery(std::string_view query) {
  Pairs parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value = equals < part.size() ? part.substr(equals + 1) : std::string_view();
    parameters.emplace_back(Recoded(part.substr(0, equals)), Recoded(value));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

// Trimmed, with every run of white space inside as one space.
std::string FoldSpaces(std::string_view value) {
  constexpr std::string_view kHeaderSpaces = " \t\r\n\v\f";
  std::string out;
  bool pending = false;
  for (const char c : value) {
    if (kHeaderSpaces.find(c) != std::string_view::npos) {
      pending = !out.empty();
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    out += c;
  }
  return out;
}

// Lower-case names in order, each once.
Pairs CanonicalHeaders(const Pairs& headers) {
  Pairs sorted;
  sorted.reserve(headers.size());
  for (const auto& [name, value] : headers) sorted.emplace_back(ToLowerAscii(Trim(name)), FoldSpaces(value));
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Pairs joined;
  for (auto& header : sorted) {
    if (!joined.empty() && joined.back().first == header.first) {
      joined.back().second.append(",").append(header.second);
    } else {
      joined.push_back(std::move(header));
    }
  }
  return joined;
}

}  // namespace

CanonicalRequest MakeCanonicalRequest(const WireRequest& request, PathRule rule, std::string_view payload_hash) {
  CanonicalRequest out;
  out.text = request.method + "\n" + CanonicalPath(request.path, rule) + "\n" + CanonicalQuery(request.query) + "\n";
  for (const auto& [name, value] : CanonicalHeaders(request.headers)) {
    out.text.append(name).append(":").append(value).append("\n");
    if (!out.signed_headers.empty()) out.signed_headers += ';';
    out.signed_headers += name;
  }
  out.text.append("\n").append(out.signed_headers).append("\n").append(payload_hash);
  return out;
}

std::string AmzDate(TimePoint time) {
  const std::string text = FormatTime(std::chrono::floor<std::chrono::seconds>(time));
  std::string out;
  for (const char c : text) {
    if (c != '-' && c != ':') out += c;
  }
  return out;
}

std::string CredentialScope(const SigningScope& scope) {
  return AmzDate(scope.time).substr(0, 8) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

std::string StringToSign(const CanonicalRequest& canonical, const SigningScope& scope) {
  return std::string(kAlgorithm) + "\n" + AmzDate(scope.time) + "\n" + CredentialScope(scope) + "\n" +
         Sha256Hex(canonical.text);
}

std::string Signature(const Secret& secret_access_key, const SigningScope& scope, std::string_view string_to_sign) {
  std::string key = "AWS4" + secret_access_key.RevealForRequest();
  key = HmacSha256(key, AmzDate(scope.time).substr(0, 8));
  key = HmacSha256(key, scope.region);
  key = HmacSha256(key, scope.service);
  key = HmacSha256(key, "aws4_request");
  return ToHex(HmacSha256(key, string_to_sign));
}

Signed Sign(const WireRequest& request, std::string_view body, const Keys& keys, const SigningScope& scope,
            const SignOptions& options) {
  const std::string payload_hash = Sha256Hex(body);
  Signed out;
  out.headers.emplace_back("X-Amz-Date", AmzDate(scope.time));
  if (options.payload_header) out.headers.emplace_back("X-Amz-Content-Sha256", payload_hash);

  WireRequest signed_part{request.method, request.path, request.query, {}};
  for (const auto& header : request.headers) {
    if (MayBeSigned(header.first)) signed_part.headers.push_back(header);
  }
  signed_part.headers.insert(signed_part.headers.end(), out.headers.begin(), out.headers.end());
  if (!keys.session_token.empty()) {
    signed_part.headers.emplace_back("X-Amz-Security-Token", keys.session_token.RevealForRequest());
    out.secret_headers.emplace_back("X-Amz-Security-Token", keys.session_token);
  }
  const CanonicalRequest canonical = MakeCanonicalRequest(signed_part, options.path, payload_hash);
  const std::string signature = Signature(keys.secret_access_key, scope, StringToSign(canonical, scope));
  out.secret_headers.emplace_back(
      "Authorization",
      Secret(std::string(kAlgorithm) + " Credential=" + keys.access_key_id + "/" + CredentialScope(scope) +
             ", SignedHeaders=" + canonical.signed_headers + ", Signature=" + signature));
  return out;
}

}  // namespace sallyport::aws

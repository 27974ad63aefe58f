// SPDX-License-Identifier: Apache-2.0
#include "notify/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"

namespace sallyport {

std::string HmacSha256Hex(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, bytes.size(), digest.data(), &length);
  Check(made != nullptr, "HMAC-SHA-256 is missing from the TLS library");
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < length; ++i) {
    out += kHex[digest[i] >> 4U];
    out += kHex[digest[i] & 0x0FU];
  }
  return out;
}

std::string SignatureTimestamp(TimePoint time) {
  return std::to_string(ToEpochMilliseconds(time) / 1000);
}

std::string WebhookSignature(const Secret& secret, std::string_view timestamp, std::string_view body) {
  std::string signed_text(timestamp);
  signed_text += '.';
  signed_text += body;
  return "v1=" + HmacSha256Hex(secret.RevealForRequest(), signed_text);
}

}  // namespace sallyport

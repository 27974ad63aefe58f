// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"
#include "base/shared_library.h"

namespace sallyport {
namespace {

// libcrypto, loaded with the first digest instead of with the program: its relocations are a third of the time up to
// the first poll of the Lambda runtime API (docs/decisions/0012). The headers give the functions their types.
struct Crypto {
  decltype(&EVP_Digest) digest = nullptr;
  decltype(&HMAC) hmac = nullptr;
  // Looked up once: OpenSSL 3 otherwise does that for each digest, under a lock that all threads share, for longer than
  // a short text takes (OpenSSL's crypto(7), "Performance").
  const EVP_MD* sha256 = nullptr;
};

const Crypto& LoadedCrypto() {
  static const Crypto loaded = [] {
    SharedLibrary library(kCryptoFile);
    Crypto crypto;
    crypto.digest = library.Need<decltype(EVP_Digest)>("EVP_Digest");
    crypto.hmac = library.Need<decltype(HMAC)>("HMAC");
    auto* fetch = library.Need<decltype(EVP_MD_fetch)>("EVP_MD_fetch");
    if (crypto.digest == nullptr || crypto.hmac == nullptr || fetch == nullptr) {
      CheckFailed("libcrypto.so.3 cannot be loaded, or lacks what is needed of it (Debian: libssl3)");
    }
    crypto.sha256 = fetch(nullptr, "SHA256", nullptr);
    Check(crypto.sha256 != nullptr, "SHA-256 is missing from the TLS library");
    return crypto;
  }();
  return loaded;
}

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  const Crypto& crypto = LoadedCrypto();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  const int done = crypto.digest(bytes.data(), bytes.size(), digest.data(), &length, crypto.sha256, nullptr);
  Check(done == 1, "SHA-256 is missing from the TLS library");
  return ToHex({reinterpret_cast<const char*>(digest.data()), length});
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  const Crypto& crypto = LoadedCrypto();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* done =
      crypto.hmac(crypto.sha256, key.data(), static_cast<int>(key.size()), data, bytes.size(), digest.data(), &length);
  Check(done != nullptr, "HMAC-SHA-256 is missing from the TLS library");
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string ToHex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out(bytes.size() * 2, '0');
  auto digit = out.begin();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *digit++ = kHex[byte >> 4U];
    *digit++ = kHex[byte & 0x0FU];
  }
  return out;
}

}  // namespace sallyport

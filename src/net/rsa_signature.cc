// SPDX-License-Identifier: Apache-2.0
#include "net/rsa_signature.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <limits>
#include <memory>

#include "base/shared_library.h"

namespace sallyport {
namespace {

constexpr int kFewestBits = 2048;

// What is used of libcrypto, by the names that its headers declare.
struct Crypto {
  SharedLibrary library{kCryptoFile};

  decltype(&BIO_new_mem_buf) bio_new_mem_buf = library.Need<decltype(BIO_new_mem_buf)>("BIO_new_mem_buf");
  decltype(&BIO_free) bio_free = library.Need<decltype(BIO_free)>("BIO_free");
  decltype(&PEM_read_bio_X509) read_certificate = library.Need<decltype(PEM_read_bio_X509)>("PEM_read_bio_X509");
  decltype(&X509_free) x509_free = library.Need<decltype(X509_free)>("X509_free");
  decltype(&X509_get0_notBefore) not_before = library.Need<decltype(X509_get0_notBefore)>("X509_get0_notBefore");
  decltype(&X509_get0_notAfter) not_after = library.Need<decltype(X509_get0_notAfter)>("X509_get0_notAfter");
  decltype(&X509_cmp_time) cmp_time = library.Need<decltype(X509_cmp_time)>("X509_cmp_time");
  decltype(&X509_get0_pubkey) public_key = library.Need<decltype(X509_get0_pubkey)>("X509_get0_pubkey");
  decltype(&EVP_PKEY_get_base_id) base_id = library.Need<decltype(EVP_PKEY_get_base_id)>("EVP_PKEY_get_base_id");
  decltype(&EVP_PKEY_get_bits) bits = library.Need<decltype(EVP_PKEY_get_bits)>("EVP_PKEY_get_bits");
  decltype(&EVP_sha1) sha1 = library.Need<decltype(EVP_sha1)>("EVP_sha1");
  decltype(&EVP_sha256) sha256 = library.Need<decltype(EVP_sha256)>("EVP_sha256");
  decltype(&EVP_MD_CTX_new) context_new = library.Need<decltype(EVP_MD_CTX_new)>("EVP_MD_CTX_new");
  decltype(&EVP_MD_CTX_free) context_free = library.Need<decltype(EVP_MD_CTX_free)>("EVP_MD_CTX_free");
  decltype(&EVP_DigestVerifyInit) verify_init = library.Need<decltype(EVP_DigestVerifyInit)>("EVP_DigestVerifyInit");
  decltype(&EVP_DigestVerify) verify = library.Need<decltype(EVP_DigestVerify)>("EVP_DigestVerify");
  decltype(&ERR_clear_error) clear_error = library.Need<decltype(ERR_clear_error)>("ERR_clear_error");
};

Crypto& LoadedCrypto() {
  static Crypto crypto;
  return crypto;
}

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate ReadCertificate(Crypto& crypto, const std::string& pem) {
  Certificate none(nullptr, crypto.x509_free);
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return none;
  const std::unique_ptr<BIO, decltype(&BIO_free)> bytes(
      crypto.bio_new_mem_buf(pem.data(), static_cast<int>(pem.size())), crypto.bio_free);
  if (bytes == nullptr) return none;
  // An encrypted one has no password here.
  const auto no_password = [](char*, int, int, void*) { return 0; };
  return {crypto.read_certificate(bytes.get(), nullptr, no_password, nullptr), crypto.x509_free};
}

Error NoCertificate(std::string what) {
  return Error{ErrorCode::kInvalidInput, std::move(what), ""};
}

Status CheckValidAt(Crypto& crypto, const X509* certificate, TimePoint now) {
  std::time_t time = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  // -1: earlier than or at `time`, 1: later, 0: unreadable.
  if (crypto.cmp_time(crypto.not_before(certificate), &time) != -1)
    return NoCertificate("the certificate is not valid yet");
  if (crypto.cmp_time(crypto.not_after(certificate), &time) != 1) return NoCertificate("the certificate has expired");
  return Ok();
}

}  // namespace

Result<bool> IsSignedWith(const std::string& certificate, SignedHash hash, std::string_view text,
                          std::string_view signature, TimePoint now) {
  Crypto& crypto = LoadedCrypto();
  if (!crypto.library.problem().empty()) {
    return Error{ErrorCode::kUnavailable,
                 std::string(kCryptoFile) + " cannot be loaded: " + crypto.library.problem() +
                     ", so no signature can be checked",
                 "install it (Debian: libssl3), or name its folder in LD_LIBRARY_PATH"};
  }
  const Certificate read = ReadCertificate(crypto, certificate);
  crypto.clear_error();
  if (read == nullptr) return NoCertificate("it is not a certificate in PEM");
  if (Status valid = CheckValidAt(crypto, read.get(), now); !valid.ok()) return valid.error();
  EVP_PKEY* key = crypto.public_key(read.get());
  const bool is_strong = key != nullptr && crypto.base_id(key) == EVP_PKEY_RSA && crypto.bits(key) >= kFewestBits;
  if (!is_strong) return NoCertificate("the certificate has no RSA key of 2048 bits or more");
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(crypto.context_new(), crypto.context_free);
  const EVP_MD* digest = hash == SignedHash::kSha1 ? crypto.sha1() : crypto.sha256();
  const bool begun = context != nullptr && crypto.verify_init(context.get(), nullptr, digest, nullptr, key) == 1;
  const auto bytes = [](std::string_view of) { return reinterpret_cast<const unsigned char*>(of.data()); };
  const bool holds =
      begun && crypto.verify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
  crypto.clear_error();
  return holds;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "net/test_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "base/check.h"

namespace sallyport {
namespace {

EVP_PKEY* MakeKey() {
  return EVP_EC_gen("P-256");
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Check(extension != nullptr, "the test's certificate extension is wrong");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Unsigned, named, with validity and key.
X509* MakeCertificate(EVP_PKEY* key, const std::string& name, const LeafOptions& options) {
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  static long serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), options.valid_from_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate), options.valid_to_seconds);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

std::string Take(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string ToPem(X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  return Take(bio);
}

std::string ToPem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  return Take(bio);
}

// A null issuer: signed by itself.
LoopbackServer::Identity IssueBy(X509* issuer, EVP_PKEY* issuer_key, const LeafOptions& options) {
  EVP_PKEY* key = MakeKey();
  X509* certificate = MakeCertificate(key, "test server", options);
  X509* signer = issuer != nullptr ? issuer : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  AddExtension(certificate, signer, NID_subject_alt_name, options.subject_alternative_name);
  X509_sign(certificate, issuer != nullptr ? issuer_key : key, EVP_sha256());
  LoopbackServer::Identity identity{ToPem(certificate), ToPem(key)};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return identity;
}

std::string WriteTemporaryFile(const std::string& text) {
  std::array<char, 64> name{"/tmp/sallyport-test-ca-XXXXXX"};
  const int file = mkstemp(name.data());
  Check(file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "no temporary file");
  close(file);
  return name.data();
}

}  // namespace

TestCa::TestCa() : key_(MakeKey()), certificate_(MakeCertificate(key_, "test CA", {})) {
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  AddExtension(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate_, certificate_, NID_key_usage, "critical,keyCertSign");
  X509_sign(certificate_, key_, EVP_sha256());
  file_ = WriteTemporaryFile(ToPem(certificate_));
}

TestCa::~TestCa() {
  unlink(file_.c_str());
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

LoopbackServer::Identity TestCa::Issue(const LeafOptions& options) const {
  return IssueBy(certificate_, key_, options);
}

LoopbackServer::Identity TestCa::IssueSelfSigned() {
  return IssueBy(nullptr, nullptr, {});
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// Signatures of SNS, with a key pair of the test: what SNS signed is believed, and nothing else; nothing is fetched
// from anywhere but SNS.
#include "app/sns_proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <functional>
#include <memory>

#include "base/fake_clock.h"
#include "net/fake_http.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const TimePoint kSnsNow = FromEpochMilliseconds(1'796'000'000'000);
constexpr const char* kCertificateUrl = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem";

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

// A key and its certificate, valid for an hour around kSnsNow.
class Signer {
 public:
  explicit Signer(unsigned bits = 2048) : key_(EVP_RSA_gen(bits)) {
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    const auto at = std::chrono::duration_cast<std::chrono::seconds>(kSnsNow.time_since_epoch()).count();
    ASN1_TIME_set(X509_getm_notBefore(certificate), at - 1800);
    ASN1_TIME_set(X509_getm_notAfter(certificate), at + 1800);
    X509_set_pubkey(certificate, key_.get());
    X509_sign(certificate, key_.get(), EVP_sha256());
    BIO* bytes = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bytes, certificate);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bytes, &data);
    pem_.assign(data, static_cast<std::size_t>(size));
    BIO_free(bytes);
    X509_free(certificate);
  }

  const std::string& pem() const { return pem_; }

  std::string Sign(const std::string& text, bool sha1) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, sha1 ? EVP_sha1() : EVP_sha256(), nullptr, key_.get());
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSign(context, nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size());
    EVP_MD_CTX_free(context);
    std::string encoded(4 * ((size + 2) / 3) + 1, '\0');
    encoded.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                                            reinterpret_cast<const unsigned char*>(signature.data()),
                                                            static_cast<int>(size))));
    return encoded;
  }

 private:
  std::unique_ptr<EVP_PKEY, KeyFree> key_;
  std::string pem_;
};

const Signer& Sns() {
  static const Signer signer;
  return signer;
}

SnsNotification Signed(const char* version = "2") {
  SnsNotification made;
  made.topic = "arn:aws:sns:us-east-1:111122223333:swp";
  made.text = "Message\n[]\nMessageId\nm\nTimestamp\nt\nTopicArn\n" + made.topic + "\nType\nNotification\n";
  made.version = version;
  made.signature = Sns().Sign(made.text, made.version == "1");
  made.certificate_url = kCertificateUrl;
  return made;
}

struct ProofWorld {
  FakeHttpClient http;
  FakeClock clock{kSnsNow};
  SnsProof proof{http, clock};

  std::string WhyForged(const SnsNotification& notification) {
    const auto why = proof.WhyForged(notification);
    return why.ok() ? *why : "undetermined: " + why.error().message;
  }
};

TEST(SnsProof, WhatSnsSignedIsBelievedInBothVersionsAndItsCertificateFetchedOnce) {
  ProofWorld world;
  world.http.Answer(200, Sns().pem());
  EXPECT_EQ(world.WhyForged(Signed("2")), "");
  EXPECT_EQ(world.WhyForged(Signed("1")), "");
  ASSERT_THAT(world.http.Requests(), SizeIs(1));
  EXPECT_EQ(world.http.Requests()[0].url, kCertificateUrl);
}

TEST(SnsProof, AnythingElseThanWhatWasSignedIsForged) {
  struct Row {
    const char* why;
    std::function<void(SnsNotification&)> change;
  };
  static const Signer other;
  const Row rows[] = {
      {"no signature", [](auto& n) { n.signature.clear(); }},
      {"neither 1 nor 2", [](auto& n) { n.version = "3"; }},
      {"does not hold", [](auto& n) { n.version = "1"; }},
      {"does not hold", [](auto& n) { n.text += "x"; }},
      {"does not hold", [](auto& n) { n.text.replace(n.text.find("[]"), 2, "[1]"); }},
      {"does not hold", [](auto& n) { n.signature = other.Sign(n.text, false); }},
      {"does not hold", [](auto& n) { n.signature = "c2ln"; }},
      {"is not base64", [](auto& n) { n.signature = "*"; }},
  };
  for (const Row& row : rows) {
    ProofWorld world;
    world.http.Answer(200, Sns().pem());
    SnsNotification notification = Signed();
    row.change(notification);
    EXPECT_THAT(world.WhyForged(notification), HasSubstr(row.why));
  }
}

TEST(SnsProof, NothingIsFetchedFromElsewhere) {
  ProofWorld world;
  SnsNotification notification = Signed();
  for (const char* url : {"https://example.com/a.pem", "http://127.0.0.1/a.pem", "",
                          "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem"}) {
    notification.certificate_url = url;
    EXPECT_THAT(world.WhyForged(notification), HasSubstr("is not one at https://sns.us-east-1.amazonaws.com"));
  }
  EXPECT_THAT(world.http.Requests(), IsEmpty());
}

// Delivered again: what could not be found out is neither believed nor refused.
TEST(SnsProof, ACertificateThatCannotBeHadLeavesItUndeterminedAndIsAskedForAgain) {
  static const Signer weak(1024);
  const std::pair<Result<HttpResponse>, const char*> answers[] = {
      {Error{ErrorCode::kUnavailable, "no connection", ""}, "no connection"},
      {HttpResponse{.status = 503}, "status 503"},
      {HttpResponse{.status = 302, .headers = {{"Location", "https://example.com/a.pem"}}}, "status 302"},
      {HttpResponse{.status = 200, .body = "<html>"}, "not a certificate"},
      {HttpResponse{.status = 200, .body = weak.pem()}, "2048 bits"},
      {HttpResponse{.status = 200, .body = std::string(70'000, 'x')}, "could not be fetched"},
  };
  for (const auto& [answer, why] : answers) {
    ProofWorld world;
    world.http.Push(answer);
    world.http.Answer(200, Sns().pem());
    EXPECT_THAT(world.WhyForged(Signed()), testing::AllOf(HasSubstr("undetermined"), HasSubstr(why)));
    EXPECT_EQ(world.WhyForged(Signed()), "");
  }
}

TEST(SnsProof, ACertificateThatIsNotValidNowIsNone) {
  for (const Duration ahead : {Duration(std::chrono::hours(1)), Duration(std::chrono::hours(-1))}) {
    ProofWorld world;
    world.clock.Advance(ahead);
    world.http.Answer(200, Sns().pem());
    EXPECT_THAT(world.WhyForged(Signed()), HasSubstr(ahead > Duration{0} ? "expired" : "not valid yet"));
  }
}

}  // namespace
}  // namespace sallyport

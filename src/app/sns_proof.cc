// SPDX-License-Identifier: Apache-2.0
#include "app/sns_proof.h"

#include "net/rsa_signature.h"
#include "policy/values.h"

namespace sallyport {
namespace {

constexpr Duration kFetchDeadline = std::chrono::seconds(10);
constexpr std::size_t kMostCertificateBytes = std::size_t{64} * 1024;
constexpr int kHttpOk = 200;

}  // namespace

Result<std::string> SnsProof::CertificateAt(const std::string& url) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = certificates_.find(url); known != certificates_.end()) return known->second;
  }
  HttpRequest request;
  request.method = "GET";
  request.url = url;
  request.deadline = kFetchDeadline;
  auto answer = http_.Send(request);
  if (!answer.ok()) return answer.error().In("the certificate of SNS could not be fetched");
  if (answer->status != kHttpOk || answer->body.size() > kMostCertificateBytes) {
    return Error{ErrorCode::kUnavailable,
                 "the certificate of SNS could not be fetched: status " + std::to_string(answer->status), ""};
  }
  return std::move(answer->body);
}

Result<std::string> SnsProof::WhyForged(const SnsNotification& notification) {
  if (notification.signature.empty()) return std::string("it has no signature of SNS");
  const bool is_known = notification.version == "1" || notification.version == "2";
  if (!is_known) return std::string("the version of its signature is neither 1 nor 2");
  // Nothing is fetched from elsewhere, whatever the notification says.
  if (std::string why = WhyNoCertificateOfSns(notification.certificate_url, notification.topic); !why.empty())
    return why;
  const auto signature = policy::ParseBase64(notification.signature);
  if (!signature) return std::string("its signature is not base64");
  const auto certificate = CertificateAt(notification.certificate_url);
  if (!certificate.ok()) return certificate.error();
  const auto hash = notification.version == "1" ? SignedHash::kSha1 : SignedHash::kSha256;
  const auto holds = IsSignedWith(*certificate, hash, notification.text, *signature, clock_.Now());
  // What came from SNS's own address and is no certificate is no answer: it is asked for again.
  if (!holds.ok()) return holds.error().In("the certificate of SNS");
  {
    const std::lock_guard lock(mutex_);
    if (certificates_.size() >= kMostCertificates) certificates_.clear();
    certificates_.emplace(notification.certificate_url, *certificate);
  }
  return std::string(*holds ? "" : "its signature does not hold");
}

}  // namespace sallyport

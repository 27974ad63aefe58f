// SPDX-License-Identifier: Apache-2.0
//
// Whether SNS signed a notification: fetches SNS's certificates, by https from SNS alone, and keeps them.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/time.h"
#include "event/sns_notification.h"
#include "net/http.h"

namespace sallyport {

// Thread-safe. `http` and `clock` outlive it. At most kMostCertificates are kept.
class SnsProof final : public NotificationProof {
 public:
  static constexpr std::size_t kMostCertificates = 20;

  SnsProof(HttpClient& http, Clock& clock) : http_(http), clock_(clock) {}
  Result<std::string> WhyForged(const SnsNotification& notification) override;

 private:
  Result<std::string> CertificateAt(const std::string& url);

  HttpClient& http_;
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::string> certificates_;  // by their address
};

}  // namespace sallyport

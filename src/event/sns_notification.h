// SPDX-License-Identifier: Apache-2.0
//
// What SNS signs of a notification, as it stood in the outermost notification around an event. Pure: whether the
// signature holds is asked through NotificationProof.
//
// Rule source: SNS developer guide, "Verifying the signatures of Amazon SNS messages".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace sallyport {

struct SnsNotification {
  std::string topic;            // its ARN
  std::string text;             // what is signed: names and values, each on a line
  std::string version;          // "1" (SHA-1) or "2" (SHA-256)
  std::string signature;        // base64, as written
  std::string certificate_url;  // where SNS says that its certificate is
  bool operator==(const SnsNotification&) const = default;
};

// Of the object that has `TopicArn` and `Message`: that of SNS's own JSON, and `Sns` of a record for Lambda. What is
// missing is empty: such a signature does not hold.
SnsNotification ReadSnsNotification(const Json& object);

// Why that address cannot be where SNS keeps its certificate; empty: it can. It is never connected to otherwise: https,
// the host `sns.REGION.amazonaws.com` (`.cn` in China) with the region of the topic, no port, user, query or fragment,
// and the path of one PEM file.
std::string WhyNoCertificateOfSns(std::string_view url, std::string_view topic);

// Asks whether SNS signed a notification.
class NotificationProof {
 public:
  NotificationProof() = default;
  NotificationProof(const NotificationProof&) = delete;
  NotificationProof& operator=(const NotificationProof&) = delete;
  virtual ~NotificationProof() = default;
  // Why it is not from SNS; empty: it is. An Error: it could not be found out (the certificate could not be fetched).
  virtual Result<std::string> WhyForged(const SnsNotification& notification) = 0;
};

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// Event: the one envelope type for everything that arrives. Intake takes the wrapping off; nothing behind it knows that
// the wrapping existed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/time.h"
#include "event/sns_notification.h"

namespace sallyport {

// The members of an EventBridge event (docs.aws.amazon.com, "AWS service event metadata"). What is missing in a partial
// envelope is empty here, or what the service's bare form says instead (bare_form.h).
struct Event {
  std::string version;      // "0"
  std::string id;           // EventBridge's own id; differs between deliveries of the same finding
  std::string source;       // "aws.guardduty"
  std::string detail_type;  // "GuardDuty Finding"
  std::string account;      // as written: twelve digits, or empty
  std::string region;       // as written, or empty
  std::optional<TimePoint> time;
  // ARNs of what the event is about; of a schedule its rule. At most bounds::kEventResources.
  std::vector<std::string> resources;
  Json detail;  // an object

  // Where it came from, for messages: "findings.json, line 3" or "stdin, SQS record 2, SNS message".
  std::string origin;
  // The SQS message it came in; empty otherwise. Lambda wants it back for a partial batch response.
  std::string sqs_message_id;
  // The ARN of the SNS topic that it was published to, as the outermost notification around it says; empty: it did not
  // come through SNS. No part of the event's own JSON.
  std::string topic{};
  // That notification; nullptr: the same.
  std::shared_ptr<const SnsNotification> notification{};
  // What the service wants to have back with an answer: of an AWS Config rule its result token. It is a secret: no text
  // of the event has it, nor the ledger.
  Secret answer_token;
};

}  // namespace sallyport

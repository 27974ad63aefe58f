// SPDX-License-Identifier: Apache-2.0
//
// Event: the one envelope type for everything that arrives. Intake takes the wrapping off; nothing behind it knows that
// the wrapping existed.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/json.h"
#include "base/time.h"

namespace sallyport {

// The members of an EventBridge event (docs.aws.amazon.com, "Amazon EventBridge events"). What is missing in a partial
// envelope is empty here and taken from `detail` where the detail has it.
struct Event {
  std::string id;           // EventBridge's own id; differs between deliveries of the same finding
  std::string source;       // "aws.guardduty"
  std::string detail_type;  // "GuardDuty Finding"
  std::string account;      // as written: twelve digits, or empty
  std::string region;       // as written, or empty
  std::optional<TimePoint> time;
  Json detail;  // an object

  // Where it came from, for messages: "findings.json, line 3" or "stdin, SQS record 2, SNS message".
  std::string origin;
  // The SQS message it came in; empty otherwise. Lambda wants it back for a partial batch response.
  std::string sqs_message_id;
  // SHA-256 of the event's own JSON text: what the ledger knows it by.
  std::string sha256;
};

}  // namespace sallyport

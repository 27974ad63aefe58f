// SPDX-License-Identifier: Apache-2.0
//
// Bytes -> events. Total: any bytes give events and errors, never a crash.
//
//   document := EventBridge event | an event in one of `forms`, without its envelope | SNS-to-Lambda records
//             | SQS-to-Lambda records | SNS notification | [ document, ... ] | {"findings": [ document, ... ]}
//   input    := document | document document ... | one document per line (NDJSON)
//
// An SQS body and an SNS Message hold a document again; they and arrays nest to bounds::kEnvelopeDepth. A byte order
// mark in front is skipped. Every error message starts with its origin: "findings.json, line 3: detail: expected an
// object, found a string".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/bare_form.h"
#include "event/event.h"

namespace sallyport {

// One thing that was in the input: an event, or why there is none.
struct Arrival {
  std::string origin;          // the same as Event::origin
  std::string sqs_message_id;  // the same as Event::sqs_message_id
  Result<Event> event;
  // Why there is nothing to handle, where that is no fault: an empty list of findings. `event` is an error then.
  std::string nothing{};
};

// All that one document holds, in its order. Never empty: a document without an event gives the reason.
// `origin` is where the document came from. `alone`: it is all of its input; `{}` is a tick of a schedule only then.
std::vector<Arrival> ParseDocument(std::string_view bytes, const std::string& origin, const BareForms& forms,
                                   bool alone = true);

// All that a whole file or stream holds, in its order. When its first line is a whole document it is read line by
// line, and a bad line does not hide the next; otherwise as documents one after the other, and the first bad one ends
// it, saying where. Empty input gives one error. After bounds::kInputDocuments one last error says so.
std::vector<Arrival> ParseInput(std::string_view bytes, const std::string& origin, const BareForms& forms);

}  // namespace sallyport

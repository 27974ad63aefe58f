// SPDX-License-Identifier: Apache-2.0
//
// One JSON object -> what it is. Pure: no wrapping is taken off here.
#pragma once

#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "event/bare_form.h"
#include "event/event.h"

namespace sallyport {

enum class DocumentKind {
  kEventBridge,  // `detail` and `detail-type`; `source` may be missing in a hand-made one
  kRecords,      // SQS-to-Lambda or SNS-to-Lambda: `Records`
  kSnsMessage,   // SNS's own JSON: `Type` and `TopicArn` or `Message`
  kBare,         // without envelope, in one of the forms that services have
  kFindings,     // `findings` or `Findings`: what `aws guardduty get-findings` and its like print
  kEmpty,        // `{}`: the input of an EventBridge schedule for which nobody set one
  kUnknown,
};

// By the members that are there, not by what is in them.
DocumentKind Recognize(const Json& document, const BareForms& forms);

// The form of an object whose form has its objects together; nullptr: it is of none. And the first such form.
const BareForm* BatchedForm(const Json& object, const BareForms& forms);
const BareForm* AnyBatchedForm(const BareForms& forms);

// A tick of a schedule, as EventBridge's rules and EventBridge Scheduler send it; unless a workflow takes it, it only
// gives time to what is due, and is recorded nowhere.
bool IsClock(const Event& event);

// The objects in one of the forms that an event of another service carries, as events of their own, and the event
// itself with what else it carries; missing when it carries nothing else. What the envelope says counts, as for
// ReadEvent.
struct CarriedEvents {
  std::vector<Result<Event>> events;
  Json rest;
};
CarriedEvents ReadCarried(const Json& document, const BareForms& forms);

// The event in a document of the kinds kEventBridge and kBare; an error for any other, which says what was looked for.
// Leaves Event::origin and Event::sqs_message_id empty.
Result<Event> ReadEvent(const Json& document, const BareForms& forms);

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// One JSON object -> what it is. Pure: no wrapping is taken off here.
#pragma once

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
  kUnknown,
};

// By the members that are there, not by what is in them.
DocumentKind Recognise(const Json& document, const BareForms& forms);

// The event in a document of the kinds kEventBridge and kBare; an error for any other, which says what was looked for.
// Leaves Event::origin and Event::sqs_message_id empty.
Result<Event> ReadEvent(const Json& document, const BareForms& forms);

}  // namespace sallyport

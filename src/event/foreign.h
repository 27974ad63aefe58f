// SPDX-License-Identifier: Apache-2.0
//
// What people send that is no event: notifications, requests and logs of other services, and events that something on
// their way has wrapped or packed. Each gets one sentence that names what it is, and what to do. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "event/bare_form.h"

namespace sallyport {

// The error (kInvalidInput) for bytes that are no JSON: packed with gzip, or that in base64. Nothing for any other.
std::optional<Error> ForeignText(std::string_view bytes);

// The same for a document that is none of an event's forms. `forms` as for Recognize().
std::optional<Error> ForeignDocument(const Json& document, const BareForms& forms);

// For a record that Lambda delivered with such an `eventSource` ("aws:s3").
std::optional<Error> ForeignRecord(std::string_view event_source);

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// Findings of GuardDuty as its API's tools print them and as Security Hub carries them, brought to the form of its
// events. Pure.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "event/bare_form.h"

namespace sallyport {

// What `aws guardduty get-findings` and boto3 print: the names begin with a capital letter (`Type`, `Resource`).
BareForm GuardDutyApiForm();

// A finding of GuardDuty in the format of Security Hub (ASFF; "AWS Security Finding Format" and, of the fields that
// GuardDuty fills, its user guide, "Integration with AWS Security Hub"). What Security Hub does not carry is unknown.
BareForm GuardDutyHubForm();

// `detail` with names as GuardDuty's events have them; the same where they are so already. Errors: kInvalidInput, a
// name is there in both spellings.
Result<Json> WithEventNames(const Json& detail);

}  // namespace sallyport

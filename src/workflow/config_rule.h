// SPDX-License-Identifier: Apache-2.0
//
// AWS Config calls a custom rule without an EventBridge envelope (AWS Config developer guide, "Example events for AWS
// Config rules"). What such a call says is read by config_invocation.h.
#pragma once

#include "event/bare_form.h"

namespace sallyport {

// The detail is the invocation without its result token, which is Event::answer_token.
BareForm ConfigRuleBareForm();

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// An event as text of its own, without the wrapping it came in: what the ledger keeps for replay and recovery.
#pragma once

#include <string>

#include "event/event.h"

namespace sallyport {

// An EventBridge event as one compact JSON object; ParseDocument gives the same event back.
std::string EventToJson(const Event& event);

// SHA-256 of what decisions depend on: source, account, region, detail type, detail and resources. Deliveries differ in
// their id and time; the same update of a finding does not differ in this (edge case X1). Where the detail is empty, as
// a schedule's is, the time counts too: each time that it fires is an event of its own.
std::string ContentSha256(const Event& event);

}  // namespace sallyport

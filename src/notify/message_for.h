// SPDX-License-Identifier: Apache-2.0
//
// From what a workflow decided to what people are told. Pure.
#pragma once

#include "action/notify_owner.h"
#include "notify/message.h"

namespace sallyport {

// What the ledger and the settings know beside the action itself.
struct MessageContext {
  std::int64_t case_id = 0;
  double severity = 0;
  bool sample = false;
  TimePoint created_at{};
  TimePoint updated_at{};
};

// The message about one host to its owner. Its key is "owner/" and the instance: one message a host and case, which is
// updated. Addresses are looked up anew, so that a message that is sent later follows the mapping file of today.
Message MessageFor(const NotifyOwner& action, const MessageContext& context, const OwnerDirectory& directory);

}  // namespace sallyport

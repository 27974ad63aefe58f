// SPDX-License-Identifier: Apache-2.0
//
// The Notifier seam, and the message as it is sent.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "workflow/action.h"

namespace sallyport {

struct OwnerMessageToSend {
  NotifyOwner content;
  double severity = 0;
  bool sample = false;  // shown as SAMPLE
  std::string case_id;  // "case 17": what `ledger show` takes
  std::int64_t case_number = 0;
};

class Notifier {
 public:
  virtual ~Notifier() = default;
  // Ok when the channel has taken the message.
  virtual Status Send(const OwnerMessageToSend& message) = 0;
};

}  // namespace sallyport

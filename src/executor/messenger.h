// SPDX-License-Identifier: Apache-2.0
//
// Messenger: takes messages to the channels of the settings, keeps each delivery in the ledger, and tries again later
// what a channel did not take. A dead channel never fails an action.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "action/action.h"
#include "base/log.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "notify/dispatcher.h"
#include "notify/notifier.h"
#include "workflow/owner.h"

namespace sallyport {

// References outlive the messenger.
struct MessengerParts {
  Ledger& ledger;
  Dispatcher& dispatcher;
  const OwnerDirectory& directory;
  const ActionKinds& kinds;
  const Clock& clock;
  Logger& log;
  // Shows each message here as well (a terminal); may be empty.
  std::function<void(const Message& message)> show;
  // Nothing is sent after this; what is not sent by then is tried later.
  std::optional<TimePoint> stop_at{};
};

class Messenger final : public Notifier {
 public:
  explicit Messenger(MessengerParts parts) : parts_(std::move(parts)) {}

  Result<std::string> Send(const Message& message) override;

  // Tries what is due again. How many deliveries were tried.
  int RetryPending();
  // When the next one is due; nothing: none is pending.
  std::optional<TimePoint> NextRetry();

 private:
  void Retry(const DeliveryRecord& record);
  Result<std::optional<Message>> MessageOf(const DeliveryRecord& record);

  MessengerParts parts_;
};

}  // namespace sallyport

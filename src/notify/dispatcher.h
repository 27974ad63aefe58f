// SPDX-License-Identifier: Apache-2.0
//
// Takes a message to every channel that wants it, and tells of each what came of it. A channel that fails never fails
// anything else.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/write_guard_client.h"
#include "notify/channel.h"
#include "notify/delivery.h"

namespace sallyport {

// Which messages a channel wants. Samples go everywhere.
struct ChannelFilter {
  double min_severity = 0;
  std::set<std::string> accounts{};  // empty: all
  std::set<std::string> owners{};    // empty: all; names of owners, in lower case
  double opened_from = 0;            // openings (MessageKind::kOpened) only from this severity on
  std::set<MessageKind> hears{};     // empty: every kind
  bool for_owners = false;           // messages are told as to owners (ForOwner)
};
bool Wants(const ChannelFilter& filter, const Message& message);

struct ChannelResult {
  std::string channel;
  DeliveryStep step = DeliveryStep::kSkip;
  DeliveryOutcome outcome;  // with kSkip: the earlier record as it was
  bool recorded = true;     // false: no record says that it is to be tried again
};

// Where deliveries are recorded; the ledger, behind a seam. Errors stop the delivery on that channel: what cannot be
// recorded is not sent, or it would be sent again and again.
class DeliveryBook {
 public:
  virtual ~DeliveryBook() = default;
  virtual Result<std::optional<EarlierDelivery>> Find(const Message& message, const std::string& channel) = 0;
  // Called before each try. False: somebody else is sending it, or has sent it, since it was found.
  virtual Result<bool> Begin(const Message& message, const std::string& channel, const DeliveryOutcome& outcome) = 0;
  // Called after each try.
  virtual Status Record(const Message& message, const std::string& channel, const DeliveryOutcome& outcome) = 0;
};

class Dispatcher {
 public:
  struct Entry {
    std::string name;
    ChannelFilter filter;
    std::unique_ptr<Channel> channel;
  };
  // `may_send`: asked right before each try; an Error is why nothing is sent now, and the message stays pending.
  explicit Dispatcher(std::vector<Entry> entries, const Clock& clock, MayWrite may_send = {});

  // On every channel that wants the message (Message::only_channel: on that alone, once), in the settings' order;
  // nothing for the others. Nothing is sent after `stop_at`: then it is pending, and tried later.
  std::vector<ChannelResult> Deliver(const Message& message, DeliveryBook& book,
                                     std::optional<TimePoint> stop_at = std::nullopt);
  // On one channel, whatever its filter says: for a retry. kNotFound when there is no such channel.
  Result<ChannelResult> DeliverOn(std::string_view channel, const Message& message, DeliveryBook& book);
  std::vector<std::string> Names() const;

 private:
  ChannelResult DeliverOn(Entry& entry, const Message& message, DeliveryBook& book, std::optional<TimePoint> stop_at);
  // Nothing: somebody else changed the record before the message was begun.
  std::optional<ChannelResult> TryOn(Entry& entry, const Message& message, DeliveryBook& book,
                                     std::optional<TimePoint> stop_at);

  std::vector<Entry> entries_;
  const Clock& clock_;
  const MayWrite may_send_;
};

}  // namespace sallyport

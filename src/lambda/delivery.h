// SPDX-License-Identifier: Apache-2.0
//
// What one invocation brought, and what its sender wants to hear. Pure.
//
//   SQS batch    {"batchItemFailures":[{"itemIdentifier":"..."}]}: the messages to deliver again. Of a FIFO queue,
//   after
//                the first such message of a group all later ones of the group too (AWS: "Handling errors for an SQS
//                event source").
//   anything else  EventBridge, SNS, a test from the console: an error is the only way to have it delivered again
//   timer          an event of an EventBridge rule or schedule that no workflow takes: it only gives time for due
//                  follow-ups
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "event/parse.h"

namespace sallyport::lambda {

// What has to be known of the program to read a delivery.
struct Intake {
  BareForms forms{};
  // Whether a workflow takes this event; empty: none does.
  std::function<bool(const Event& event)> is_taken{};
};

enum class DeliveryKind { kSqs, kDirect, kTimer };

struct Delivery {
  DeliveryKind kind = DeliveryKind::kDirect;
  std::vector<Arrival> arrivals;              // empty for a timer
  std::map<std::string, std::string> groups;  // of a FIFO queue: message id -> message group
};

Delivery ReadDelivery(std::string_view event, const Intake& intake);

// Collects which SQS messages are to be delivered again.
class BatchFailures {
 public:
  explicit BatchFailures(std::map<std::string, std::string> groups) : groups_(std::move(groups)) {}

  void Add(const std::string& message);
  // The message comes again anyway, and to handle it now would break the order of its group.
  bool MustWait(const std::string& message) const;
  // In the order in which they were added.
  const std::vector<std::string>& messages() const { return messages_; }
  std::string ToJson() const;

 private:
  std::map<std::string, std::string> groups_;
  std::set<std::string> failed_groups_;
  std::set<std::string> known_;
  std::vector<std::string> messages_;
};

}  // namespace sallyport::lambda

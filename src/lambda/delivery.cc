// SPDX-License-Identifier: Apache-2.0
#include "lambda/delivery.h"

#include <algorithm>

#include "base/json.h"
#include "event/recognize.h"

namespace sallyport::lambda {
namespace {

constexpr const char* kOrigin = "lambda";

bool IsTimer(const std::vector<Arrival>& arrivals, const Intake& intake) {
  if (arrivals.size() != 1 || !arrivals.front().event.ok()) return false;
  const Event& event = *arrivals.front().event;
  return IsClock(event) && !(intake.is_taken && intake.is_taken(event));
}

// Standard queues can have message groups too ("fair queues"), without an order to keep.
std::map<std::string, std::string> FifoGroups(std::string_view event) {
  std::map<std::string, std::string> groups;
  if (event.find("\"MessageGroupId\"") == std::string_view::npos) return groups;  // spares reading it once more
  const auto document = Json::Parse(event);
  if (!document.ok()) return groups;
  for (const Json& element : (*document)["Records"].Elements()) {
    const Json record = element.AsDocument();
    if (!record["eventSourceARN"].StringOr("").ends_with(".fifo")) continue;
    groups.emplace(record["messageId"].StringOr(""), record["attributes"]["MessageGroupId"].StringOr(""));
  }
  return groups;
}

}  // namespace

Delivery ReadDelivery(std::string_view event, const Intake& intake) {
  Delivery delivery;
  delivery.arrivals = ParseDocument(event, kOrigin, intake.forms);
  if (IsTimer(delivery.arrivals, intake)) return {DeliveryKind::kTimer, {}, {}};
  const bool from_sqs = std::any_of(delivery.arrivals.begin(), delivery.arrivals.end(),
                                    [](const Arrival& arrival) { return !arrival.sqs_message_id.empty(); });
  if (!from_sqs) return delivery;
  delivery.kind = DeliveryKind::kSqs;
  delivery.groups = FifoGroups(event);
  return delivery;
}

void BatchFailures::Add(const std::string& message) {
  if (!known_.insert(message).second) return;
  messages_.push_back(message);
  const auto group = groups_.find(message);
  if (group != groups_.end()) failed_groups_.insert(group->second);
}

bool BatchFailures::MustWait(const std::string& message) const {
  const auto group = groups_.find(message);
  return group != groups_.end() && failed_groups_.count(group->second) != 0;
}

std::string BatchFailures::ToJson() const {
  JsonWriter out;
  out.BeginObject().Key("batchItemFailures").BeginArray();
  for (const std::string& message : messages_) {
    out.BeginObject().Member("itemIdentifier", message).EndObject();
  }
  out.EndArray().EndObject();
  return out.Take();
}

}  // namespace sallyport::lambda

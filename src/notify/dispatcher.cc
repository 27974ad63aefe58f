// SPDX-License-Identifier: Apache-2.0
#include "notify/dispatcher.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport {
namespace {

// So often somebody else may say something else about the same before it is given up for now.
constexpr int kMostOvertaken = 3;

bool WantsOwner(const std::set<std::string>& owners, const MessageOwner& owner) {
  if (owners.empty() || owners.contains(ToLowerAscii(owner.name))) return true;
  return std::any_of(owner.addresses.begin(), owner.addresses.end(),
                     [&](const OwnerAddress& address) { return owners.contains(ToLowerAscii(address.name)); });
}

ChannelResult NotRecorded(const std::string& channel, EarlierDelivery record, const Error& error) {
  if (!IsToBeTried(record.progress)) record.progress = DeliveryProgress::kPending;
  return {channel, DeliveryStep::kSkip, {std::move(record), "not sent: " + error.ToText(), std::nullopt}, false};
}

// Whoever tests a channel waits for the answer: hours later the message would only be a riddle.
void GiveUp(const Error& error, DeliveryOutcome& outcome) {
  outcome.reason = error.ToText();
  if (outcome.record.progress == DeliveryProgress::kUnknown) outcome.reason += "; the channel may have it";
  outcome.record.progress = DeliveryProgress::kGivenUp;
  outcome.retry_at = std::nullopt;
}

}  // namespace

bool Wants(const ChannelFilter& filter, const Message& message) {
  if (message.sample) return true;
  if (!filter.hears.empty() && !filter.hears.contains(message.kind)) return false;
  if (message.kind == MessageKind::kOpened && message.severity < filter.opened_from) return false;
  if (!filter.accounts.empty() && !filter.accounts.contains(message.where.account)) return false;
  return message.severity >= filter.min_severity && WantsOwner(filter.owners, message.owner);
}

Dispatcher::Dispatcher(std::vector<Entry> entries, const Clock& clock, MayWrite may_send)
    : entries_(std::move(entries)), clock_(clock), may_send_(std::move(may_send)) {}

std::vector<ChannelResult> Dispatcher::Deliver(const Message& message, DeliveryBook& book,
                                               std::optional<TimePoint> stop_at) {
  std::vector<ChannelResult> results;
  for (Entry& entry : entries_) {
    const bool is_test = !message.only_channel.empty();
    const bool goes_there = is_test ? entry.name == message.only_channel : Wants(entry.filter, message);
    if (goes_there) results.push_back(DeliverOn(entry, message, book, stop_at));
  }
  return results;
}

Result<ChannelResult> Dispatcher::DeliverOn(std::string_view channel, const Message& message, DeliveryBook& book) {
  for (Entry& entry : entries_) {
    if (entry.name == channel) return DeliverOn(entry, message, book, std::nullopt);
  }
  return Error{ErrorCode::kNotFound, "there is no channel `" + Printable(channel, 80) + "` in `notify.channels`", ""};
}

std::vector<std::string> Dispatcher::Names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  return names;
}

ChannelResult Dispatcher::DeliverOn(Entry& entry, const Message& told, DeliveryBook& book,
                                    std::optional<TimePoint> stop_at) {
  const Message message = entry.filter.for_owners ? ForOwner(told) : told;
  const std::string sha256 = ContentSha256(message, entry.channel->scope());
  EarlierDelivery others{.progress = DeliveryProgress::kUnknown, .sha256 = sha256};
  for (int tries = 0; tries < kMostOvertaken; ++tries) {
    if (auto result = TryOn(entry, message, book, stop_at)) return *std::move(result);
    const auto found = book.Find(message, entry.name);
    if (!found.ok()) return NotRecorded(entry.name, {.sha256 = sha256}, found.error());
    // Whoever has the same to say says it; what is news is told behind it.
    if (found->has_value()) others = **found;
    if (others.sha256 == sha256) break;
  }
  return {entry.name, DeliveryStep::kSkip, {std::move(others), "another one is sending it", std::nullopt}};
}

std::optional<ChannelResult> Dispatcher::TryOn(Entry& entry, const Message& message, DeliveryBook& book,
                                               std::optional<TimePoint> stop_at) {
  const std::string sha256 = ContentSha256(message, entry.channel->scope());
  const auto earlier = book.Find(message, entry.name);
  if (!earlier.ok()) return NotRecorded(entry.name, {.sha256 = sha256}, earlier.error());
  const DeliveryStep step = NextStep(*earlier, sha256);
  if (step == DeliveryStep::kSkip) return ChannelResult{entry.name, step, {**earlier, "", std::nullopt}};
  EarlierDelivery record = earlier->value_or(EarlierDelivery{});
  const bool same = record.sha256 == sha256;
  if (!same) record.attempts = 0;
  if (!same || record.progress != DeliveryProgress::kUnknown) record.progress = DeliveryProgress::kPending;
  record.sha256 = sha256;
  if (may_send_) {
    const Status may = may_send_();
    if (!may.ok()) {
      const std::string why = "not sent: " + may.error().message;
      return ChannelResult{
          entry.name, DeliveryStep::kSkip, {std::move(record), why, std::nullopt}, earlier->has_value()};
    }
  }
  // Whoever finds this record and not its outcome does not know whether the message is there.
  EarlierDelivery sending = record;
  sending.progress = DeliveryProgress::kUnknown;
  const auto begun = book.Begin(message, entry.name, {sending, "being sent", clock_.Now()});
  if (!begun.ok()) return NotRecorded(entry.name, std::move(record), begun.error());
  if (!*begun) return std::nullopt;
  const auto handle = step == DeliveryStep::kUpdate ? std::optional(record.handle) : std::nullopt;
  // A message that is changed in its place is there once, however often.
  Message sent = message;
  sent.may_repeat = step == DeliveryStep::kSend && record.progress == DeliveryProgress::kUnknown;
  const Attempt attempt = entry.channel->Deliver(sent, handle, stop_at);
  DeliveryOutcome outcome = AfterAttempt(std::move(record), attempt, clock_.Now());
  if (!message.only_channel.empty() && !attempt.result.ok()) GiveUp(attempt.result.error(), outcome);
  if (const Status recorded = book.Record(message, entry.name, outcome); !recorded.ok()) {
    outcome.reason += (outcome.reason.empty() ? "" : "; ") + std::string("not recorded: ") + recorded.error().ToText();
  }
  return ChannelResult{entry.name, step, std::move(outcome)};
}

}  // namespace sallyport

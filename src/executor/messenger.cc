// SPDX-License-Identifier: Apache-2.0
#include "executor/messenger.h"

#include <algorithm>

#include "action/notify_owner.h"
#include "base/bounds.h"
#include "base/text.h"
#include "notify/message_for.h"
#include "workflow/plan.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostPending = 100;

DeliveryState StateFor(DeliveryProgress progress) {
  switch (progress) {
    case DeliveryProgress::kPending:
      return DeliveryState::kPending;
    case DeliveryProgress::kUnknown:
      return DeliveryState::kUnknown;
    case DeliveryProgress::kDelivered:
      return DeliveryState::kDelivered;
    case DeliveryProgress::kGivenUp:
      break;
  }
  return DeliveryState::kFailed;
}

DeliveryProgress ProgressFor(DeliveryState state) {
  switch (state) {
    case DeliveryState::kPending:
      return DeliveryProgress::kPending;
    case DeliveryState::kUnknown:
      return DeliveryProgress::kUnknown;
    case DeliveryState::kDelivered:
      return DeliveryProgress::kDelivered;
    case DeliveryState::kFailed:
      break;
  }
  return DeliveryProgress::kGivenUp;
}

// Deliveries as the ledger keeps them.
class LedgerBook final : public DeliveryBook {
 public:
  explicit LedgerBook(Ledger& ledger) : ledger_(ledger) {}
  // Of a message that was found to be due: whoever changed its record since then sends it.
  LedgerBook(Ledger& ledger, const DeliveryRecord& due) : ledger_(ledger), due_(due) {}

  Result<std::optional<EarlierDelivery>> Find(const Message& message, const std::string& channel) override {
    const auto found = ledger_.FindDelivery(EventNumber{message.case_id}, message.key, channel);
    if (!found.ok()) return found.error();
    seen_.reset();
    if (!found->has_value()) return std::optional<EarlierDelivery>();
    const DeliveryRecord& record = **found;
    seen_ = record;
    return std::optional(EarlierDelivery{ProgressFor(record.state), record.sha256, record.handle, record.attempts});
  }

  Result<bool> Begin(const Message& message, const std::string& channel, const DeliveryOutcome& outcome) override {
    return ledger_.RecordDeliveryUnlessOvertaken(RecordOf(message, channel, outcome), SeenOf(due_ ? due_ : seen_));
  }

  Status Record(const Message& message, const std::string& channel, const DeliveryOutcome& outcome) override {
    return ledger_.RecordDelivery(RecordOf(message, channel, outcome));
  }

 private:
  static DeliveryRecord RecordOf(const Message& message, const std::string& channel, const DeliveryOutcome& outcome) {
    DeliveryRecord record;
    record.case_number = EventNumber{message.case_id};
    record.message = message.key;
    record.channel = channel;
    record.state = StateFor(outcome.record.progress);
    record.sha256 = outcome.record.sha256;
    record.handle = outcome.record.handle;
    record.attempts = outcome.record.attempts;
    record.reason = outcome.reason;
    return record;
  }

  Ledger& ledger_;
  std::optional<DeliveryRecord> due_;
  std::optional<DeliveryRecord> seen_;
};

std::string Words(const ChannelResult& result) {
  switch (result.outcome.record.progress) {
    case DeliveryProgress::kDelivered:
      return result.channel + (result.step == DeliveryStep::kSkip ? ": already delivered" : ": delivered");
    case DeliveryProgress::kPending:
      return result.channel + ": delivery failed, tried again later: " + result.outcome.reason;
    case DeliveryProgress::kUnknown:
      return result.channel + ": outcome unknown, tried again later: " + result.outcome.reason;
    case DeliveryProgress::kGivenUp:
      break;
  }
  return result.channel + ": not delivered, gave up: " + result.outcome.reason;
}

Result<std::string> OutcomeOfTest(const std::vector<ChannelResult>& results, const std::string& channel) {
  if (results.empty()) {
    return Error{ErrorCode::kNotFound, "notify.channels no longer has channel `" + Printable(channel, 80) + "`", ""};
  }
  const ChannelResult& result = results.front();
  if (result.outcome.record.progress == DeliveryProgress::kDelivered) return Words(result);
  // Nobody looks for it afterwards or sends it again: that is how the test ended.
  return Error{ErrorCode::kUnavailable, result.outcome.reason, ""};
}

TimePoint RetryAt(const DeliveryRecord& record) {
  return record.changed_at + RetryWait(std::max(record.attempts, 1), std::nullopt).value_or(Duration{0});
}

// Whether the finding behind a plan is a sample; of a plan whose text was removed that is not known.
Result<bool> IsSample(Ledger& ledger, PlanNumber number) {
  const auto plan = ledger.GetPlan(number);
  if (!plan.ok()) return plan.error();
  const auto json = Json::Parse(plan->json, bounds::kAnswerBytes);
  return json.ok() && (*json)["sample"].BoolOr(false);
}

}  // namespace

Result<std::string> Messenger::Send(const Message& message) {
  if (parts_.show) parts_.show(message);
  LedgerBook book(parts_.ledger);
  std::string words;
  bool recorded = true;
  const std::vector<ChannelResult> results = parts_.dispatcher.Deliver(message, book, parts_.stop_at);
  for (const ChannelResult& result : results) {
    words += (words.empty() ? "" : "; ") + Words(result);
    recorded = recorded && result.recorded;
    if (result.outcome.record.progress == DeliveryProgress::kDelivered) continue;
    parts_.log.Warning("message not delivered", {{"channel", result.channel}, {"reason", result.outcome.reason}});
  }
  if (!message.only_channel.empty()) return OutcomeOfTest(results, message.only_channel);
  // No delivery would bring it back: the question about its outcome does, and channels that have it are left out then.
  if (!recorded) return Error{ErrorCode::kOutcomeUnknown, words, ""};
  if (!words.empty()) return words;
  return std::string(parts_.show ? "printed here only, no channel took it (notify.channels)"
                                 : "not sent: no channel accepts this message (min_severity, accounts, owners)");
}

int Messenger::RetryPending() {
  const auto pending = parts_.ledger.PendingDeliveries(kMostPending);
  if (!pending.ok()) {
    parts_.log.Failure("pending deliveries could not be read", pending.error());
    return 0;
  }
  int tried = 0;
  for (const DeliveryRecord& record : *pending) {
    if (RetryAt(record) > parts_.clock.Now()) continue;
    Retry(record);
    ++tried;
  }
  return tried;
}

std::optional<TimePoint> Messenger::NextRetry() {
  const auto pending = parts_.ledger.PendingDeliveries(kMostPending);
  if (!pending.ok() || pending->empty()) return std::nullopt;
  std::optional<TimePoint> next;
  for (const DeliveryRecord& record : *pending) next = next ? std::min(*next, RetryAt(record)) : RetryAt(record);
  return next;
}

void Messenger::Retry(const DeliveryRecord& record) {
  const auto message = MessageOf(record);
  if (!message.ok()) {
    return parts_.log.Failure("message could not be read", message.error(), {{"case", record.case_number.value}});
  }
  DeliveryRecord ended = record;
  ended.state = DeliveryState::kFailed;
  if (!message->has_value()) {
    ended.reason = "the case no longer holds this message";
  } else {
    LedgerBook book(parts_.ledger, record);
    const auto delivered = parts_.dispatcher.DeliverOn(record.channel, **message, book);
    if (delivered.ok()) return;
    ended.reason = "notify.channels no longer has a channel of this name";
  }
  const Status recorded = parts_.ledger.RecordDelivery(ended);
  if (!recorded.ok()) parts_.log.Failure("delivery not recorded", recorded.error(), {{"channel", record.channel}});
}

// The newest message of that name in the case: an older one that was not delivered has nothing more to say.
Result<std::optional<Message>> Messenger::MessageOf(const DeliveryRecord& record) {
  const auto found = parts_.ledger.ShowWithoutHistory(record.case_number);
  if (!found.ok()) return found.error();
  for (auto action = found->actions.rbegin(); action != found->actions.rend(); ++action) {
    // One whose outcome is unknown was on its way when somebody stopped: it has to arrive all the same.
    const bool was_begun = action->state == ActionState::kSent || action->state == ActionState::kIntended;
    if (action->action.kind != NotifyOwner::kKind || !was_begun) continue;
    const auto json = Json::Parse(action->action.json, bounds::kAnswerBytes);
    if (!json.ok()) return json.error();
    const auto planned = parts_.kinds.Read(*json);
    if (!planned.ok()) return planned.error();
    const auto* content = planned->As<NotifyOwner>();
    if (content == nullptr || content->MessageName() != record.message) continue;
    const auto sample = IsSample(parts_.ledger, action->plan);
    if (!sample.ok()) return sample.error();
    return std::optional(MessageFor(
        *content,
        {record.case_number.value, action->action.severity, *sample, found->event.received_at, action->changed_at},
        parts_.directory));
  }
  return std::optional<Message>();
}

}  // namespace sallyport

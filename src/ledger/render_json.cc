// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "ledger/render.h"
#include "ledger/steering.h"

namespace sallyport {
namespace {

void WriteEvent(JsonWriter& out, const EventRecord& record) {
  out.Member("number", record.number.value)
      .Member("case", record.case_number.value)
      .Member("received_at", FormatTime(record.received_at))
      .Member("state", ToString(record.state))
      .Member("reason", record.reason)
      .Member("source", record.event.source)
      .Member("detail_type", record.event.detail_type)
      .Member("account", record.event.account)
      .Member("region", record.event.region)
      .Member("subject", record.event.subject)
      .Member("title", record.event.title)
      .Member("origin", record.event.origin)
      .Member("sha256", record.event.sha256);
}

// The ledger keeps text. What is not JSON (a damaged file) must not make the whole output unreadable.
void WriteJson(JsonWriter& out, std::string_view text) {
  const Result<Json> parsed = Json::Parse(text, bounds::kInputFileBytes);
  if (parsed) {
    out.Raw(parsed->ToText());
  } else {
    out.String(text);
  }
}

void WritePlan(JsonWriter& out, const PlanRecord& plan) {
  out.BeginObject()
      .Member("event", plan.event.value)
      .Member("workflow", plan.workflow)
      .Member("digest", plan.digest)
      .Member("state", ToString(plan.state))
      .Member("reason", plan.reason)
      .Member("changed_at", FormatTime(plan.changed_at));
  if (plan.expires_at) out.Member("expires_at", FormatTime(*plan.expires_at));
  out.Key("plan");
  WriteJson(out, plan.json);
  out.EndObject();
}

// The newest one under "plan", those before it under "earlier_plans".
void WritePlans(JsonWriter& out, const std::vector<PlanRecord>& plans) {
  out.Key("plan");
  if (plans.empty()) {
    out.Null();
  } else {
    WritePlan(out, plans.back());
  }
  out.Key("earlier_plans").BeginArray();
  for (std::size_t i = 0; i + 1 < plans.size(); ++i) WritePlan(out, plans[i]);
  out.EndArray();
}

void WriteAction(JsonWriter& out, const ActionRecord& record) {
  out.BeginObject()
      .Member("number", record.number.value)
      .Member("event", record.event.value)
      .Member("kind", record.action.kind)
      .Member("what", record.action.what)
      .Member("subject", record.action.subject)
      .Member("key", record.action.key)
      .Key("severity")
      .Double(record.action.severity)
      .Member("state", ToString(record.state))
      .Member("reason", record.reason)
      .Member("changed_at", FormatTime(record.changed_at))
      .Key("action");
  WriteJson(out, record.action.json);
  out.EndObject();
}

void WriteFollowUp(JsonWriter& out, const FollowUpRecord& record) {
  const NewFollowUp& follow_up = record.follow_up;
  out.BeginObject()
      .Member("number", record.number.value)
      .Member("question", follow_up.question)
      .Member("subject", follow_up.subject)
      .Member("key", follow_up.key)
      .Member("state", ToString(record.state))
      .Member("reason", record.reason)
      .Member("attempts", record.attempts)
      .Member("asked_at", FormatTime(record.asked_at))
      .Member("due", FormatTime(follow_up.due))
      .Member("give_up_at", FormatTime(follow_up.give_up_at))
      .Key("waiting")
      .BeginArray();
  for (const ActionNumber action : follow_up.waiting) out.Int(action.value);
  out.EndArray().Key("follow_up");
  WriteJson(out, follow_up.json);
  out.EndObject();
}

void WriteDelivery(JsonWriter& out, const DeliveryRecord& delivery) {
  out.BeginObject()
      .Member("number", delivery.number)
      .Member("message", delivery.message)
      .Member("channel", delivery.channel)
      .Member("state", ToString(delivery.state))
      .Member("reason", delivery.reason)
      .Member("attempts", delivery.attempts)
      .Member("handle", delivery.handle)
      .Member("sha256", delivery.sha256)
      .Member("changed_at", FormatTime(delivery.changed_at))
      .EndObject();
}

void WriteHistoryLine(JsonWriter& out, const HistoryLine& line) {
  out.BeginObject().Member("number", line.number).Member("at", FormatTime(line.at)).Member("kind", line.kind);
  if (line.event) out.Member("event", line.event->value);
  if (line.case_number) out.Member("case", line.case_number->value);
  constexpr std::pair<std::string_view, std::string_view> kSubjects[] = {{"plan", "plan"},
                                                                         {"action", "action"},
                                                                         {"follow-up", "follow_up"},
                                                                         {"delivery", "delivery"},
                                                                         {"document", "document"}};
  for (const auto& [kind, member] : kSubjects) {
    if (line.kind == kind) out.Member(member, line.subject);
  }
  out.Member("state", line.state).Member("reason", line.reason).Member("hash", line.hash).EndObject();
}

template <class Record>
void WriteAll(JsonWriter& out, std::string_view key, const std::vector<Record>& records,
              void (*write)(JsonWriter&, const Record&)) {
  out.Key(key).BeginArray();
  for (const Record& record : records) write(out, record);
  out.EndArray();
}

void WriteEventObject(JsonWriter& out, const EventRecord& record) {
  out.BeginObject();
  WriteEvent(out, record);
  out.EndObject();
}

}  // namespace

std::string RenderListJson(const std::vector<EventRecord>& events) {
  std::string lines;
  for (const EventRecord& event : events) {
    JsonWriter out;
    WriteEventObject(out, event);
    lines += EscapeSteering(out.text()) + "\n";
  }
  return lines;
}

std::string RenderCaseJson(const Case& shown) {
  JsonWriter out;
  out.BeginObject().Key("event");
  WriteEventObject(out, shown.event);
  WriteAll(out, "updates", shown.updates, WriteEventObject);
  WritePlans(out, shown.plans);
  WriteAll(out, "actions", shown.actions, WriteAction);
  WriteAll(out, "follow_ups", shown.follow_ups, WriteFollowUp);
  WriteAll(out, "deliveries", shown.deliveries, WriteDelivery);
  WriteAll(out, "history", shown.history, WriteHistoryLine);
  out.EndObject();
  return EscapeSteering(out.text()) + "\n";
}

}  // namespace sallyport

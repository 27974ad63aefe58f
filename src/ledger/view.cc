// SPDX-License-Identifier: Apache-2.0
#include "ledger/view.h"

#include <algorithm>
#include <cmath>

namespace sallyport {
namespace {

ViewValue TimeOrNothing(const std::optional<TimePoint>& time) {
  return time ? ViewValue(*time) : ViewValue();
}

ViewValue NumberUnless(std::int64_t number, std::int64_t nothing) {
  return number == nothing ? ViewValue() : ViewValue(number);
}

ViewValue TextOrNothing(std::string_view text) {
  return text.empty() ? ViewValue() : ViewValue(std::string(text));
}

// As people type it: the first digits are enough.
constexpr std::size_t kShortDigest = 12;

std::string Word(std::string_view word) {
  return std::string(word);
}

std::vector<std::int64_t> NumbersOf(const std::vector<ActionNumber>& actions) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(actions.size());
  for (const ActionNumber action : actions) numbers.push_back(action.value);
  return numbers;
}

std::string PlaceOf(const CaseRecord& record) {
  if (record.account.empty() && record.region.empty()) return "";
  return record.account + "/" + record.region;
}

template <class Record>
std::vector<ViewRecord> AllOf(const std::vector<Record>& records) {
  std::vector<ViewRecord> all;
  all.reserve(records.size());
  for (const Record& record : records) all.push_back(ViewOf(record));
  return all;
}

}  // namespace

const ViewValue& ValueOf(const ViewRecord& record, std::string_view name) {
  static const ViewValue nothing;
  const auto found =
      std::find_if(record.begin(), record.end(), [&](const ViewField& field) { return field.name == name; });
  return found == record.end() ? nothing : found->value;
}

ViewRecord ViewOf(const CaseRecord& record) {
  return {{"number", record.number.value, Place::kTitle, "case"},
          {"state", Word(ToString(record.state)), Place::kState},
          {"outcome", TextOrNothing(record.outcome), Place::kReason},
          {"opened_at", record.opened_at, Place::kField, "opened"},
          {"changed_at", record.changed_at},
          {"closed_at", TimeOrNothing(record.closed_at), Place::kField, "closed"},
          {"severity", record.severity > 0 ? ViewValue(record.severity) : ViewValue(), Place::kField, "severity"},
          {"title", record.title, Place::kField, "title"},
          {"service", record.service, Place::kField, "service"},
          {"account", record.account, Place::kField, "account"},
          {"region", record.region, Place::kField, "region"},
          {"subject", record.subject, Place::kField, "subject"},
          {"hosts", record.hosts, Place::kField, "hosts"},
          {"all_hosts", static_cast<std::int64_t>(record.all_hosts)},
          {"owners", record.owners, Place::kField, "owners"},
          {"all_owners", static_cast<std::int64_t>(record.all_owners)},
          {"acknowledged", TextOrNothing(record.acknowledged), Place::kField, "acknowledged"},
          {"reason", record.reason, Place::kField, "reason"},
          {"event", record.event.value},
          {"place", PlaceOf(record)}};
}

ViewRecord ViewOf(const EventRecord& record) {
  const NewEvent& event = record.event;
  return {{"number", record.number.value, Place::kTitle, "event"},
          {"case", record.case_number.value},
          {"received_at", record.received_at, Place::kTitle},
          {"state", Word(ToString(record.state)), Place::kState},
          {"reason", record.reason, Place::kReason},
          {"source", event.source},
          {"detail_type", event.detail_type, event.detail_type.empty() ? Place::kNowhere : Place::kTitle},
          {"account", event.account},
          {"region", event.region},
          {"subject", event.subject},
          {"title", event.title},
          {"origin", event.origin, Place::kDetail, "origin"},
          {"sha256", event.sha256}};
}

ViewRecord ViewOf(const PlanRecord& plan) {
  const bool awaits = plan.state == PlanState::kAwaitingApproval;
  return {
      {"number", plan.number.value, Place::kTitle, "plan"},
      {"event", plan.event.value, Place::kTitle, "of event"},
      {"case", plan.case_number.value},
      {"workflow", plan.workflow, Place::kTitle},
      {"actions", std::int64_t{plan.all_actions}, Place::kTitle, "actions"},
      {"digest", plan.digest},
      {"short_digest", plan.digest.substr(0, kShortDigest), Place::kTitle, "digest"},
      {"state", Word(ToString(plan.state)), Place::kState},
      {"reason", plan.reason, Place::kReason},
      {"changed_at", plan.changed_at},
      {"expires_at", TimeOrNothing(plan.expires_at), awaits ? Place::kDetail : Place::kNowhere, "to be approved until"},
      {"answers", plan.question ? ViewValue(plan.question->value) : ViewValue(), Place::kDetail, "answers follow-up"},
      {"last_member", NumberUnless(plan.last_member, 0), Place::kDetail, "members up to"},
      {"format", std::int64_t{plan.format}},
      {"plan", StoredJson{plan.json}}};
}

ViewRecord HeadOf(const PlanRecord& record) {
  ViewRecord head = ViewOf(record);
  for (ViewField& field : head) {
    const bool in_title = field.name == "short_digest" || field.name == "case" || field.name == "workflow";
    if (in_title) field.place = Place::kTitle;
    if (field.name == "number" || field.name == "event" || field.name == "actions") field.place = Place::kNowhere;
    if (field.name == "expires_at" && field.place == Place::kDetail) {
      field.place = Place::kField;
      field.label = "until";
    }
    if (field.name == "short_digest") field.label = "plan";
    if (field.name == "case") field.label = "case";
  }
  return head;
}

ViewRecord ViewOf(const ActionRecord& record) {
  const NewAction& action = record.action;
  return {{"number", record.number.value, Place::kTitle, "action"},
          {"plan", record.plan.value, Place::kTitle, "of plan"},
          {"event", record.event.value},
          {"case", record.case_number.value},
          {"kind", action.kind, Place::kTitle},
          {"what", action.what, Place::kTitle},
          {"subject", action.subject, Place::kTitle},
          {"host", TextOrNothing(action.host)},
          {"key", action.key},
          {"severity", action.severity},
          {"state", Word(ToString(record.state)), Place::kState},
          {record.state == ActionState::kHeld ? "held_by" : "stopped_by", TextOrNothing(record.held_by)},
          {"reason", record.reason, Place::kReason},
          {"changed_at", record.changed_at},
          {"action", StoredJson{action.json}}};
}

ViewRecord ViewOf(const FollowUpRecord& record) {
  const NewFollowUp& follow_up = record.follow_up;
  const Place if_open = record.state == FollowUpState::kOpen ? Place::kDetail : Place::kNowhere;
  const bool waited_for = !follow_up.waiting.empty();
  return {
      {"number", record.number.value, Place::kTitle, "follow-up"},
      {"case", follow_up.case_number.value, Place::kTitle, "case"},
      {"question", follow_up.question, Place::kTitle},
      {"subject", follow_up.subject, Place::kTitle},
      {"waiting", NumbersOf(follow_up.waiting), waited_for ? Place::kTitle : Place::kNowhere,
       follow_up.waiting.size() == 1 ? "for action" : "for actions"},
      {"key", follow_up.key},
      {"state", Word(ToString(record.state)), Place::kState},
      {"reason", record.reason, Place::kReason},
      {"due", follow_up.due, if_open, "due"},
      {"give_up_at", follow_up.give_up_at, if_open, "until"},
      {"attempts", std::int64_t{record.attempts}, if_open, "checks so far:"},
      {"asked_at", record.asked_at},
      {"changed_at", record.changed_at},
      {"members", NumberUnless(record.members, 0), Place::kDetail, "members:"},
      {"trimmed", NumberUnless(record.trimmed, 0), Place::kDetail, "members that are not kept:"},
      {"answered", NumberUnless(record.answered, 0), Place::kDetail, "last member answered:"},
      {"successor", record.successor ? ViewValue(record.successor->value) : ViewValue(), Place::kDetail,
       "later members are in follow-up"},
      {"answered_by", record.plan ? ViewValue(record.plan->value) : ViewValue(), Place::kDetail, "answered by plan"},
      {"format", std::int64_t{follow_up.format}},
      {"follow_up", StoredJson{follow_up.json}}};
}

ViewRecord ViewOf(const MemberRecord& member) {
  return {{"number", std::int64_t{member.number}, Place::kTitle, "member"},
          {"follow_up", member.follow_up.value, Place::kTitle, "of follow-up"},
          {"event", member.event.value, Place::kTitle, "event"},
          {"case", member.case_number.value, Place::kTitle, "case"},
          {"joined_at", member.joined_at, Place::kTitle},
          {"member", StoredJson{member.json}}};
}

ViewRecord ViewOf(const DeliveryRecord& delivery) {
  return {{"number", delivery.number, Place::kTitle, "delivery"},
          {"case", delivery.case_number.value},
          {"message", delivery.message, Place::kTitle},
          {"channel", delivery.channel, Place::kTitle},
          {"state", Word(ToString(delivery.state)), Place::kState},
          {"reason", delivery.reason, Place::kReason},
          {"attempts", std::int64_t{delivery.attempts}},
          {"handle", delivery.handle},
          {"sha256", delivery.sha256},
          {"changed_at", delivery.changed_at}};
}

ViewRecord ViewOf(const HistoryLine& line) {
  return {{"number", line.number},
          {"at", line.at, Place::kTitle},
          {"kind", line.kind, Place::kTitle},
          {"subject", line.subject, Place::kTitle},
          {"event", line.event ? ViewValue(line.event->value) : ViewValue()},
          {"case", line.case_number ? ViewValue(line.case_number->value) : ViewValue()},
          {"state", line.state, Place::kState},
          {"reason", line.reason, Place::kReason},
          {"hash", line.hash}};
}

View ViewOf(const Verification& verified) {
  const bool whole = verified.broken.empty();
  const std::string what = whole ? "hash chain intact; no changed, missing or added record found"
                                 : "records were changed, or are missing or too many";
  return {
      {"",
       "",
       Form::kHeader,
       {{{"whole", whole},
         {"state", Word(whole ? "whole" : "broken"), Place::kState},
         {"found", what, Place::kReason},
         {"broken", verified.broken, Place::kEach, "broken"},
         {"lines", verified.lines, Place::kField, "lines"},
         {"removed", verified.removed, Place::kField, "trimmed"},
         {"compared", verified.compared > 0 ? ViewValue(verified.compared) : ViewValue(), Place::kField, "compared"},
         {"last_hash", verified.last_hash, Place::kField, "last hash"}}}}};
}

View ViewOf(const Case& shown) {
  return {{"case", "case", Form::kHeader, {ViewOf(shown.record)}},
          {"event", "event", Form::kOne, {ViewOf(shown.event)}},
          {"updates", "updates", Form::kList, AllOf(shown.updates)},
          {"plans", "plans", Form::kList, AllOf(shown.plans), "no plan"},
          {"actions", "actions", Form::kList, AllOf(shown.actions)},
          {"follow_ups", "follow-ups", Form::kList, AllOf(shown.follow_ups)},
          {"members", "members", Form::kList, AllOf(shown.members)},
          {"deliveries", "messages", Form::kList, AllOf(shown.deliveries)},
          {"history", "history", Form::kTimeline, AllOf(shown.history)}};
}

// In characters. A region is at most 14, an account 12; a GuardDuty finding id 32.
// "2d", "5h", "12m", "3s"
std::string AgeOf(Duration age) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  if (seconds < 0) return "0s";
  if (seconds >= 86'400) return std::to_string(seconds / 86'400) + "d";
  if (seconds >= 3'600) return std::to_string(seconds / 3'600) + "h";
  return seconds >= 60 ? std::to_string(seconds / 60) + "m" : std::to_string(seconds) + "s";
}

// The instance alone of account/region/instance, and how many there are besides.
std::string FirstOf(const std::vector<std::string>& names, std::size_t all) {
  if (names.empty()) return "";
  const std::string& first = names.front();
  return first.substr(first.rfind('/') + 1) + (all > 1 ? " +" + std::to_string(all - 1) : "");
}

std::string Tenths(double severity) {
  if (severity <= 0) return "";
  const auto tenths = static_cast<int>(std::lround(severity * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

ViewTable CaseOverview(const std::vector<CaseRecord>& cases, TimePoint now) {
  std::vector<ViewRecord> rows;
  rows.reserve(cases.size());
  for (const CaseRecord& record : cases) {
    rows.push_back({{"number", record.number.value},
                    {"state", Word(ToString(record.state))},
                    {"severity", TextOrNothing(Tenths(record.severity))},
                    {"age", AgeOf(std::chrono::duration_cast<Duration>(now - record.opened_at))},
                    {"host", TextOrNothing(FirstOf(record.hosts, record.all_hosts))},
                    {"owner", TextOrNothing(FirstOf(record.owners, record.all_owners))},
                    {"title", record.title},
                    {"outcome", TextOrNothing(record.outcome)}});
  }
  return {{{"CASE", "number", 8, true},
           {"STATE", "state", 12, false, true},
           {"SEV", "severity", 4},
           {"AGE", "age", 5},
           {"HOST", "host", 23},
           {"OWNER", "owner", 16},
           {"TITLE", "title", 20}},
          std::move(rows),
          "No cases found"};
}

ViewTable CaseTable(const std::vector<CaseRecord>& cases) {
  return {{{"NUMBER", "number", 19, true},
           {"OPENED", "opened_at", 20},
           {"STATE", "state", 12, false, true},
           {"OUTCOME", "outcome", 15},
           {"SEVERITY", "severity", 8},
           {"ACCOUNT/REGION", "place", 30},
           {"TITLE", "title", 48},
           {"SUBJECT", "subject", 36},
           {"REASON", "reason", 60}},
          AllOf(cases),
          "No cases found"};
}

}  // namespace sallyport

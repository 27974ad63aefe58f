// SPDX-License-Identifier: Apache-2.0
#include "intake/operator.h"

#include "base/bounds.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "intake/plan_record.h"
#include "workflow/plan.h"

namespace sallyport {
namespace {

constexpr std::size_t kReasonBytes = 1'000;
constexpr std::size_t kNameBytes = 200;

NewEvent EventOfOperator(const CaseRecord& record, std::string_view what, std::string title, std::string body) {
  NewEvent event;
  event.source = kOperatorSource;
  event.detail_type = what;
  event.account = record.account;
  event.region = record.region;
  event.subject = record.subject;
  event.title = std::move(title);
  event.origin = "sallyport cases";
  event.case_number = record.number;
  event.body = std::move(body);
  event.sha256 = Sha256Hex(event.body);
  return event;
}

NewPlan PlanOfClosing(const CaseRecord& record, EventNumber event, const std::string& why) {
  Plan plan;
  plan.workflow = kOperatorWorkflow;
  plan.matter.service = "an operator";
  plan.matter.subject = record.subject;
  plan.matter.title = record.title;
  plan.matter.account = record.account;
  plan.matter.region = record.region;
  plan.reasons = {why};
  plan.says = Plan::Says::kSettled;
  NewPlan made = PlanForLedger(plan);
  made.event = event;
  made.case_number = record.number;
  made.state = PlanState::kExecuted;
  made.reason = why;
  return made;
}

// The case, and what an operator decided about it last.
struct SeenCase {
  CaseRecord record;
  EventNumber decided;  // 0: nothing yet
};

Result<SeenCase> Look(Ledger& ledger, CaseNumber number) {
  // In this order: what is decided in between is noticed.
  const auto named = ledger.GetCase(number);
  if (!named.ok()) return named.error();
  const auto decided = ledger.NewestDecided(named->number, kOperatorSource, kAnyEvent);
  if (!decided.ok()) return decided.error();
  const auto record = ledger.GetCase(named->number);
  if (!record.ok()) return record.error();
  if (record->state == CaseState::kClosed) {
    return Error{ErrorCode::kRefused,
                 "case " + std::to_string(record->number.value) + " is closed already (" + record->outcome + ")", ""};
  }
  if (record->says == CaseSays::kSettled) {
    return Error{ErrorCode::kRefused,
                 "case " + std::to_string(record->number.value) +
                     " was closed already, and ends when what is on its way has ended",
                 ""};
  }
  return SeenCase{*record, decided->has_value() ? (*decided)->number : EventNumber{}};
}

// Records it if no other operator has decided anything about the case since it was looked at.
Result<CaseRecord> Decide(Ledger& ledger, const SeenCase& seen, const NewEvent& event, const std::string& why,
                          bool settles) {
  const CaseNumber number = seen.record.number;
  const auto added = ledger.AddEvent(event);
  if (!added.ok()) return added.error();
  Batch batch;
  batch.claims.emplace_back(NewestIs{number, std::string(kOperatorSource), seen.decided});
  if (settles) batch.items.emplace_back(PlanOfClosing(seen.record, added->number, why));
  batch.items.emplace_back(EventChange{added->number, EventState::kDone, why});
  const auto done = ledger.Commit(batch);
  if (!done.ok()) return done.error();
  if (done->recorded()) return ledger.GetCase(number);
  const std::string overtaken = "another operator decided about the case at the same moment";
  const Status ended = ledger.SetEventState(added->number, EventState::kDuplicate, overtaken + ": nothing was done");
  if (!ended.ok()) return ended.error();
  return Error{ErrorCode::kRefused, "case " + std::to_string(number.value) + ": " + overtaken,
               "look at it again: sallyport cases show " + std::to_string(number.value)};
}

}  // namespace

Result<CaseRecord> CloseCase(Ledger& ledger, CaseNumber number, const std::string& by, const std::string& reason) {
  if (Trim(reason).empty()) {
    return Error{ErrorCode::kInvalidInput, "a case is closed with a reason",
                 "sallyport cases close " + std::to_string(number.value) + " --reason \"...\""};
  }
  const auto seen = Look(ledger, number);
  if (!seen.ok()) return seen.error();
  const std::string name = Printable(by, kNameBytes);
  const std::string text = Printable(reason, kReasonBytes);
  JsonWriter body;
  body.BeginObject().Member("closed_by", name).Member("reason", text).EndObject();
  return Decide(ledger, *seen, EventOfOperator(seen->record, kCaseClosed, "closed by " + name, body.Take()),
                "closed by " + name + ": " + text, true);
}

Result<CaseRecord> AcknowledgeCase(Ledger& ledger, CaseNumber number, const std::string& by, TimePoint until,
                                   TimePoint now, const std::string& reason) {
  if (until <= now) return Error{ErrorCode::kInvalidInput, "a case is acknowledged until a time in the future", ""};
  const auto seen = Look(ledger, number);
  if (!seen.ok()) return seen.error();
  const std::string name = Printable(by, kNameBytes);
  const std::string text = Printable(reason, kReasonBytes);
  JsonWriter body;
  body.BeginObject().Member("acknowledged_by", name).Member("until", FormatTime(until)).Member("reason", text);
  body.EndObject();
  const std::string title = name + " until " + FormatTime(until) + (text.empty() ? "" : ": " + text);
  return Decide(ledger, *seen, EventOfOperator(seen->record, kCaseAcknowledged, title, body.Take()),
                "acknowledged by " + title, false);
}

Result<std::optional<TimePoint>> AcknowledgedUntil(Journal& journal, CaseNumber number) {
  const auto decided = journal.NewestDecided(number, kOperatorSource, kAnyEvent);
  if (!decided.ok()) return decided.error();
  if (!decided->has_value() || (*decided)->event.detail_type != kCaseAcknowledged) return std::optional<TimePoint>();
  const auto body = Json::Parse((*decided)->event.body, bounds::kAnswerBytes);
  if (!body.ok()) return std::optional<TimePoint>();
  return ParseTime((*body)["until"].StringOr(""));
}

}  // namespace sallyport

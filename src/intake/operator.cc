// SPDX-License-Identifier: Apache-2.0
#include "intake/operator.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "intake/plan_record.h"
#include "workflow/plan.h"

namespace sallyport {
namespace {

constexpr std::size_t kReasonBytes = 1'000;

NewEvent EventOfClosing(const CaseRecord& record, const std::string& by, const std::string& reason) {
  NewEvent event;
  event.source = kOperatorSource;
  event.detail_type = "Case Closed";
  event.account = record.account;
  event.region = record.region;
  event.subject = record.subject;
  event.title = "closed by " + Printable(by, 60);
  event.origin = "sallyport cases close";
  event.case_number = record.number;
  JsonWriter body;
  body.BeginObject().Member("closed_by", by).Member("reason", reason).EndObject();
  event.body = body.Take();
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

}  // namespace

Result<CaseRecord> CloseCase(Ledger& ledger, CaseNumber number, const std::string& by, const std::string& reason) {
  if (Trim(reason).empty()) {
    return Error{ErrorCode::kInvalidInput, "a case is closed with a reason",
                 "sallyport cases close " + std::to_string(number.value) + " --reason \"...\""};
  }
  const auto record = ledger.GetCase(number);
  if (!record.ok()) return record.error();
  if (record->state == CaseState::kClosed) {
    return Error{ErrorCode::kRefused,
                 "case " + std::to_string(record->number.value) + " is closed already (" + record->outcome + ")", ""};
  }
  const std::string why = "closed by " + by + ": " + Printable(reason, kReasonBytes);
  const auto added = ledger.AddEvent(EventOfClosing(*record, by, Printable(reason, kReasonBytes)));
  if (!added.ok()) return added.error();
  const auto done = ledger.Commit(
      {{}, {PlanOfClosing(*record, added->number, why), EventChange{added->number, EventState::kDone, why}}});
  if (!done.ok()) return done.error();
  return ledger.GetCase(record->number);
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "executor/executor.h"

#include "base/check.h"
#include "notify/text.h"

namespace sallyport {
namespace {

std::string CaseId(EventNumber event) {
  return "case " + std::to_string(event.value);
}

OwnerMessageToSend ToSend(const NotifyOwner& content, const Plan& plan, EventNumber event) {
  return {content, plan.severity, plan.sample, CaseId(event)};
}

Result<std::optional<EarlierAction>> AsEarlier(const Result<std::optional<ActionRecord>>& found) {
  if (!found.ok()) return found.error();
  if (!found->has_value()) return std::optional<EarlierAction>{};
  const ActionRecord& record = **found;
  // An intention without an outcome: we stopped in the middle. The plan was made after SWP was asked for tasks of ours
  // and it holds none for this scan, so the request never arrived; and a message told twice beats one never told.
  if (record.state == ActionState::kIntended) return std::optional<EarlierAction>{};
  return std::optional(EarlierAction{record.changed_at, record.action.severity, std::string(ToString(record.state))});
}

swp::ScanRequest ScanRequestFor(const RequestScan& scan, const PlannedAction& planned) {
  return {scan.kind, scan.computer, TokenOf(planned.key)};
}

}  // namespace

Executor::Executor(Ledger& ledger, swp::Writes& swp, Notifier& notifier, const Clock& clock, Logger& log,
                   ExecutorOptions options)
    : ledger_(ledger), swp_(swp), notifier_(notifier), clock_(clock), log_(log), options_(std::move(options)) {}

std::vector<ActionOutcome> Executor::Execute(EventNumber event, const Plan& plan,
                                             const std::vector<ActionNumber>& numbers) {
  Check(numbers.size() == plan.actions.size(), "a ledger number for every action");
  std::vector<ActionOutcome> outcomes;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    outcomes.push_back(ExecuteOne(event, plan, plan.actions[i], numbers[i]));
  }
  return outcomes;
}

GateFacts Executor::FactsFor(const Plan& plan, const PlannedAction& planned, ActionNumber number) {
  const Host& host = HostOf(planned.action);
  GateFacts facts;
  facts.kind = KindOf(planned.action);
  facts.writes = Writes(planned.action);
  facts.account = host.account;
  facts.tags = host.tags;
  facts.sample = plan.sample;
  facts.event_time = plan.event_time;
  facts.severity = plan.severity;
  facts.now = clock_.Now();
  facts.force = options_.force;
  facts.kill_switch = ReadKillSwitch(options_.gates.kill_switch_file);
  facts.same_decision = AsEarlier(ledger_.FindCarriedOut(planned.key, number));
  if (facts.writes) {
    facts.within_cool_down =
        AsEarlier(ledger_.FindRecent(KindOf(planned.action), WhatOf(planned.action), SubjectOf(planned.action),
                                     facts.now - options_.gates.cool_down, number));
  }
  return facts;
}

ActionOutcome Executor::ExecuteOne(EventNumber event, const Plan& plan, const PlannedAction& planned,
                                   ActionNumber number) {
  ActionOutcome outcome;
  outcome.number = number;
  const GateFacts facts = FactsFor(plan, planned, number);
  outcome.gates = AskGates(options_.gates, facts);
  // A sample's message is really sent, marked as one; only what it would write is shown instead of done.
  if (options_.dry_run || (facts.sample && facts.writes)) outcome.would_do = WouldDo(plan, planned, event);
  if (!AllPassed(outcome.gates)) {
    const GateVerdict& refusal = outcome.gates.back();
    // A sample finding is not refused: nothing but a rehearsal was ever meant.
    outcome.state = refusal.gate == "sample" ? ActionState::kDryRun : ActionState::kRefused;
    outcome.reason = std::string(refusal.gate) + ": " + refusal.reason;
    return Record(std::move(outcome));
  }
  if (options_.dry_run) {
    outcome.state = ActionState::kDryRun;
    outcome.reason = "every gate passed; a dry run calls nothing";
    return Record(std::move(outcome));
  }
  return CarryOut(event, plan, planned, std::move(outcome));
}

ActionOutcome Executor::CarryOut(EventNumber event, const Plan& plan, const PlannedAction& planned,
                                 ActionOutcome outcome) {
  // INVARIANT: durable before the act. Without this line on disk a crash could repeat the act or lose it.
  const Status intended = ledger_.SetActionState(outcome.number, ActionState::kIntended, "about to be carried out");
  if (!intended.ok()) {
    outcome.state = ActionState::kFailed;
    outcome.recorded = false;
    outcome.reason = "not carried out, because the ledger could not be written: " + intended.error().message;
    log_.Failure("action not carried out", intended.error(), {{"action", outcome.number.value}});
    return outcome;
  }
  if (const auto* scan = std::get_if<RequestScan>(&planned.action)) {
    Act(*scan, planned, outcome);
  } else {
    Act(ToSend(std::get<NotifyOwner>(planned.action), plan, event), outcome);
  }
  return Record(std::move(outcome));
}

void Executor::Act(const RequestScan& scan, const PlannedAction& planned, ActionOutcome& outcome) {
  const auto accepted = swp_.RequestScan(ScanRequestFor(scan, planned));
  if (!accepted.ok()) {
    // A lost answer stays "intended" in the ledger's words: it may have happened, and nothing may assume otherwise.
    const bool unknown = accepted.error().code == ErrorCode::kOutcomeUnknown;
    outcome.state = unknown ? ActionState::kIntended : ActionState::kFailed;
    outcome.reason = accepted.error().ToText();
    log_.Failure("scan not requested", accepted.error(), {{"computer", scan.computer.value}});
    return;
  }
  outcome.state = ActionState::kRequested;
  outcome.accepted = *accepted;
  outcome.reason = "SWP took it as task " + std::to_string(accepted->task.value) + " at " +
                   FormatTime(accepted->accepted_at) + " of its clock" +
                   (accepted->found_again ? ", found again after a lost answer" : "");
  log_.Info("scan requested",
            {{"computer", scan.computer.value}, {"scan", swp::ApiName(scan.kind)}, {"task", accepted->task.value}});
}

void Executor::Act(const OwnerMessageToSend& message, ActionOutcome& outcome) {
  const Status sent = notifier_.Send(message);
  outcome.state = sent.ok() ? ActionState::kSent : ActionState::kFailed;
  outcome.reason = sent.ok() ? "handed to the channel" : sent.error().ToText();
}

std::string Executor::WouldDo(const Plan& plan, const PlannedAction& planned, EventNumber event) const {
  if (const auto* scan = std::get_if<RequestScan>(&planned.action)) {
    return swp_.DescribeRequestScan(ScanRequestFor(*scan, planned));
  }
  return MessageText(ToSend(std::get<NotifyOwner>(planned.action), plan, event));
}

ActionOutcome Executor::Record(ActionOutcome outcome) {
  const Status recorded = ledger_.SetActionState(outcome.number, outcome.state, outcome.reason);
  if (!recorded.ok()) {
    log_.Failure("outcome not recorded", recorded.error(),
                 {{"action", outcome.number.value}, {"state", ToString(outcome.state)}});
    outcome.recorded = false;
    outcome.reason += "; the ledger could not record it: " + recorded.error().message;
  }
  return outcome;
}

}  // namespace sallyport

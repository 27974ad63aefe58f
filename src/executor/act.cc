// SPDX-License-Identifier: Apache-2.0
//
// One overload for each kind of action: the calls it makes, what their answers mean, and what is to be asked later.
#include <algorithm>

#include "base/text.h"
#include "executor/executor.h"
#include "notify/render_text.h"

namespace sallyport {
namespace {

swp::ScanRequest ScanRequestFor(const RequestScan& scan, const PlannedAction& planned) {
  return {scan.kind, scan.computer, TokenOf(planned.key)};
}

std::vector<RuleId> IdsOf(const std::vector<RuleToAssign>& rules) {
  std::vector<RuleId> ids;
  ids.reserve(rules.size());
  for (const RuleToAssign& rule : rules) ids.push_back(rule.id);
  return ids;
}

std::vector<RuleId> Missing(const std::vector<RuleId>& wanted, const std::vector<RuleId>& assigned) {
  std::vector<RuleId> missing;
  for (const RuleId rule : wanted) {
    if (std::find(assigned.begin(), assigned.end(), rule) == assigned.end()) missing.push_back(rule);
  }
  return missing;
}

// Whether a text about what the agent does may be about such a scan. SWP promises nothing about these texts: one that
// names neither this kind of scan nor other known work may be.
bool MayBeScan(swp::ScanKind kind, const std::string& agent_task) {
  struct Word {
    std::string_view word;
    std::optional<swp::ScanKind> kind;
  };
  static constexpr Word kWords[] = {{"recommend", swp::ScanKind::kRecommendation},
                                    {"integrity", swp::ScanKind::kIntegrity},
                                    {"malware", swp::ScanKind::kMalware},
                                    {"policy", std::nullopt}};
  const std::string text = ToLowerAscii(agent_task);
  bool names_other = false;
  for (const Word& word : kWords) {
    if (text.find(word.word) == std::string::npos) continue;
    if (word.kind == kind) return true;
    names_other = true;
  }
  return !names_other;
}

// What may be repeated without harm: whether it was carried out is seen when it is tried again.
void FailRepeatable(const Error& error, ActionOutcome& outcome) {
  outcome.state = ActionState::kFailed;
  outcome.reason = error.ToText();
}

// A lost answer stays "intended" in the ledger's words: it may have happened, and nothing may assume otherwise.
void Fail(const Error& error, ActionOutcome& outcome) {
  outcome.state = error.code == ErrorCode::kOutcomeUnknown ? ActionState::kIntended : ActionState::kFailed;
  outcome.reason = error.ToText();
}

}  // namespace

void Executor::AwaitScan(const RequestScan& scan, std::optional<ScheduledTaskId> task, TimePoint since,
                         const Step& step, std::vector<NewFollowUp>& follow_ups) const {
  const Matter& matter = step.recorded.plan.matter;
  follow_ups.push_back(
      AskLater({ScanFinished{scan.kind, scan.computer, task, since, scan.host}, matter}, step.recorded.case_number));
  follow_ups.push_back(AskLater({CaseEnded{}, matter}, step.recorded.case_number));
}

// A request whose outcome is not known, because we stopped: is its task there, or was it carried out and removed? A
// scan that ended, or an agent that may be at it, since we meant to ask is taken for ours: none more is needed.
Result<std::optional<swp::AcceptedScan>> Executor::FindIntendedScan(const RequestScan& scan, const Step& step) {
  auto held = parts_.writes.FindRequestedScan(ScanRequestFor(scan, step.planned));
  if (!held.ok() || held->has_value()) return held;
  const TimePoint since = *step.intended_at + (parts_.writes.ManagerNow() - parts_.clock.Now());
  const auto progress = parts_.reads.CheckScan(scan.kind, scan.computer, since);
  if (!progress.ok()) return progress.error();
  const auto may_be_ours = [&](const std::string& task) { return MayBeScan(scan.kind, task); };
  const bool works = progress->computer && std::any_of(progress->computer->agent_tasks.begin(),
                                                       progress->computer->agent_tasks.end(), may_be_ours);
  if (!progress->finished && !works) return std::optional<swp::AcceptedScan>();
  return std::optional(swp::AcceptedScan{ScheduledTaskId{0}, since, true});
}

void Executor::Act(const RequestScan& scan, const Step& step, ActionOutcome& outcome,
                   std::vector<NewFollowUp>& follow_ups) {
  if (scan.joins) {
    outcome.state = ActionState::kWaiting;
    outcome.reason = "joins the scan of task " + std::to_string(scan.joins->task.value);
    return AwaitScan(scan, scan.joins->task, scan.joins->since, step, follow_ups);
  }
  Result<swp::AcceptedScan> accepted = Error{};
  auto found = step.intended_at ? FindIntendedScan(scan, step) : Result<std::optional<swp::AcceptedScan>>(std::nullopt);
  if (!found.ok()) {
    accepted = Error{ErrorCode::kOutcomeUnknown,
                     "the scan may have been requested before; this could not be found out: " + found.error().message,
                     "look for the task `" + swp::TaskName(ScanRequestFor(scan, step.planned)) + "` in SWP"};
  } else if (found->has_value()) {
    accepted = **found;
  } else {
    accepted = parts_.writes.RequestScan(ScanRequestFor(scan, step.planned));
  }
  if (!accepted.ok()) {
    Fail(accepted.error(), outcome);
    parts_.log.Failure("scan not requested", accepted.error(), {{"computer", scan.computer.value}});
    return;
  }
  std::optional<ScheduledTaskId> task;
  if (accepted->task.value > 0) task = accepted->task;
  outcome.state = ActionState::kRequested;
  outcome.reason = task ? "SWP took it as task " + std::to_string(task->value) + " at " +
                              FormatTime(accepted->accepted_at) + " of its clock"
                        : "SWP had taken it before we stopped, and has removed its task since";
  if (task && accepted->found_again) outcome.reason += ", found again after a lost answer";
  AwaitScan(scan, task, accepted->accepted_at, step, follow_ups);
  parts_.log.Info("scan requested", {{"computer", scan.computer.value},
                                     {"scan", swp::ApiName(scan.kind)},
                                     {"task", task.value_or(ScheduledTaskId{0}).value}});
}

// Additive: only what is missing is added, and what other people assigned stays (design, rule 6; edge case I16).
void Executor::Act(const AssignRules& assign, const Step& step, ActionOutcome& outcome,
                   std::vector<NewFollowUp>& follow_ups) {
  const auto before = parts_.reads.GetAssignments(assign.scope, assign.module);
  if (!before.ok()) return FailRepeatable(before.error().In("nothing was assigned"), outcome);
  const std::vector<RuleId> wanted = IdsOf(assign.rules);
  const std::vector<RuleId> missing = Missing(wanted, before->assigned);
  // What is assigned already may have been so for long, or since we stopped: then its policy has to arrive still.
  TimePoint since;
  if (step.intended_at) since = *step.intended_at + (parts_.writes.ManagerNow() - parts_.clock.Now());
  if (!missing.empty()) {
    const auto accepted = parts_.writes.AssignRules(assign.scope, assign.module, missing);
    if (!accepted.ok()) {
      parts_.log.Failure("rules not assigned", accepted.error(), {{"scope", swp::ToString(assign.scope)}});
      return FailRepeatable(accepted.error(), outcome);
    }
    since = accepted->accepted_at;
  }
  outcome.state = ActionState::kApplied;
  outcome.reason = missing.empty() ? "all of them were assigned already"
                                   : std::to_string(missing.size()) + " of " + std::to_string(wanted.size()) +
                                         " added; the others were there";
  if (missing.size() == wanted.size()) outcome.reason = "added";
  const Matter& matter = step.recorded.plan.matter;
  follow_ups.push_back(
      AskLater({RulesEffective{assign.module, assign.scope, assign.computer, wanted, since, assign.host}, matter},
               step.recorded.case_number));
  follow_ups.push_back(AskLater({CaseEnded{}, matter}, step.recorded.case_number));
}

void Executor::Act(const DeleteTask& task, const Step&, ActionOutcome& outcome, std::vector<NewFollowUp>&) {
  const Status deleted = parts_.writes.DeleteTask(task.task);
  if (!deleted.ok()) return FailRepeatable(deleted.error(), outcome);
  outcome.state = ActionState::kVerified;
  outcome.reason = "SWP confirms that it is gone";
}

void Executor::Act(const NotifyOwner& message, const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>&) {
  const auto sent = parts_.notifier.Send(ToSend(message, step.recorded));
  outcome.state = sent.ok() ? ActionState::kSent : ActionState::kFailed;
  outcome.reason = sent.ok() ? *sent : sent.error().ToText();
}

Message Executor::ToSend(const NotifyOwner& content, const RecordedPlan& recorded) const {
  const TimePoint now = parts_.clock.Now();
  return MessageFor(content,
                    {recorded.case_number.value, recorded.plan.matter.severity, recorded.plan.matter.sample, now, now},
                    options_.directory);
}

std::string Executor::WouldDo(const Step& step) const {
  const swp::Writes& swp = parts_.writes;
  const Action& action = step.planned.action;
  if (const auto* scan = std::get_if<RequestScan>(&action)) {
    return scan->joins ? "nothing: it waits for task " + std::to_string(scan->joins->task.value)
                       : swp.DescribeRequestScan(ScanRequestFor(*scan, step.planned));
  }
  if (const auto* assign = std::get_if<AssignRules>(&action)) {
    return swp.DescribeAssignRules(assign->scope, assign->module, IdsOf(assign->rules));
  }
  if (const auto* task = std::get_if<DeleteTask>(&action)) return swp.DescribeDeleteTask(task->task);
  return ConsoleText(ToSend(std::get<NotifyOwner>(action), step.recorded));
}

}  // namespace sallyport

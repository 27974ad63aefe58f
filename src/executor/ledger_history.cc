// SPDX-License-Identifier: Apache-2.0
#include "executor/ledger_history.h"

#include "base/bounds.h"
#include "base/json.h"
#include "workflow/swp_events_workflow.h"

namespace sallyport {

namespace {

// Those that other processes recorded while a whole was made.
constexpr std::size_t kReadBehindWhole = 50;
constexpr std::size_t kMostPlansRead = 4 * LedgerHistory::kPlansBetweenWholes;

void LeaveOutCounted(const SwpEvidence& known, SwpEvidence& older) {
  for (const auto& [group, more] : known.more) {
    if (more == 0) continue;
    older.ids.erase(group);
    older.more.erase(group);
  }
}

}  // namespace

Result<SwpEvidence> LedgerHistory::EvidenceOf(std::int64_t case_number) {
  const auto plans = journal_.NewestPlans(CaseNumber{case_number}, kSwpEventsName, kMostPlansRead);
  if (!plans.ok()) return plans.error();
  SwpEvidence evidence;
  since_whole_ = 0;
  std::optional<std::size_t> whole;
  for (std::size_t i = 0; i < plans->size(); ++i) {
    if (whole && i > *whole + kReadBehindWhole) break;
    const auto json = Json::Parse((*plans)[i].json, bounds::kAnswerBytes);
    // Retention removed it.
    if ((*plans)[i].json.empty()) continue;
    if (!json.ok()) return json.error().In("what SWP reported, plan " + std::to_string((*plans)[i].number.value));
    if (!(*json)["evidence"].HasValue()) continue;
    auto one = EvidenceFromJson((*json)["evidence"]);
    if (!one.ok()) return one.error().In("what SWP reported, plan " + std::to_string((*plans)[i].number.value));
    // What a whole counts without its ids would be counted twice.
    if (whole) LeaveOutCounted(evidence, *one);
    if (one->whole && !whole) whole = i;
    if (!whole) ++since_whole_;
    Merge(*one, evidence);
  }
  return evidence;
}

Result<bool> LedgerHistory::WasCarriedOut(std::string_view key) {
  const auto action = journal_.FindCarriedOut(key, ActionNumber{0});
  if (!action.ok()) return action.error().In("what became of an earlier change could not be read");
  if (!action->has_value()) return false;
  switch ((**action).state) {
    case ActionState::kRequested:
    case ActionState::kApplied:
    case ActionState::kWaiting:
    case ActionState::kVerified:
    case ActionState::kNotVerifiable:
      return true;
    default:
      return false;
  }
}

Result<std::string> LedgerHistory::WhyEvidence(const InstanceId& instance) {
  const auto found = journal_.FindCompromised(instance.value);
  if (!found.ok()) return found.error().In("whether a finding calls it compromised could not be read");
  if (!found->has_value()) return std::string();
  const std::string number = std::to_string((*found)->value);
  return "probably compromised by a finding of case " + number +
         ", its rules stay as evidence until that is settled (sallyport cases close " + number + ")";
}

}  // namespace sallyport

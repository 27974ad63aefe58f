// SPDX-License-Identifier: Apache-2.0
#include "intake/outcome_text.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace sallyport {
namespace {

// Steps that are told together: the same sort of action with the same end.
struct OutcomeGroup {
  ActionState state = ActionState::kPlanned;
  std::string_view noun;
  std::string gate;  // which one stopped them; empty: none
  std::vector<const Step*> steps;
};

// The gate stands before the reason, also in what was read back from the ledger.
std::string GateThatStopped(const ActionOutcome& outcome) {
  if (!outcome.gates.empty()) {
    const GateVerdict& last = outcome.gates.back();
    return last.passed ? "" : std::string(last.gate);
  }
  const bool stopped = outcome.state == ActionState::kRefused || outcome.state == ActionState::kSkipped ||
                       outcome.state == ActionState::kWould;
  return stopped ? outcome.reason.substr(0, outcome.reason.find(": ")) : "";
}

std::vector<OutcomeGroup> GroupsOf(const std::vector<Step>& steps) {
  std::vector<OutcomeGroup> groups;
  for (const Step& step : steps) {
    OutcomeGroup of{step.outcome.state, NounOf(step.planned.action), GateThatStopped(step.outcome), {}};
    const auto same = [&](const OutcomeGroup& group) {
      return group.state == of.state && group.noun == of.noun && group.gate == of.gate;
    };
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) group = groups.insert(groups.end(), std::move(of));
    group->steps.push_back(&step);
  }
  return groups;
}

// " on web-01 (i-0123456789abcdef0)", " on 3 hosts"; empty: about no host.
std::string WhereOf(const OutcomeGroup& group) {
  std::set<std::string> hosts;
  for (const Step* step : group.steps) {
    if (const Host* host = HostOf(step->planned.action)) hosts.insert(NameOf(*host));
  }
  if (hosts.empty()) return "";
  const std::string on = group.noun == "message" ? " about " : " on ";
  return on + (hosts.size() == 1 ? *hosts.begin() : CountText(hosts.size(), "host"));
}

std::string_view Unfinished(std::size_t count) {
  if (count == 1) return ", not finished yet";
  return count == 2 ? ", neither finished yet" : ", none finished yet";
}

std::string_view WhyOnlyWould(const std::string& gate) {
  if (gate == "mode") return "observe mode, ";
  return gate == "sample" ? "sample finding, " : "dry run, ";
}

std::string TextOf(const OutcomeGroup& group) {
  const Step& first = *group.steps.front();
  const std::string count = CountText(group.steps.size(), group.noun);
  const std::string what = count + WhereOf(group);
  const bool is_scan = group.noun == "scan";
  switch (group.state) {
    case ActionState::kWould:
      return std::string(WhyOnlyWould(group.gate)) + "would " + std::string(VerbOf(first.planned.action)) + " " + what;
    case ActionState::kRequested:
      return count + " requested" + WhereOf(group) + std::string(Unfinished(group.steps.size()));
    case ActionState::kWaiting:
    case ActionState::kApplied:
      if (is_scan) return count + " requested" + WhereOf(group) + std::string(Unfinished(group.steps.size()));
      return what + ": applied, not confirmed yet";
    case ActionState::kSent:
      return count + ": " + first.outcome.reason;
    case ActionState::kHeld:
      return what + " held: " + first.outcome.reason;
    case ActionState::kRefused:
    case ActionState::kSkipped:
    case ActionState::kFailed:
    case ActionState::kNotVerifiable:
      return what + " " + std::string(ToString(group.state)) + ": " + first.outcome.reason;
    case ActionState::kIntended:
      return what + ": " + first.outcome.reason;
    case ActionState::kPlanned:
    case ActionState::kVerified:
      break;
  }
  return what + " " + std::string(ToString(group.state));
}

// "3 of 5 actions refused: 2 exclusion-tag, 1 event-age": where several gates stopped them no single reason says it
// all.
std::string StoppedBySeveral(ActionState state, const std::vector<OutcomeGroup>& groups, std::size_t all) {
  std::map<std::string, std::size_t> by_gate;
  std::size_t stopped = 0;
  for (const OutcomeGroup& group : groups) {
    if (group.state != state) continue;
    by_gate[group.gate] += group.steps.size();
    stopped += group.steps.size();
  }
  if (by_gate.size() < 2) return "";
  std::string gates;
  for (const auto& [gate, count] : by_gate) gates += (gates.empty() ? "" : ", ") + std::to_string(count) + " " + gate;
  return std::to_string(stopped) + " of " + CountText(all, "action") + " " + std::string(ToString(state)) + ": " +
         gates;
}

}  // namespace

std::string OutcomeOf(const std::vector<Step>& steps) {
  const std::vector<OutcomeGroup> groups = GroupsOf(steps);
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  std::set<ActionState> told;
  for (const OutcomeGroup& group : groups) {
    if (told.contains(group.state)) continue;
    const bool stopped = group.state == ActionState::kRefused || group.state == ActionState::kSkipped;
    const std::string several = stopped ? StoppedBySeveral(group.state, groups, steps.size()) : "";
    if (!several.empty()) told.insert(group.state);
    add(several.empty() ? TextOf(group) : several);
  }
  return text;
}

}  // namespace sallyport

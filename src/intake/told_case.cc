// SPDX-License-Identifier: Apache-2.0
#include "intake/told_case.h"

#include <algorithm>

#include "action/notify_owner.h"
#include "base/bounds.h"
#include "base/text.h"
#include "intake/operator.h"
#include "intake/plan_record.h"
#include "workflow/case_ended.h"
#include "workflow/recommendations.h"
#include "workflow/swp_events_workflow.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostWhy = 20;
constexpr std::size_t kDigestDigits = 12;

ToldHost HostOfDecision(const HostDecision& decision) {
  ToldHost host;
  host.host = decision.host;
  host.owner = decision.owner;
  host.protection = ToString(decision.protection.state);
  for (const ProtectionNote& note : decision.protection.decisive) host.protection_reasons.push_back(note.text);
  if (decision.protection.state == ProtectionState::kUndetermined) {
    host.undetermined =
        host.protection_reasons.empty() ? "its protection is undetermined" : host.protection_reasons.front();
  }
  if (!decision.undetermined_why.empty()) host.undetermined = decision.undetermined_why;
  return host;
}

// Whether a message told how all that was done for the host ended.
bool EndWasTold(const ToldHost& host) {
  if (host.newest_end == nullptr) return false;
  return std::all_of(host.actions.begin(), host.actions.end(),
                     [&](const ActionRecord* action) { return action->number.value < host.newest_end->number.value; });
}

bool HasManualRules(const ToldHost& host) {
  return std::any_of(host.actions.begin(), host.actions.end(), [](const ActionRecord* action) {
    return action->reason.find(kNeedsDecisionInSwp) != std::string::npos;
  });
}

// Of the newest action with that outcome.
std::string ReasonOf(const ToldHost& host, ActionState state) {
  for (auto action = host.actions.rbegin(); action != host.actions.rend(); ++action) {
    if ((*action)->state == state) return (*action)->reason;
  }
  return "";
}

std::string DetailOf(const ToldHost& host, std::string_view cause) {
  if (cause == "failed") return ReasonOf(host, ActionState::kFailed);
  if (cause == "outcome-unknown") return ReasonOf(host, ActionState::kIntended);
  if (cause == "not-verified") return ReasonOf(host, ActionState::kNotVerifiable);
  if (cause == "undetermined") return host.undetermined;
  if (cause == "not-protected") return host.protection_reasons.empty() ? "" : host.protection_reasons.front();
  if (cause == "malware") return "SWP reported malware that it did not remove";
  if (cause == "manual-rules") return "SWP recommends rules that need a decision or configuration there";
  return "until the finding is archived, or an operator closes the case";
}

std::string WhyOfHost(const ToldHost& host, std::string_view cause) {
  std::string why = TitleOf(host.host) + ": ";
  why += CauseWords(cause, host);
  const std::string detail = DetailOf(host, cause);
  return detail.empty() ? why : why + ": " + detail;
}

}  // namespace

// The newest plan of that sort that decided about something.
template <class IsIt>
Status ToldCase::FindBase(IsIt is_it) {
  for (auto record = tell_.shown.plans.rbegin(); record != tell_.shown.plans.rend(); ++record) {
    const bool is_own = record->workflow == kMessagesWorkflow || record->workflow == kOperatorWorkflow;
    // Content that retention removed has nothing more to tell.
    if (is_own || record->json.empty()) continue;
    auto plan = PlanOf(*record, tell_.kinds, tell_.questions);
    if (!plan.ok()) return plan.error();
    if (plan->collect || !is_it(*plan)) continue;
    base_ = *std::move(plan);
    base_event_ = record->event;
    break;
  }
  return Ok();
}

Result<bool> ToldCase::Read() {
  // A follow-up's plan is about a part of the case, that of an archived finding about none of its hosts.
  Status found = FindBase([](const Plan& plan) { return plan.workflow != kFollowUpWorkflow && !plan.hosts.empty(); });
  // The case of a question that collects has answers alone.
  if (found.ok() && !base_) found = FindBase([](const Plan&) { return true; });
  if (!found.ok()) return found.error();
  if (!base_ || base_->matter.sample) return false;
  for (const HostDecision& decision : base_->hosts) {
    if (hosts_.size() < kHostsToldApart) hosts_.push_back(HostOfDecision(decision));
  }
  // A case that malware opened has no other plan than what SWP reported.
  if (base_->hosts.empty() && base_->evidence) AddHostsOf(*base_->evidence);
  if (hosts_.empty()) AddHostOfActions();
  for (const ActionRecord& action : tell_.shown.actions) AddAction(action);
  return true;
}

void ToldCase::AddHostsOf(const SwpEvidence& evidence) {
  for (const std::string& subject : evidence.hosts) {
    const std::size_t region = subject.find('/');
    const std::size_t instance = subject.rfind('/');
    if (instance == std::string::npos || region == instance || hosts_.size() == kHostsToldApart) continue;
    ToldHost host;
    host.host.account = subject.substr(0, region);
    host.host.region = subject.substr(region + 1, instance - region - 1);
    host.host.instance = {subject.substr(instance + 1)};
    hosts_.push_back(std::move(host));
  }
}

// A case that is about no host, like that of a map, is told under the first host that an action of it touches.
void ToldCase::AddHostOfActions() {
  for (const ActionRecord& action : tell_.shown.actions) {
    if (action.action.kind == NotifyOwner::kKind) continue;
    const auto read = ActionOf(action);
    if (!read) continue;
    for (const Target& target : TargetsOf(*read).hosts) {
      if (target.host.instance.value.empty()) continue;
      ToldHost host;
      host.host = target.host;
      hosts_.push_back(std::move(host));
      is_about_no_host_ = true;
      return;
    }
  }
}

void ToldCase::AddAction(const ActionRecord& action) {
  const bool is_message = action.action.kind == NotifyOwner::kKind;
  // Also of a host that no plan of the case decided about: a case of a map has hosts in its actions alone.
  if (is_message) keys_.insert(action.action.key);
  const bool is_of_case = is_about_no_host_ && !is_message;
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const ToldHost& one) {
    return is_of_case ||
           one.host.Subject() == (action.action.host.empty() ? action.action.subject : action.action.host);
  });
  if (host == hosts_.end()) return;
  if (!is_message) {
    host->actions.push_back(&action);
    return;
  }
  host->newest_message = &action;
  host->is_back = host->is_back || IsReturn(action);
  if (!action.action.what.starts_with("case-")) host->newest_end = &action;
}

// A message with which the case was told that its host is protected by now.
bool ToldCase::IsReturn(const ActionRecord& action) const {
  bool is_behind = false;
  bool says = false;
  for (const PlanRecord& plan : tell_.shown.plans) {
    if (plan.number == action.plan) says = plan.says == CaseSays::kProtectedNow;
    if (plan.says == CaseSays::kNotProtected) is_behind = plan.number.value < action.plan.value;
  }
  return says && is_behind;
}

std::optional<Action> ToldCase::ActionOf(const ActionRecord& record) const {
  const auto json = Json::Parse(record.action.json, bounds::kAnswerBytes);
  if (!json.ok()) return std::nullopt;
  auto action = tell_.kinds.Read(*json);
  return action.ok() ? std::optional(*std::move(action)) : std::nullopt;
}

bool ToldCase::AwaitsApproval() const {
  return std::any_of(tell_.shown.plans.begin(), tell_.shown.plans.end(),
                     [](const PlanRecord& plan) { return plan.state == PlanState::kAwaitingApproval; });
}

bool ToldCase::EndIsAwaited() const {
  return std::any_of(tell_.shown.follow_ups.begin(), tell_.shown.follow_ups.end(), [](const FollowUpRecord& one) {
    return one.state == FollowUpState::kOpen && one.follow_up.question == CaseEnded::kName;
  });
}

// Malware can be reported after the end was told.
bool ToldCase::IsTold(const ToldHost& host, std::string_view cause) const {
  // How the scans ended says which rules need a decision, too.
  if (!EndWasTold(host)) return false;
  if (cause != "malware") return true;
  return std::all_of(tell_.shown.plans.begin(), tell_.shown.plans.end(), [&](const PlanRecord& plan) {
    return plan.workflow != kSwpEventsName || plan.changed_at <= host.newest_message->changed_at;
  });
}

std::string ToldCase::CauseOf(const ToldHost& host) const {
  for (const ActionRecord* action : host.actions) {
    if (action->state == ActionState::kFailed) return "failed";
  }
  for (const ActionRecord* action : host.actions) {
    if (action->state == ActionState::kIntended) return "outcome-unknown";
    if (action->state == ActionState::kNotVerifiable) return "not-verified";
  }
  if (!host.undetermined.empty()) return "undetermined";
  if (tell_.results.evidence.MalwareLeft() > 0 && tell_.results.evidence.hosts.contains(host.host.Subject())) {
    return "malware";
  }
  if (record_.says == CaseSays::kCompromised) return "compromised";
  const bool says_so = record_.says == CaseSays::kNotProtected && !host.is_back;
  if (says_so && host.protection == ToString(ProtectionState::kNotProtected)) return "not-protected";
  return HasManualRules(host) && IsSaidSince(record_.says, CaseSays::kManualRules) ? "manual-rules" : "";
}

// Whether a plan says `word` behind the newest that says `base`, which is what the case says.
bool ToldCase::IsSaidSince(CaseSays base, CaseSays word) const {
  for (auto plan = tell_.shown.plans.rbegin(); plan != tell_.shown.plans.rend(); ++plan) {
    if (plan->says == word) return true;
    if (plan->says == base && base != CaseSays::kNothing) return false;
  }
  return false;
}

std::string_view CauseWords(std::string_view cause, const ToldHost& host) {
  if (cause == "failed") return "a step failed";
  if (cause == "outcome-unknown") return "outcome unknown";
  if (cause == "not-verified") return "not verified";
  if (cause == "undetermined") {
    const bool is_protection = host.protection == ToString(ProtectionState::kUndetermined);
    return is_protection ? "protection undetermined" : "running scans undetermined";
  }
  if (cause == "malware") return "malware found";
  if (cause == "not-protected") return "not protected";
  if (cause == "manual-rules") return "rules need a decision";
  return cause == "compromised" ? "probably compromised" : "needs a person";
}

std::vector<std::string> WhyNeedsPerson(const CaseToTell& tell) {
  const CaseRecord& record = tell.shown.record;
  if (record.state != CaseState::kNeedsPerson) return {};
  std::vector<std::string> why;
  for (const PlanRecord& plan : tell.shown.plans) {
    if (plan.state != PlanState::kAwaitingApproval || why.size() == kMostWhy) continue;
    const std::string digest = plan.digest.substr(0, kDigestDigits);
    std::string waits = "plan " + digest + " waits for approval";
    if (plan.expires_at) waits += ", until " + TimeText(*plan.expires_at);
    why.push_back(waits += ": sallyport plans approve " + digest);
  }
  ToldCase told(tell);
  if (const auto has = told.Read(); has.ok() && *has) {
    for (const ToldHost& host : told.hosts()) {
      const std::string cause = told.CauseOf(host);
      if (!cause.empty() && why.size() < kMostWhy) why.push_back(WhyOfHost(host, cause));
    }
  }
  if (record.says == CaseSays::kNotBlocked) {
    why.push_back(
        "SWP was not seen to block it on a host of the case, and no rule is planned there: sallyport patches "
        "show " +
        Printable(record.title, 40));
  }
  if (why.empty() && !record.reason.empty()) why.push_back(record.reason);
  return why;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "intake/case_notices.h"

#include <algorithm>
#include <set>

#include "action/notify_owner.h"
#include "base/bounds.h"
#include "base/severity.h"
#include "base/text.h"
#include "executor/executor.h"
#include "gates/gates.h"
#include "intake/told_case.h"
#include "workflow/owner.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostLines = 10;
constexpr std::size_t kShownDigits = 12;

std::string CountedHosts(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " host" : " hosts");
}

// "in 59m (12:00:00 UTC)"
std::string Until(TimePoint time, TimePoint now) {
  const auto left = std::chrono::duration_cast<std::chrono::minutes>(time - now);
  if (time <= now) return "at " + FormatTime(time);
  return "in " + FormatDuration(std::max(left, std::chrono::minutes(1))) + " (" + FormatTime(time) + ")";
}

// The case as messages need it.
class Teller {
 public:
  Teller(const CaseToTell& tell, const ToldCase& told) : tell_(tell), record_(tell.shown.record), told_(told) {
    keys_ = told.keys();
  }

  Plan Notices() {
    Begin("messages about the case");
    for (const PlanRecord& plan : tell_.shown.plans) {
      if (plan.state == PlanState::kAwaitingApproval) TellApproval(plan, MessageKind::kNeedsApproval, "");
      if (plan.state == PlanState::kExpired && IsNews(plan.changed_at)) TellExpired(plan);
    }
    if (record_.state == CaseState::kNeedsPerson) TellNeedsPerson();
    if (record_.state == CaseState::kClosed) TellClosed();
    const bool is_opening = record_.outcome != "settled" && IsNews(record_.opened_at);
    if (is_opening && record_.severity >= tell_.settings.opened_from) TellOpened();
    return std::move(plan_);
  }

  Plan Reminder(int attempt) {
    Begin("a reminder of the case");
    const std::string which = std::to_string(attempt);
    bool any_awaits = false;
    for (const PlanRecord& plan : tell_.shown.plans) {
      if (plan.state != PlanState::kAwaitingApproval) continue;
      any_awaits = true;
      TellApproval(plan, MessageKind::kReminder, which);
    }
    if (any_awaits) return std::move(plan_);
    const auto age = std::chrono::duration_cast<std::chrono::minutes>(tell_.now - record_.opened_at);
    for (const ToldHost& host : told_.hosts()) {
      NotifyOwner message = About(host, MessageKind::kReminder);
      message.headline = TitleOf(host.host) + " still needs a person after " + FormatDuration(age) + ": " + Urgency();
      message.why_now.push_back("the case has needed a person and was not acknowledged");
      AddCauses(host, message);
      message.command = "sallyport cases ack " + Number();
      message.to_do = {"Act on it, or acknowledge the case: reminders pause then"};
      Add(std::move(message), {"reminder", which});
    }
    return std::move(plan_);
  }

 private:
  std::string Number() const { return std::to_string(record_.number.value); }
  bool IsNews(TimePoint time) const { return tell_.now - time <= tell_.news_last; }
  std::string Urgency() const {
    const Matter& matter = told_.base().matter;
    const std::string band(DisplayName(BandOf(record_.severity)));
    return Printable(matter.service, 40) + (record_.severity > 0 ? " " + band : "") + ": " +
           Printable(matter.title, 120);
  }

  void Begin(std::string reason) {
    plan_ = Plan{};
    plan_.workflow = kMessagesWorkflow;
    plan_.decision = Decision::kNotify;
    plan_.matter = told_.base().matter;
    plan_.matter.severity = record_.severity;
    plan_.matter.newer_wins = false;
    plan_.reasons = {std::move(reason)};
  }

  NotifyOwner About(const ToldHost& host, MessageKind kind) const {
    NotifyOwner message;
    message.host = host.host;
    message.kind = kind;
    message.reason = "case-" + std::string(ToString(kind));
    message.status = MatterStatus::kUpdated;
    message.owner = host.owner;
    message.owner_source = host.owner.empty() ? "" : "as the plan of the case found it";
    message.case_state = std::string(ToString(record_.state)) + (record_.outcome.empty() ? "" : ": " + record_.outcome);
    const std::string what = told_.base().evidence ? ": " : " finding ";
    message.why_now = {Printable(told_.base().matter.service, 40) + what + Printable(told_.base().matter.title, 200) +
                       ", severity " + SeverityText(record_.severity)};
    for (std::string& words : sallyport::WordsOf(tell_.results)) message.why_now.push_back(std::move(words));
    message.protection_state = host.protection;
    message.protection = host.protection_reasons;
    for (const ActionRecord* action : host.actions) {
      if (message.done.size() == kMostLines) break;
      const auto read = told_.ActionOf(*action);
      message.done.push_back({std::string(ToString(action->state)),
                              read ? Describe(*read) : action->action.kind + " " + action->action.what,
                              action->reason});
    }
    message.links = told_.base().matter.links;
    return message;
  }

  // `tells`: what makes it another notice than one of the same kind about the same host of the case.
  void Add(NotifyOwner message, std::vector<std::string> tells) {
    std::vector<std::string> parts = {"case-notice", Number(), message.host.Subject(),
                                      std::string(ToString(message.kind))};
    parts.insert(parts.end(), tells.begin(), tells.end());
    PlannedAction planned;
    planned.key = IdempotencyKey(parts);
    if (!keys_.insert(planned.key).second) return;
    planned.why = {message.headline};
    planned.action = std::move(message);
    plan_.actions.push_back(std::move(planned));
  }

  void TellOpened() {
    if (told_.is_about_no_host()) return;
    for (const ToldHost& host : told_.hosts()) {
      // Whoever was told about the host in this case knows that it is open.
      if (host.newest_message != nullptr || WasTold(host)) continue;
      NotifyOwner message = About(host, MessageKind::kOpened);
      message.status = MatterStatus::kOpen;
      message.headline = TitleOf(host.host) + " " + (host.protection.empty() ? "malware reported" : host.protection) +
                         ", " + Urgency();
      const bool goes_on = record_.state != CaseState::kClosed && !host.actions.empty();
      message.to_do = {goes_on ? "Nothing yet: Sallyport reports how the steps above end"
                               : "Investigate the finding: Sallyport does nothing more on this host"};
      Add(std::move(message), {});
    }
  }

  bool WasTold(const ToldHost& host) const {
    return std::any_of(plan_.actions.begin(), plan_.actions.end(),
                       [&](const PlannedAction& planned) { return SubjectOf(planned.action) == host.host.Subject(); });
  }

  ToldHost Known(const Host& host) const {
    const auto found = std::find_if(told_.hosts().begin(), told_.hosts().end(),
                                    [&](const ToldHost& one) { return one.host.Subject() == host.Subject(); });
    if (found != told_.hosts().end()) return *found;
    ToldHost other;
    other.host = host;
    return other;
  }

  // One message for a plan, under the first host that it waits for, with all of them.
  void TellApproval(const PlanRecord& record, MessageKind kind, const std::string& which) {
    std::vector<std::string> held;
    std::set<std::string> names;
    std::optional<ToldHost> first;
    for (const ActionRecord& action : tell_.shown.actions) {
      if (action.plan != record.number || !IsHeldForPerson(action.state, action.held_by)) continue;
      const auto read = told_.ActionOf(action);
      if (!read) continue;
      held.push_back(Describe(*read));
      for (const Target& target : TargetsOf(*read).hosts) {
        names.insert(NameOf(target));
        if (!first && !target.host.instance.value.empty()) first = Known(target.host);
      }
    }
    if (!first && !told_.hosts().empty()) first = told_.hosts().front();
    if (held.empty() || !first) return;
    const std::string digest = record.digest.substr(0, kShownDigits);
    NotifyOwner message = About(*first, kind);
    const std::string until = record.expires_at ? Until(*record.expires_at, tell_.now) : "soon";
    message.headline = TitleOf(first->host) + " needs approval, " + Urgency() + "; expires " + until;
    message.why_now.push_back("plan " + digest + " affects " + CountedHosts(names.size()) + ": " +
                              Listed({names.begin(), names.end()}, kMostLines));
    message.why_now.push_back("waiting for approval: " + Listed(held, kMostLines));
    message.to_do = {"Approve the plan, which expires " + until +
                     "; to look at it or reject it: sallyport plans show|reject " + digest};
    message.command = "sallyport plans approve " + digest;
    Add(std::move(message), {record.digest, std::to_string(record.number.value), which});
  }

  void TellExpired(const PlanRecord& record) {
    if (told_.hosts().empty()) return;
    const std::string digest = record.digest.substr(0, kShownDigits);
    NotifyOwner message = About(told_.hosts().front(), MessageKind::kNeedsPerson);
    message.headline = TitleOf(told_.hosts().front().host) + " approval expired, nothing of plan " + digest +
                       " was carried out, " + Urgency();
    message.why_now.push_back("the plan was neither approved nor rejected before " + FormatTime(record.changed_at));
    message.to_do = {"To plan again with current facts"};
    message.command = "sallyport cases retry " + Number() + " --yes";
    Add(std::move(message), {"expired", record.digest, std::to_string(record.number.value)});
  }

  void AddCauses(const ToldHost& host, NotifyOwner& message) const {
    const std::string cause = told_.CauseOf(host);
    if (cause == "undetermined") message.why_now.push_back("undetermined: " + host.undetermined);
    if (cause == "malware") {
      message.why_now.emplace_back(
          "SWP reported malware that it did not remove: the case stays open until the finding is archived or an "
          "operator closes the case");
    }
    if (cause == "compromised") {
      message.why_now.emplace_back(
          "the finding says that the host is probably compromised: the case stays open until the finding is "
          "archived");
    }
    if (cause == "not-protected") {
      message.why_now.emplace_back(
          "SWP does not protect the host: the case stays open until it does, the finding is "
          "archived, or an operator closes the case");
    }
    if (cause == "manual-rules") {
      message.why_now.emplace_back(
          "SWP recommends rules that need a decision or configuration in SWP, so Sallyport "
          "does not assign them");
    }
    if (cause.empty() && !record_.reason.empty()) message.why_now.push_back(record_.reason);
  }

  std::string ToDo(std::string_view cause) const {
    if (cause == "failed" || cause == "undetermined") return "Look at the reasons above, and try it again";
    if (told_.base().evidence) return "Look at the malware in SWP; operators close the case then";
    if (cause == "manual-rules") return "Decide about the rules in SWP; operators close the case then";
    return "Investigate the finding, and archive it in " + Printable(told_.base().matter.service, 40) +
           " when you are done";
  }

  void TellNeedsPerson() {
    if (told_.EndIsAwaited()) return;
    for (const ToldHost& host : told_.hosts()) {
      const std::string cause = told_.CauseOf(host);
      // A case that waits for an approval alone was told so; one host of several may need nobody.
      const bool case_says =
          cause.empty() && told_.hosts().size() == 1 && plan_.actions.empty() && !told_.AwaitsApproval();
      if ((cause.empty() && !case_says) || told_.IsTold(host, cause)) continue;
      NotifyOwner message = About(host, cause == "failed" ? MessageKind::kFailed : MessageKind::kNeedsPerson);
      if (cause == "failed") message.status = MatterStatus::kFailed;
      if (cause == "outcome-unknown") message.status = MatterStatus::kUnknown;
      if (cause == "not-verified") message.status = MatterStatus::kNotVerified;
      message.headline = TitleOf(host.host) + " " + std::string(CauseWords(cause, host)) + ", " + Urgency();
      AddCauses(host, message);
      message.to_do = {ToDo(cause)};
      message.command = cause == "failed" || cause == "undetermined" ? "sallyport cases retry " + Number() + " --yes"
                                                                     : "sallyport cases show " + Number();
      const std::string left = cause == "malware" ? std::to_string(tell_.results.evidence.MalwareLeft()) : "";
      Add(std::move(message), {cause, left.empty() ? LastDone(host) : left});
    }
  }

  // News about the same host for the same cause are those of another action or another event.
  std::string LastDone(const ToldHost& host) const {
    if (!host.actions.empty()) return std::to_string(host.actions.back()->number.value);
    return "event " + std::to_string(told_.base_event().value);
  }

  // Only who heard of the host in this case, and the decision of a person or the service: an end that was found is
  // told with what became of each step.
  void TellClosed() {
    const bool rejected = std::any_of(tell_.shown.plans.begin(), tell_.shown.plans.end(), [](const PlanRecord& plan) {
      return plan.state == PlanState::kRejected || plan.state == PlanState::kOutdated;
    });
    if (record_.outcome != "settled" && !(record_.outcome == "refused" && rejected)) return;
    if (!record_.closed_at || !IsNews(*record_.closed_at)) return;
    for (const ToldHost& host : told_.hosts()) {
      if (host.newest_message == nullptr) continue;
      NotifyOwner message = About(host, MessageKind::kClosed);
      message.headline = TitleOf(host.host) + " case closed, " + Urgency();
      if (const std::string why = WhyClosed(); !why.empty()) message.why_now.push_back(why);
      message.to_do.clear();
      Add(std::move(message), {FormatTime(*record_.closed_at)});
    }
  }

  // Of the newest plan that ended so.
  std::string WhyClosed() const {
    for (auto plan = tell_.shown.plans.rbegin(); plan != tell_.shown.plans.rend(); ++plan) {
      if (plan->workflow == kMessagesWorkflow || plan->reason.empty()) continue;
      return plan->reason;
    }
    return record_.reason;
  }

  const CaseToTell& tell_;
  const CaseRecord& record_;
  const ToldCase& told_;
  std::set<std::string> keys_;
  Plan plan_;
};

}  // namespace

Result<Plan> NoticesOf(const CaseToTell& tell) {
  ToldCase told(tell);
  const auto has = told.Read();
  if (!has.ok()) return has.error();
  return *has ? Teller(tell, told).Notices() : Plan{};
}

Result<Plan> ReminderOf(const CaseToTell& tell, int attempt) {
  ToldCase told(tell);
  const auto has = told.Read();
  if (!has.ok()) return has.error();
  return *has ? Teller(tell, told).Reminder(attempt) : Plan{};
}

std::optional<TimePoint> FirstReminder(const CaseToTell& tell) {
  const NoticeSettings& settings = tell.settings;
  if (settings.reminder.first <= Duration{0} || tell.shown.record.state != CaseState::kNeedsPerson) return std::nullopt;
  // Whoever was reminded to the end is not reminded again before something new happens.
  const bool gave_up =
      std::any_of(tell.shown.follow_ups.begin(), tell.shown.follow_ups.end(), [&](const FollowUpRecord& one) {
        return one.follow_up.question == kCaseReminder && one.state == FollowUpState::kGivenUp &&
               one.changed_at >= tell.shown.record.changed_at;
      });
  if (gave_up) return std::nullopt;
  TimePoint first = tell.now + settings.reminder.first;
  if (settings.before_expiry <= Duration{0}) return first;
  for (const PlanRecord& plan : tell.shown.plans) {
    if (plan.state != PlanState::kAwaitingApproval || !plan.expires_at) continue;
    const TimePoint before = *plan.expires_at - settings.before_expiry;
    if (before > tell.now) first = std::min(first, before);
  }
  return first;
}

}  // namespace sallyport

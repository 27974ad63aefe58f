// SPDX-License-Identifier: Apache-2.0
#include "workflow/host_back.h"

#include <utility>

#include "action/host.h"
#include "action/notify_owner.h"
#include "base/text.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

NotifyOwner BackMessage(const Host& host, const Protection& protection, const Matter& matter,
                        const OwnerSettings& owners) {
  NotifyOwner message;
  message.host = host;
  const Owner owner = FindOwner(host.tags, host.account, owners);
  message.owner = owner.name;
  message.owner_source = owner.source;
  message.reason = "protected-now";
  message.status = MatterStatus::kUpdated;
  message.protection_state = ToString(protection.state);
  for (const ProtectionNote& note : protection.decisive) message.protection.push_back(note.text);
  message.headline = "Update: " + TitleOf(host) + " can be scanned again";
  message.why_now = {Printable(matter.service, 40) + " finding " + Printable(matter.title, 200)};
  message.links = matter.links;
  return message;
}

HostBackFacts GatherHostBack(const FollowUpContext&, const HostBack& ask, Sources& sources,
                             const WorkflowSettings& settings) {
  HostBackFacts facts;
  facts.protection = JudgeProtection({ask.host.instance, ask.host.account},
                                     sources.swp.FindComputers(ask.host.instance), settings.protection, sources.now);
  if (facts.protection.CanScan()) facts.our_tasks = sources.swp.FindOurTasks(facts.protection.computer->id);
  return facts;
}

void DecideHostBack(const FollowUpContext& context, const HostBack& ask, const HostBackFacts& facts,
                    const WorkflowSettings& settings, TimePoint now, Plan& plan) {
  if (!facts.protection.CanScan()) {
    const auto& decisive = facts.protection.decisive;
    return NotYet(context, now, decisive.empty() ? "the host cannot be scanned yet" : decisive.back().text, plan);
  }
  if (!facts.our_tasks || !facts.our_tasks->ok()) {
    return NotYet(context, now, "could not check which scans were already requested", plan);
  }
  const swp::Computer& computer = *facts.protection.computer;
  HostDecision decision;
  decision.host = Refreshed(ask.host, computer);
  // What was awaited may be an activation.
  decision.host.activation = computer.agent_fingerprint;
  decision.found_in = "an earlier finding";
  decision.owner = FindOwner(decision.host.tags, decision.host.account, settings.owner).name;
  decision.protection = facts.protection;
  const auto key = [&](std::string_view scan) {
    return IdempotencyKey({"host-back", decision.host.Subject(), context.question.matter.subject, std::string(scan)});
  };
  for (const WantedScan& wanted : ask.scans) {
    decision.scans.push_back(PlanScan(
        wanted, {decision.host, computer, **facts.our_tasks, now, settings.cool_down, key, settings.apply.placement},
        plan.actions));
  }
  decision.summary = "can be scanned again; the scans that had to wait are planned";
  if (ask.owner_was_told) {
    AddMessage(BackMessage(decision.host, decision.protection, context.question.matter, settings.owner), "", plan);
  }
  // An agent that is in touch protects nothing by that alone. It is said of this host: the message is about it.
  const bool is_protected = facts.protection.state == ProtectionState::kProtected;
  if (ask.owner_was_told && is_protected) plan.says = Plan::Says::kProtectedNow;
  const std::string title = TitleOf(decision.host);
  plan.hosts.push_back(std::move(decision));
  return Answered(Answer::Kind::kVerified, title + " can be scanned again", plan);
}

void DescribeScan(Members& json, WantedScan& scan) {
  json.Word("scan", scan.kind, swp::ApiName, swp::ScanKindFromApiName, "scan")("apply_results", scan.apply_results);
  json("why", scan.why);
}

}  // namespace

std::string HostBack::Key(const Matter& matter, std::int64_t case_number) const {
  return Subject(matter) + "/case " + std::to_string(case_number);
}

void HostBack::DescribeJson(Members& json) {
  json("owner_was_told", owner_was_told);
  json.List("scans", scans, DescribeScan)("host", host);
}

QuestionOf<HostBack, HostBackFacts> HostBackQuestion() {
  return {GatherHostBack, DecideHostBack};
}

}  // namespace sallyport

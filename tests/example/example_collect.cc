// SPDX-License-Identifier: Apache-2.0
#include "tests/example/example_collect.h"

#include <algorithm>
#include <map>
#include <set>

#include "action/assign_rules.h"
#include "action/notify_owner.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "workflow/answers.h"
#include "workflow/owner.h"

namespace sallyport {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kAdvisorySeverity = 7;
constexpr std::int64_t kContent = 1;  // of a member: how this release writes it
constexpr CollectTimes kTimes = {seconds(90), minutes(10), 500};

Result<Advisory> ReadAdvisory(const Event& event) {
  JsonFields fields;
  Advisory advisory;
  advisory.id = fields.RequiredText(event.detail["id"]);
  const std::string instance = fields.RequiredText(event.detail["instance"]);
  advisory.rule = RuleId{static_cast<std::int32_t>(fields.Whole(event.detail["rule"], 0))};
  advisory.time = event.time;
  if (!fields.status().ok()) return fields.status().error();
  const auto id = ParseInstanceId(instance);
  if (!id.ok()) return id.error().In(event.detail["instance"].Path());
  advisory.host = Host{event.account, event.region, *id, "", std::nullopt};
  return advisory;
}

// Each is a case of its own.
std::vector<Matter> AboutAdvisory(const Advisory& advisory, const WorkflowSettings&) {
  Matter matter;
  matter.service = "Example scanner";
  matter.subject = advisory.id + " " + advisory.host.instance.value;
  matter.title = Printable(advisory.id, 100);
  matter.account = advisory.host.account;
  matter.region = advisory.host.region;
  matter.severity = kAdvisorySeverity;
  matter.time = advisory.time;
  return {matter};
}

NoFacts GatherNothing(const Advisory&, const Matter&, Sources&, const WorkflowSettings&) {
  return {};
}

// The case of the answers: one for the tenant, whatever the window.
Matter MatterOfAll(const std::string& tenant) {
  Matter matter;
  matter.service = "Example scanner";
  matter.subject = "advisories of tenant " + tenant;
  matter.title = "advisories";
  matter.severity = kAdvisorySeverity;
  return matter;
}

void JoinAdvisories(const Advisory& advisory, const NoFacts&, const WorkflowSettings&, Plan& plan) {
  plan.reasons = {"advisory " + plan.matter.title + " is covered by a rule of SWP"};
  OtherSubject about;
  about.kind = "EC2 instance";
  about.id = advisory.host.instance.value;
  about.found_in = "detail.instance";
  about.summary = "decided about with the other advisories";
  plan.others.push_back(about);
  JsonWriter content;
  content.BeginObject().Member("version", kContent).Member("rule", std::int64_t{advisory.rule.value}).Key("host");
  WriteHost(content, advisory.host);
  const std::string tenant = "example";
  plan.collect = Collect{{AdvisoryRules{tenant}, MatterOfAll(tenant)}, {about.id, content.EndObject().Take()}, kTimes};
}

Result<AdvisoryHost> ReadMember(const Member& member) {
  const auto content = Json::Parse(member.content.json);
  if (!content.ok()) return content.error();
  if (Status known = CheckFormat((*content)["version"], kContent, "an advisory"); !known.ok()) return known.error();
  auto host = HostFromJson((*content)["host"]);
  if (!host.ok()) return host.error();
  return AdvisoryHost{*std::move(host), RuleId{static_cast<std::int32_t>((*content)["rule"].Int64Or(0))}};
}

// What is read of a host once is remembered for the others.
AdvisoryFacts GatherMembers(const FollowUpContext& context, const AdvisoryRules&, Sources& sources,
                            const WorkflowSettings&) {
  AdvisoryFacts facts;
  for (const Member& member : context.members) {
    auto host = ReadMember(member);
    if (host.ok()) host->computers = sources.swp.FindComputers(host->host.instance);
    facts.push_back(std::move(host));
  }
  return facts;
}

// What is written to one computer, and which cases it is for.
struct Write {
  AssignRules assign;
  std::vector<std::int64_t> cases;
};

// A member about which nothing can be done, or nothing could be found out. Its case shows the plan.
void AddUndecided(const Member& member, std::string summary, std::string undetermined_why, Plan& plan) {
  OtherSubject other;
  other.kind = "EC2 instance";
  other.id = Printable(member.content.subject, 100);
  other.found_in = "event " + std::to_string(member.event);
  other.summary = std::move(summary);
  other.undetermined_why = std::move(undetermined_why);
  plan.others.push_back(std::move(other));
}

std::map<std::int32_t, Write> WritesFor(const FollowUpContext& context, const AdvisoryFacts& facts, Plan& plan) {
  std::map<std::int32_t, Write> writes;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Member& member = context.members[i];
    if (!facts[i].ok() || !facts[i]->computers.ok()) {
      AddUndecided(member, "", (facts[i].ok() ? facts[i]->computers.error() : facts[i].error()).message, plan);
      continue;
    }
    const auto& computers = *facts[i]->computers;
    const auto with_agent = std::find_if(computers.begin(), computers.end(), [](const swp::Computer& computer) {
      return !computer.agent_fingerprint.empty();
    });
    if (with_agent == computers.end()) {
      AddUndecided(member, "SWP has no agent there", "", plan);
      continue;
    }
    Write& write = writes[with_agent->id.value];
    write.assign.scope = swp::Scope::Of(with_agent->id);
    write.assign.computer = with_agent->id;
    write.assign.host = facts[i]->host;
    write.assign.host.name = with_agent->display_name;
    write.assign.host.tags = with_agent->tags;
    const RuleToAssign rule{facts[i]->rule, "", ""};
    if (std::find(write.assign.rules.begin(), write.assign.rules.end(), rule) == write.assign.rules.end()) {
      write.assign.rules.push_back(rule);
    }
    write.cases.push_back(member.case_number);
  }
  return writes;
}

// The key says what is done to what: the same for whoever decides it again.
PlannedAction ActionOf(Write write) {
  auto& rules = write.assign.rules;
  std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.id.value < b.id.value; });
  std::vector<std::string> parts = {std::string(AssignRules::kKind), swp::ToString(write.assign.scope)};
  for (const RuleToAssign& rule : rules) parts.push_back(std::to_string(rule.id.value));
  PlannedAction planned;
  planned.key = IdempotencyKey(parts);
  planned.why = {std::to_string(write.cases.size()) + " advisories about this host"};
  planned.cases = std::move(write.cases);
  planned.action = std::move(write.assign);
  return planned;
}

void DecideAdvisories(const FollowUpContext& context, const AdvisoryRules& ask, const AdvisoryFacts& facts,
                      const WorkflowSettings& settings, TimePoint now, Plan& plan) {
  const bool nothing_read =
      std::none_of(facts.begin(), facts.end(), [](const auto& host) { return host.ok() && host->computers.ok(); });
  if (nothing_read) return NotYet(context, now, "SWP could not be asked about any of the hosts", plan);
  // One that was delivered twice is one.
  std::set<std::string> advisories;
  for (const Member& member : context.members) advisories.insert(member.content.json);
  for (auto& [computer, write] : WritesFor(context, facts, plan)) plan.actions.push_back(ActionOf(std::move(write)));
  if (!plan.actions.empty()) {
    // Told once, whatever number of advisories.
    NotifyOwner message;
    message.host = *HostOf(plan.actions.front().action);
    const Owner owner = FindOwner(message.host.tags, message.host.account, settings.owner);
    message.owner = owner.name;
    message.owner_source = owner.source;
    message.reason = "advisories";
    message.headline = std::to_string(advisories.size()) + " advisories: rules for " +
                       std::to_string(plan.actions.size()) + " computers";
    message.why_now = {"advisories of tenant " + ask.tenant};
    // Which advisories: others are told again.
    std::string content;
    for (const std::string& advisory : advisories) content += advisory;
    AddMessage(std::move(message), content, plan);
  }
  Answered(Answer::Kind::kVerified, std::to_string(advisories.size()) + " advisories of tenant " + ask.tenant, plan);
}

}  // namespace

void AdvisoryRules::DescribeJson(Members& json) {
  json("tenant", tenant);
}

WorkflowOf<Advisory, NoFacts> AdvisoryWorkflow() {
  return {.name = "advisories",
          .service = "Example scanner",
          .source = "example.scanner",
          .detail_types = {"Advisory"},
          .read = ReadAdvisory,
          .about = AboutAdvisory,
          .decline = nullptr,
          .gather = GatherNothing,
          .plan = JoinAdvisories};
}

QuestionOf<AdvisoryRules, AdvisoryFacts> AdvisoryQuestion() {
  return {GatherMembers, DecideAdvisories};
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/config_workflow.h"

#include <algorithm>

#include "action/put_evaluations.h"
#include "base/text.h"
#include "compliance/seams.h"
#include "workflow/config_rule.h"

namespace sallyport {
namespace {

using compliance::Compliance;
using compliance::JudgedHost;
using compliance::Verdict;

constexpr std::string_view kConfigName = "config";
constexpr std::string_view kConfigService = "AWS Config";
constexpr std::string_view kConfigSource = "aws.config";
constexpr std::string_view kInvocationType = "AWS Config Rule Invocation";
constexpr std::size_t kShownConfigName = 128;
// How many undetermined hosts of a schedule a plan names.
constexpr std::size_t kUndeterminedNamed = 20;

// What the evaluations of one program know together.
struct ConfigMemory {
  compliance::Fleet fleet;
  compliance::Runs runs;
};

std::string RunDocument(const ConfigInvocation& invocation) {
  return "config/" + Printable(invocation.rule_id, kShownConfigName) + "/" + invocation.place.account + "/" +
         invocation.place.region;
}

std::vector<Matter> AboutConfig(const ConfigInvocation& invocation) {
  Matter matter;
  matter.service = kConfigService;
  matter.subject = Printable(invocation.rule_id, kShownConfigName) + " " +
                   (invocation.scheduled ? "schedule" : Printable(invocation.resource_id, kShownConfigName));
  matter.title = "rule " + Printable(invocation.rule_name, kShownConfigName);
  matter.account = invocation.place.account;
  matter.region = invocation.place.region;
  matter.time = invocation.ordering;
  return {matter};
}

// SWP alone, where nobody offers more (compliance/seams.h).
Result<std::vector<swp::FleetComputer>> FindInSwp(const InstanceId& instance, swp::Reads& swp) {
  auto found = swp.FindComputers(instance);
  if (!found.ok()) return found.error();
  std::vector<swp::FleetComputer> fleet;
  for (swp::Computer& computer : *found) fleet.push_back({std::move(computer), std::nullopt});
  return fleet;
}

// Reads what the rule asks for about one instance.
class ChangeReader {
 public:
  ChangeReader(const ConfigInvocation& invocation, Sources& sources, const compliance::Context& context,
               ConfigMemory& memory)
      : invocation_(invocation),
        rule_(*invocation.parameters),
        sources_(sources),
        reads_(compliance::OfferedBy<compliance::Reads>(sources.reach)),
        context_(context),
        memory_(memory) {}

  void Read(ConfigFacts& facts) {
    compliance::Resource resource = invocation_.resource;
    if (invocation_.oversized) AddRecorded(resource, facts.host);
    const compliance::Needs needs = compliance::NeedsOf(rule_, context_.exclusion);
    if (facts.host.resource_unread.empty() && !compliance::JudgeWithoutSwp(rule_, resource, context_)) {
      if (needs.computers) ReadComputers(resource, facts.host);
      if (!needs.run.empty()) {
        facts.host.run = memory_.runs.Ask(needs.run, resource.instance, sources_.documents);
      }
      if (reads_ != nullptr) {
        resource.cluster = memory_.fleet.ClusterOf(invocation_.place, resource.instance, *reads_, context_.now);
      }
    }
    facts.resource = std::move(resource);
  }

 private:
  // The summary of an oversized item holds neither tags nor state: what is stopped, excluded or exempt is no verdict
  // about its protection, so without them there is none.
  void AddRecorded(compliance::Resource& resource, compliance::HostFacts& host) const {
    auto item = reads_ == nullptr
                    ? Result<compliance::Resource>(Error{ErrorCode::kUnavailable, "AWS cannot be asked here", ""})
                    : reads_->RecordedItem(invocation_.place, resource.instance, *invocation_.ordering);
    if (!item.ok()) {
      host.resource_unread = item.error().In("the item that was too large to be sent").ToText();
      return;
    }
    resource.state = item->state;
    resource.launched = item->launched;
    resource.tags = std::move(item->tags);
  }

  void ReadComputers(compliance::Resource& resource, compliance::HostFacts& host) {
    host.requests_known = reads_ != nullptr;
    host.computers = reads_ == nullptr ? FindInSwp(resource.instance, sources_.swp)
                                       : memory_.fleet.Find(resource, *reads_, context_.now);
    resource.tags = compliance::TagsOfAll(resource, host);
    const swp::FleetComputer* record = compliance::ChosenRecord(resource, host, context_);
    if (record == nullptr || compliance::JudgeWithoutSwp(rule_, resource, context_)) return;
    const swp::Computer& computer = record->computer;
    const compliance::Needs needs = compliance::NeedsOf(rule_, context_.exclusion);
    if (needs.policies && computer.policy) ReadPolicies(*computer.policy, host);
    if (!needs.assignments || computer.agent_fingerprint.empty()) return;
    for (const swp::RuleModule module : compliance::ModulesWithScans(computer)) {
      host.assignments.emplace(module, sources_.swp.GetAssignments(swp::Scope::Of(computer.id), module));
    }
  }

  void ReadPolicies(PolicyId policy, compliance::HostFacts& host) {
    if (reads_ != nullptr) {
      host.policies = memory_.fleet.PolicyLine(policy, *reads_, context_.now);
      return;
    }
    std::optional<PolicyId> next = policy;
    while (next && !host.policies.contains(*next)) {
      const auto read = sources_.swp.GetPolicy(*next);
      host.policies.emplace(*next, read);
      next = read.ok() ? read->parent : std::nullopt;
    }
  }

  const ConfigInvocation& invocation_;
  const compliance::RuleParameters& rule_;
  Sources& sources_;
  compliance::Reads* reads_;
  const compliance::Context& context_;
  ConfigMemory& memory_;
};

compliance::EstateFacts ReadAll(const ConfigInvocation& invocation, Sources& sources,
                                const compliance::Context& context, ConfigMemory& memory) {
  auto* reads = compliance::OfferedBy<compliance::Reads>(sources.reach);
  if (reads == nullptr) {
    compliance::EstateFacts facts;
    facts.failed = Error{ErrorCode::kUnavailable, "AWS cannot be asked here", ""};
    return facts;
  }
  return compliance::GatherEstate(*invocation.parameters, invocation.place, context, RunDocument(invocation),
                                  invocation.rule_name, nullptr,
                                  {*reads, memory.fleet, memory.runs, sources.documents});
}

ConfigFacts GatherConfig(const ConfigInvocation& invocation, Sources& sources, const WorkflowSettings& settings,
                         ConfigMemory& memory) {
  ConfigFacts facts;
  facts.read_at = sources.now;
  const bool asks = invocation.problem.empty() && invocation.not_applicable.empty() && invocation.parameters;
  if (!asks) return facts;
  const compliance::Context context = ConfigContext(settings, sources.now);
  if (invocation.scheduled) {
    facts.estate = ReadAll(invocation, sources, context, memory);
  } else {
    ChangeReader(invocation, sources, context, memory).Read(facts);
  }
  return facts;
}

// Never in the future: AWS Config would refuse every verdict after it (edge case C5).
TimePoint OrderingOf(const ConfigInvocation& invocation, TimePoint now) {
  return std::min(invocation.ordering.value_or(now), now);
}

// What makes it the same put: the rule, the moment that is judged, and what is said. The time of the notification tells
// an evaluation that somebody asked for from the one before it.
std::string KeyOfPut(const ConfigInvocation& invocation, const PutEvaluations& put) {
  std::vector<std::string> parts = {std::string(PutEvaluations::kKind),
                                    invocation.rule_id,
                                    invocation.place.account,
                                    invocation.place.region,
                                    std::to_string(ToEpochMilliseconds(put.ordering)),
                                    invocation.notified,
                                    put.test ? "test" : ""};
  for (const compliance::Evaluation& one : put.evaluations) {
    parts.push_back(one.resource_type + " " + one.resource_id);
    parts.push_back(std::string(compliance::ToString(one.compliance)) + " " + one.annotation);
  }
  return IdempotencyKey(parts);
}

void PlanPut(const ConfigInvocation& invocation, std::vector<compliance::Evaluation> evaluations,
             const std::string& batch, const ConfigFacts& facts, Plan& plan) {
  PutEvaluations put;
  put.place = invocation.place;
  put.rule = invocation.rule_name;
  put.batch = batch;
  put.ordering = OrderingOf(invocation, facts.read_at);
  put.test = invocation.test;
  put.evaluations = std::move(evaluations);
  PlannedAction planned;
  planned.key = KeyOfPut(invocation, put);
  planned.action = std::move(put);
  plan.actions.push_back(std::move(planned));
}

OtherSubject SubjectOfHost(const ConfigInvocation& invocation, const std::string& id, const Verdict& verdict) {
  OtherSubject subject;
  subject.kind = "AWS Config resource";
  subject.id = Printable(id, kShownConfigName);
  subject.account = invocation.place.account;
  subject.region = invocation.place.region;
  subject.found_in = "invokingEvent";
  subject.summary = std::string(compliance::ToString(verdict.compliance)) + ": " + verdict.annotation;
  if (verdict.compliance == Compliance::kUndetermined) {
    subject.undetermined_why = "no verdict reported, the earlier one stays: " + verdict.annotation;
  }
  return subject;
}

Verdict VerdictOfChange(const ConfigInvocation& invocation, const ConfigFacts& facts,
                        const compliance::Context& context) {
  if (!invocation.not_applicable.empty()) return compliance::Say(Compliance::kNotApplicable, invocation.not_applicable);
  return compliance::Judge(*invocation.parameters, facts.resource.value_or(invocation.resource), facts.host, context);
}

void DecideChange(const ConfigInvocation& invocation, const ConfigFacts& facts, const compliance::Context& context,
                  Plan& plan) {
  const Verdict verdict = VerdictOfChange(invocation, facts, context);
  plan.others.push_back(SubjectOfHost(invocation, invocation.resource_id, verdict));
  if (verdict.compliance == Compliance::kUndetermined) {
    plan.decision = Decision::kUndetermined;
    return;
  }
  if (!invocation.has_token) {
    plan.decision = Decision::kNothing;
    plan.reasons.emplace_back("the invocation has no result token: the verdict cannot be reported");
    return;
  }
  PlanPut(invocation, {{invocation.resource_type, invocation.resource_id, verdict.compliance, verdict.annotation}}, "",
          facts, plan);
  plan.decision = Decision::kAct;
}

std::string CountsOf(const std::vector<JudgedHost>& judged) {
  std::string text;
  for (const Compliance one :
       {Compliance::kCompliant, Compliance::kNonCompliant, Compliance::kNotApplicable, Compliance::kUndetermined}) {
    const auto count = std::count_if(judged.begin(), judged.end(),
                                     [one](const JudgedHost& host) { return host.verdict.compliance == one; });
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(compliance::ToString(one));
  }
  return text;
}

void AddCosts(const compliance::EstateFacts& estate, Plan& plan) {
  if (estate.snapshot != nullptr) {
    plan.reasons.push_back("read from SWP: " + CountText(estate.snapshot->computers(), "computer") + " in " +
                           CountText(static_cast<std::size_t>(estate.snapshot->pages()), "page"));
  }
  if (estate.assignment_reads > 0) {
    plan.reasons.push_back("and " + CountText(estate.assignment_reads, "list") + " of recommendations of " +
                           CountText(estate.assignment_computers, "computer") +
                           " that were not compliant or whose record changed since the last run");
  }
}

// What could not be found out fails the invocation, after what could be has been told.
void AddUndetermined(const ConfigInvocation& invocation, const std::vector<JudgedHost>& judged,
                     const compliance::EstateFacts& estate, Plan& plan) {
  std::size_t count = 0;
  for (const JudgedHost& host : judged) {
    if (host.verdict.compliance != Compliance::kUndetermined) continue;
    if (++count <= kUndeterminedNamed) {
      plan.others.push_back(SubjectOfHost(invocation, host.resource.instance.value, host.verdict));
    }
  }
  if (count > kUndeterminedNamed) {
    plan.reasons.push_back(CountText(count - kUndeterminedNamed, "more host") + " are undetermined");
  }
  if (estate.gone.ok()) return;
  plan.others.push_back(SubjectOfHost(invocation, invocation.rule_name,
                                      compliance::Say(Compliance::kUndetermined, estate.gone.error().ToText())));
}

void DecideSchedule(const ConfigInvocation& invocation, const ConfigFacts& facts, const compliance::Context& context,
                    Plan& plan) {
  const compliance::EstateFacts& estate = *facts.estate;
  if (estate.failed) {
    plan.decision = Decision::kUndetermined;
    plan.reasons.insert(plan.reasons.begin(), "no verdict reported, the earlier ones stay: " + estate.failed->ToText());
    return;
  }
  const std::vector<JudgedHost> judged = compliance::JudgeEstate(*invocation.parameters, estate, context);
  plan.reasons.insert(plan.reasons.begin(), CountText(judged.size(), "instance") + ": " + CountsOf(judged));
  AddCosts(estate, plan);
  AddUndetermined(invocation, judged, estate, plan);
  std::vector<std::vector<compliance::Evaluation>> batches;
  compliance::StoredRun run;
  run.clusters_at = estate.clusters_at;
  for (const JudgedHost& host : judged) {
    run.verdicts[host.resource.instance.value] = host.stored;
    if (host.verdict.compliance == Compliance::kUndetermined) continue;
    if (batches.empty() || batches.back().size() == compliance::kEvaluationsPerCall) batches.emplace_back();
    batches.back().push_back({std::string(compliance::kInstanceType), host.resource.instance.value,
                              host.verdict.compliance, host.verdict.annotation});
  }
  plan.new_run = NewRun{RunDocument(invocation), compliance::PiecesOf(run)};
  const std::size_t count = batches.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string batch = count == 1 ? "" : std::to_string(i + 1) + " of " + std::to_string(count);
    PlanPut(invocation, std::move(batches[i]), batch, facts, plan);
  }
  plan.decision = count > 0 ? Decision::kAct : Decision::kNothing;
}

Result<ConfigInvocation> ReadConfig(const Event& event) {
  return ReadConfigInvocation(event);
}

}  // namespace

compliance::Context ConfigContext(const WorkflowSettings& settings, TimePoint now) {
  return {settings.protection, {settings.gates.exclusion_tag, settings.gates.exclusion_tag_value}, now};
}

void DecideConfig(const ConfigInvocation& invocation, const ConfigFacts& facts, const WorkflowSettings& settings,
                  Plan& plan) {
  if (!invocation.problem.empty()) {
    plan.decision = Decision::kUndetermined;
    plan.reasons.push_back("no verdict reported, the earlier one stays: " + invocation.problem);
    return;
  }
  const compliance::Context context = ConfigContext(settings, facts.read_at);
  if (invocation.parameters) {
    plan.reasons.push_back("rule " + std::string(compliance::NameOf(invocation.parameters->kind)) + ": " +
                           std::string(compliance::MeaningOf(invocation.parameters->kind)));
  }
  if (invocation.scheduled) {
    DecideSchedule(invocation, facts, context, plan);
  } else {
    DecideChange(invocation, facts, context, plan);
  }
}

Workflow ConfigWorkflow() {
  WorkflowOf<ConfigInvocation, ConfigFacts> parts{
      .name = kConfigName,
      .service = kConfigService,
      .source = kConfigSource,
      .detail_types = {kInvocationType},
      .read = ReadConfig,
      .about = [](const ConfigInvocation& invocation, const WorkflowSettings&) { return AboutConfig(invocation); },
      .decline = nullptr,
      .gather = nullptr,
      .plan = DecideConfig,
      .bare_form = ConfigRuleBareForm()};
  Workflow row = parts.Row();
  // The row's own reading: it knows what its evaluations share.
  row.make_plan = [memory = std::make_shared<ConfigMemory>()](const Event& event, const Matter& matter,
                                                              Sources& sources,
                                                              const WorkflowSettings& settings) -> Result<Plan> {
    if (event.detail_type != kInvocationType) return PlanOfNotice(event, matter, kConfigName, "");
    const ConfigInvocation invocation = ReadConfigInvocation(event);
    Plan plan;
    plan.workflow = kConfigName;
    plan.matter = matter;
    DecideConfig(invocation, GatherConfig(invocation, sources, settings, *memory), settings, plan);
    return plan;
  };
  return row;
}

}  // namespace sallyport

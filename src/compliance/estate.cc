// SPDX-License-Identifier: Apache-2.0
#include "compliance/estate.h"

#include <algorithm>
#include <set>

#include "base/bounds.h"
#include "base/digest.h"
#include "base/json.h"

namespace sallyport::compliance {
namespace {

constexpr std::int64_t kRunFormat = 1;
constexpr std::size_t kHostsPerPiece = 100;
// More instances in one account and region are no list that could be judged in one call of AWS Config.
constexpr std::size_t kMostInstances = 100'000;
constexpr Duration kKeepClusters = std::chrono::hours(24);
constexpr std::int64_t kTellGone = 2;  // runs

void WriteStored(JsonWriter& out, const std::string& resource, const StoredVerdict& stored) {
  out.BeginObject().Member("resource", resource).Member("compliance", ToString(stored.verdict.compliance));
  out.Member("annotation", stored.verdict.annotation);
  if (!stored.record.empty()) out.Member("record", stored.record);
  if (!stored.cluster.empty()) out.Member("cluster", stored.cluster);
  if (stored.gone_runs > 0) out.Member("gone_runs", stored.gone_runs);
  if (!stored.assignments.empty()) {
    out.Key("assignments").BeginArray();
    for (const auto& [module, assignments] : stored.assignments) {
      out.BeginObject().Member("module", swp::PathName(module)).Member("status", assignments.scan_status);
      if (assignments.last_scan) out.Member("last_scan", ToEpochMilliseconds(*assignments.last_scan));
      out.Key("recommended").BeginArray();
      for (const RuleId rule : assignments.recommended_to_assign) out.Int(rule.value);
      out.EndArray().EndObject();
    }
    out.EndArray();
  }
  out.EndObject();
}

StoredVerdict StoredFrom(const Json& json) {
  StoredVerdict stored;
  stored.verdict.compliance = ComplianceFrom(json["compliance"].StringOr("")).value_or(Compliance::kUndetermined);
  stored.verdict.annotation = json["annotation"].StringOr("");
  stored.record = json["record"].StringOr("");
  stored.cluster = json["cluster"].StringOr("");
  stored.gone_runs = json["gone_runs"].Int64Or(0);
  for (const Json& one : json["assignments"].Elements()) {
    const auto module = swp::RuleModuleFromPathName(one["module"].StringOr(""));
    if (!module) continue;
    swp::Assignments& assignments = stored.assignments[*module];
    assignments.scan_status = one["status"].StringOr("");
    if (const auto at = one["last_scan"].WholeNumber()) assignments.last_scan = FromEpochMilliseconds(*at);
    for (const Json& rule : one["recommended"].Elements()) {
      assignments.recommended_to_assign.push_back(RuleId{static_cast<std::int32_t>(rule.Int64Or(0))});
    }
  }
  return stored;
}

void ReadBefore(const std::string& document, const EstateSources& sources, EstateFacts& facts) {
  auto before = ReadStoredRun(sources.documents, document);
  if (!before.ok()) {
    facts.before = before.error();
    return;
  }
  facts.had_run = before->has_value();
  if (facts.had_run) facts.before = **std::move(before);
}

void ReadResources(const Place& place, const EstateSources& sources, EstateFacts& facts) {
  const Status visited = sources.reads.VisitInstances(place, [&](Resource resource) {
    if (facts.resources.size() <= kMostInstances) facts.resources.push_back(std::move(resource));
  });
  if (!visited.ok()) facts.failed = visited.error().In("the instances of account " + place.account);
  if (facts.resources.size() > kMostInstances) {
    facts.failed = Error{ErrorCode::kTooLarge,
                         "account " + place.account + " has more than " + std::to_string(kMostInstances) +
                             " instances in " + place.region,
                         "narrow the scope of the rule"};
  }
}

// The note that a host belongs to a cluster decides nothing: what the last run knew does for a day, and what cannot be
// read is left out.
void AddClusters(const Place& place, TimePoint now, const EstateSources& sources, EstateFacts& facts) {
  const auto known_at = facts.before.ok() ? facts.before->clusters_at : std::nullopt;
  if (known_at && now - *known_at < kKeepClusters) {
    facts.clusters_at = known_at;
    for (Resource& resource : facts.resources) {
      const auto found = facts.before->verdicts.find(resource.instance.value);
      if (found != facts.before->verdicts.end()) resource.cluster = found->second.cluster;
    }
    return;
  }
  const auto hosts = sources.reads.ContainerHosts(place);
  if (!hosts.ok()) return;
  facts.clusters_at = now;
  for (Resource& resource : facts.resources) {
    const auto found = hosts->find(resource.instance);
    if (found != hosts->end()) resource.cluster = found->second;
  }
}

// Those that had a verdict and are gone: from the last run, or from what AWS Config holds.
void FindGone(const Place& place, const std::string& rule_name, const EstateSources& sources, EstateFacts& facts) {
  std::set<std::string> there;
  for (const Resource& resource : facts.resources) there.insert(resource.instance.value);
  std::map<std::string, std::int64_t> gone;
  if (facts.had_run && facts.before.ok()) {
    for (const auto& [resource, stored] : facts.before->verdicts) {
      const bool had_verdict = stored.verdict.compliance != Compliance::kNotApplicable;
      const bool say_again = stored.gone_runs > 0 && stored.gone_runs < kTellGone;
      if ((had_verdict || say_again) && !there.contains(resource)) gone.emplace(resource, stored.gone_runs);
    }
  } else if (!rule_name.empty()) {
    const Status visited = sources.reads.VisitJudged(place, rule_name, [&](const std::string& resource) {
      if (!there.contains(resource)) gone.emplace(resource, 0);
    });
    if (!visited.ok()) {
      facts.gone = visited.error().In("which earlier verdicts are about instances that are gone");
      return;
    }
  }
  facts.gone = std::move(gone);
}

// Whether what the last run read of a computer's recommendations still holds: its record is the same, all was well, and
// the scan is not too old by now.
const StoredVerdict* StillHolds(const EstateFacts& facts, const Resource& resource, const swp::Computer& computer,
                                const RuleParameters& rule, TimePoint now) {
  if (!facts.before.ok()) return nullptr;
  const auto found = facts.before->verdicts.find(resource.instance.value);
  if (found == facts.before->verdicts.end()) return nullptr;
  const StoredVerdict& stored = found->second;
  if (stored.verdict.compliance != Compliance::kCompliant || stored.record != RecordDigest(computer)) return nullptr;
  for (const swp::RuleModule module : ModulesWithScans(computer)) {
    const auto kept = stored.assignments.find(module);
    if (kept == stored.assignments.end() || !kept->second.last_scan) return nullptr;
    if (now - *kept->second.last_scan > rule.max_age) return nullptr;
  }
  return &stored;
}

void ReadAssignments(const RuleParameters& rule, const Context& context, const EstateSources& sources,
                     EstateFacts& facts) {
  for (Resource resource : facts.resources) {
    const HostFacts host = facts.Of(resource, rule);
    resource.tags = TagsOfAll(resource, host);
    if (JudgeWithoutSwp(rule, resource, context)) continue;
    const swp::FleetComputer* chosen = ChosenRecord(resource, host, context);
    if (chosen == nullptr || chosen->computer.agent_fingerprint.empty()) continue;
    const swp::Computer& computer = chosen->computer;
    auto& into = facts.assignments[computer.id];
    if (const StoredVerdict* stored = StillHolds(facts, resource, computer, rule, context.now)) {
      for (const auto& [module, assignments] : stored->assignments) into.emplace(module, assignments);
      continue;
    }
    ++facts.assignment_computers;
    for (const swp::RuleModule module : ModulesWithScans(computer)) {
      into.emplace(module, sources.reads.GetAssignments(computer.id, module));
      ++facts.assignment_reads;
    }
  }
}

void ReadPolicies(const EstateSources& sources, TimePoint now, EstateFacts& facts) {
  for (const Resource& resource : facts.resources) {
    for (const swp::FleetComputer& one : facts.snapshot->Of(resource.instance)) {
      if (!one.computer.policy || facts.policies.contains(*one.computer.policy)) continue;
      for (auto& [id, policy] : sources.fleet.PolicyLine(*one.computer.policy, sources.reads, now)) {
        facts.policies.insert_or_assign(id, std::move(policy));
      }
    }
  }
}

}  // namespace

std::string RecordDigest(const swp::Computer& computer) {
  JsonWriter out;
  out.BeginArray().Int(computer.id.value).String(computer.agent_fingerprint).String(computer.agent_version);
  out.Int(computer.policy ? computer.policy->value : 0);
  out.Int(computer.last_send_policy_success ? ToEpochMilliseconds(*computer.last_send_policy_success) : 0);
  for (const swp::ModuleState& module : computer.modules) {
    out.String(module.state).String(module.status.text);
    for (const RuleId rule : module.rules) out.Int(rule.value);
  }
  return Sha256Hex(out.EndArray().Take()).substr(0, 16);
}

std::vector<std::string> PiecesOf(const StoredRun& run) {
  std::vector<std::string> pieces;
  JsonWriter out;
  std::size_t in_piece = 0;
  const auto close = [&] {
    if (in_piece == 0) return;
    pieces.push_back(out.EndArray().EndObject().Take());
    in_piece = 0;
  };
  const auto begin = [&] {
    out = JsonWriter();
    out.BeginObject().Member("format", kRunFormat);
    if (run.clusters_at && pieces.empty()) out.Member("clusters_at", ToEpochMilliseconds(*run.clusters_at));
    out.Key("verdicts").BeginArray();
  };
  for (const auto& [resource, stored] : run.verdicts) {
    if (in_piece == 0) begin();
    WriteStored(out, resource, stored);
    if (++in_piece == kHostsPerPiece) close();
  }
  close();
  // A run about nothing is one too.
  if (pieces.empty()) {
    begin();
    pieces.push_back(out.EndArray().EndObject().Take());
  }
  return pieces;
}

Result<std::optional<StoredRun>> ReadStoredRun(DocumentReads* documents, const std::string& name) {
  if (documents == nullptr) return std::optional<StoredRun>();
  const auto document = ReadDocument(*documents, name);
  if (!document.ok()) return document.error().In("the last run");
  if (!document->has_value()) return std::optional<StoredRun>();
  StoredRun run;
  for (const std::string& text : (*document)->pieces) {
    const auto piece = Json::Parse(text, bounds::kDocumentPieceBytes);
    if (!piece.ok()) return piece.error().In("the last run");
    if ((*piece)["format"].Int64Or(0) != kRunFormat) {
      return Error{ErrorCode::kInvalidInput, "the last run has a format that this release does not know",
                   "use the newer release"};
    }
    if (const auto at = (*piece)["clusters_at"].WholeNumber()) run.clusters_at = FromEpochMilliseconds(*at);
    for (const Json& one : (*piece)["verdicts"].Elements()) {
      run.verdicts[one["resource"].StringOr("")] = StoredFrom(one);
    }
  }
  return std::optional(std::move(run));
}

HostFacts EstateFacts::Of(const Resource& resource, const RuleParameters& rule) const {
  HostFacts host;
  host.computers = snapshot == nullptr ? std::vector<swp::FleetComputer>() : snapshot->Of(resource.instance);
  const Needs needs = NeedsOf(rule, {});
  if (needs.policies) {
    // Only those of its line: the map of all is shared by all hosts.
    for (const swp::FleetComputer& one : *host.computers) {
      std::optional<PolicyId> next = one.computer.policy;
      while (next && !host.policies.contains(*next)) {
        const auto found = policies.find(*next);
        if (found == policies.end()) break;
        host.policies.emplace(*next, found->second);
        next = found->second.ok() ? found->second->parent : std::nullopt;
      }
    }
  }
  if (needs.assignments) {
    for (const swp::FleetComputer& one : *host.computers) {
      const auto found = assignments.find(one.computer.id);
      if (found != assignments.end()) host.assignments = found->second;
    }
  }
  const auto answer = run_answers.find(resource.instance.value);
  if (answer != run_answers.end()) host.run = answer->second;
  return host;
}

EstateFacts GatherEstate(const RuleParameters& rule, const Place& place, const Context& context,
                         const std::string& run_document, const std::string& rule_name,
                         const std::vector<Resource>* resources, const EstateSources& sources) {
  EstateFacts facts;
  ReadBefore(run_document, sources, facts);
  if (resources != nullptr) {
    facts.resources = *resources;
  } else {
    ReadResources(place, sources, facts);
    if (facts.failed) return facts;
    AddClusters(place, context.now, sources, facts);
    FindGone(place, rule_name, sources, facts);
  }
  const Needs needs = NeedsOf(rule, context.exclusion);
  if (needs.computers) {
    auto snapshot = sources.fleet.All(sources.reads, context.now);
    if (!snapshot.ok()) {
      facts.failed = snapshot.error().In("SWP's computers");
      return facts;
    }
    facts.snapshot = *std::move(snapshot);
  }
  if (needs.policies) ReadPolicies(sources, context.now, facts);
  if (needs.assignments) ReadAssignments(rule, context, sources, facts);
  if (!needs.run.empty()) {
    for (const Resource& resource : facts.resources) {
      facts.run_answers.emplace(resource.instance.value,
                                sources.runs.Ask(needs.run, resource.instance, sources.documents));
    }
  }
  return facts;
}

std::vector<JudgedHost> JudgeEstate(const RuleParameters& rule, const EstateFacts& facts, const Context& context) {
  std::vector<JudgedHost> judged;
  judged.reserve(facts.resources.size());
  for (const Resource& resource : facts.resources) {
    const HostFacts host = facts.Of(resource, rule);
    const swp::FleetComputer* record = ChosenRecord(resource, host, context);
    Resource known = resource;
    // An exclusion that only SWP's copy of the tags has counts too.
    known.tags = TagsOfAll(resource, host);
    JudgedHost one{known, Judge(rule, known, host, context), {}};
    one.stored.verdict = one.verdict;
    one.stored.cluster = resource.cluster;
    if (record != nullptr) one.stored.record = RecordDigest(record->computer);
    for (const auto& [module, assignments] : host.assignments) {
      if (assignments.ok()) one.stored.assignments.emplace(module, *assignments);
    }
    judged.push_back(std::move(one));
  }
  if (facts.gone.ok()) {
    for (const auto& [id, runs] : *facts.gone) {
      const Verdict verdict = Say(Compliance::kNotApplicable, "EC2 no longer has the instance");
      judged.push_back({{InstanceId{id}, "", "", {}, {}, {}}, verdict, {verdict, "", {}, "", runs + 1}});
    }
  }
  std::sort(judged.begin(), judged.end(),
            [](const JudgedHost& a, const JudgedHost& b) { return a.resource.instance < b.resource.instance; });
  return judged;
}

}  // namespace sallyport::compliance

// SPDX-License-Identifier: Apache-2.0
#include "edge/run.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/bounds.h"
#include "base/json_fields.h"
#include "base/text.h"

namespace sallyport::edge {
namespace {

constexpr std::size_t kHostsEachPiece = 50;
constexpr std::size_t kOthersEachPiece = 100;
constexpr std::size_t kRulesEachPiece = 500;
constexpr std::size_t kMostListed = 500;  // of hosts in one candidate

std::string_view WordOf(AclOwner owner) {
  if (owner == AclOwner::kFirewallManager) return "firewall-manager";
  return owner == AclOwner::kCode ? "code" : "anybody";
}

std::string_view WordOf(Guard guard) {
  if (guard == Guard::kProtected) return "protected";
  return guard == Guard::kNotProtected ? "not protected" : "undetermined";
}

// --- from the estate to the run

class RunMaker {
 public:
  RunMaker(const Estate& estate, const Map& map) : estate_(estate), map_(map) {}

  Run Make(const std::vector<Candidate>& candidates, TimePoint at) {
    Run run;
    run.at = at;
    run.gaps = estate_.gaps;
    run.notes = map_.notes;
    run.breaks = map_.breaks;
    run.calls = estate_.calls;
    for (std::size_t i = 0; i < estate_.hosts.size(); ++i) run.hosts.push_back(HostOf(i));
    for (const WebAcl& acl : estate_.acls) run.acls.push_back(AclOf(acl));
    for (std::size_t i = 0; i < estate_.distributions.size(); ++i) run.things.push_back(DistributionOf(i));
    for (std::size_t i = 0; i < estate_.balancers.size(); ++i) run.things.push_back(BalancerOf(i));
    for (const Candidate& candidate : candidates) run.candidates.push_back(CandidateOf(candidate));
    return run;
  }

 private:
  std::string ArnOf(std::optional<std::size_t> acl) const { return acl ? estate_.acls[*acl].arn : ""; }

  RunHost HostOf(std::size_t at) const {
    const Host& host = estate_.hosts[at];
    const HostVerdict& verdict = map_.hosts[at];
    RunHost made;
    made.account = host.account;
    made.region = host.region;
    made.id = host.id;
    made.name = host.name;
    made.state = verdict.state;
    made.runs = host.state;
    made.owner = host.owner;
    made.team = host.team;
    made.swp = host.swp;
    made.more_ways = verdict.more_ways;
    made.why = verdict.why;
    for (const Way& way : verdict.ways) made.ways.push_back(WayOf(way));
    return made;
  }

  RunWay WayOf(const Way& way) const {
    RunWay made;
    made.state = edge::WordOf(way.may_be);
    made.entry = way.entry;
    made.target_state = way.target_state;
    made.why = way.why;
    if (way.group) made.group = estate_.groups[*way.group].name;
    for (const Hop& hop : way.hops) {
      const bool distribution = hop.kind == Hop::Kind::kDistribution;
      made.hops.push_back({distribution ? "distribution" : "balancer",
                           distribution ? estate_.distributions[hop.at].arn : estate_.balancers[hop.at].arn,
                           ArnOf(hop.acl)});
    }
    return made;
  }

  static RunAcl AclOf(const WebAcl& acl) {
    RunAcl made;
    made.arn = acl.arn;
    made.name = acl.name;
    made.id = acl.id;
    made.scope = acl.scope;
    made.account = acl.account;
    made.region = acl.region;
    made.strength = edge::WordOf(StrengthOf(acl));
    made.capacity = acl.capacity;
    made.owner = WordOf(OwnerOf(acl));
    made.managed_by = acl.managed_by;
    made.logs = acl.logs;
    made.resources = acl.resources;
    made.unread_why = acl.unread_why;
    for (const AclRule& rule : acl.rules) {
      if (rule.kind != AclRule::Kind::kManagedGroup) continue;
      made.groups.push_back(rule.vendor + "/" + rule.group + ": " +
                            (rule.mode == RuleMode::kEnforce ? "enforce" : "count"));
    }
    return made;
  }

  RunThing DistributionOf(std::size_t at) const {
    const Distribution& one = estate_.distributions[at];
    const std::string name = one.aliases.empty() ? one.id : one.id + " (" + one.aliases.front() + ")";
    return {"distribution", one.arn, name, one.account, "", ArnOf(map_.acl_of_distribution[at]), ""};
  }

  RunThing BalancerOf(std::size_t at) const {
    const Balancer& one = estate_.balancers[at];
    return {std::string(Words(one.kind)), one.arn, one.name, one.account, one.region, ArnOf(map_.acl_of_balancer[at]),
            map_.direct_to_balancer[at]};
  }

  RunCandidate CandidateOf(const Candidate& candidate) const {
    RunCandidate made;
    made.kind = candidate.kind;
    made.acl = ArnOf(candidate.acl);
    made.thing = candidate.thing;
    made.thing_name = candidate.acl ? estate_.acls[*candidate.acl].name : candidate.thing_name;
    made.account = candidate.account;
    made.region = candidate.region;
    made.group = candidate.group;
    made.advice_only = candidate.advice_only;
    made.classes = candidate.classes;
    made.capacity_before = candidate.capacity_before;
    made.capacity_after = candidate.capacity_after;
    made.where = candidate.where;
    made.shared_with = candidate.shared_with;
    made.owners = candidate.owners;
    made.notes = candidate.notes;
    for (const std::size_t host : candidate.hosts) {
      if (made.hosts.size() < kMostListed) made.hosts.push_back(estate_.hosts[host].id);
    }
    if (candidate.hosts.size() > kMostListed) {
      made.notes.push_back("for " + CountText(candidate.hosts.size(), "host") + ", of which " +
                           std::to_string(kMostListed) + " are listed");
    }
    return made;
  }

  const Estate& estate_;
  const Map& map_;
};

// --- to JSON

void WriteGaps(JsonWriter& out, const std::vector<Gap>& gaps) {
  out.Key("gaps").BeginArray();
  for (const Gap& gap : gaps) {
    out.BeginObject().Member("part", Words(gap.part)).Member("account", gap.account).Member("region", gap.region);
    out.Member("why", gap.why).EndObject();
  }
  out.EndArray();
}

std::string HeaderPiece(const Run& run, std::size_t pieces) {
  std::map<HostState, std::int64_t> states;
  for (const RunHost& host : run.hosts) ++states[host.state];
  JsonWriter out;
  out.BeginObject().Member("kind", "header").Member("format", kRunFormat).Member("at", FormatTime(run.at));
  out.Member("hosts", static_cast<std::int64_t>(run.hosts.size())).Key("states").BeginObject();
  for (const HostState state : kHostStates) out.Member(ToString(state), states[state]);
  out.EndObject().Member("pieces", static_cast<std::int64_t>(pieces));
  WriteGaps(out, run.gaps);
  if (run.before) out.Member("before", FormatTime(*run.before));
  out.Member("changes", run.changes)
      .Member("notes", run.notes)
      .Member("rules_at", FormatTime(run.rules_at))
      .Key("calls")
      .BeginObject();
  for (const auto& [operation, count] : run.calls) out.Member(operation, static_cast<std::int64_t>(count));
  return out.EndObject().EndObject().Take();
}

void WriteWay(JsonWriter& out, const RunWay& way) {
  out.BeginObject().Member("state", way.state).Member("entry", way.entry).Key("hops").BeginArray();
  for (const RunHop& hop : way.hops) {
    out.BeginObject().Member("kind", hop.kind).Member("id", hop.id);
    if (!hop.acl.empty()) out.Member("acl", hop.acl);
    out.EndObject();
  }
  out.EndArray();
  if (!way.group.empty()) out.Member("group", way.group).Member("target_state", way.target_state);
  if (!way.why.empty()) out.Member("why", way.why);
  out.EndObject();
}

void WriteSwp(JsonWriter& out, const SwpFacts& swp) {
  out.Key("swp").BeginObject().Member("state", WordOf(swp.guard));
  if (!swp.why.empty()) out.Member("why", swp.why);
  if (swp.computer != 0) out.Member("computer", static_cast<std::int64_t>(swp.computer));
  if (swp.policy != 0)
    out.Member("policy", static_cast<std::int64_t>(swp.policy)).Member("policy_name", swp.policy_name);
  if (!swp.classes_why.empty()) out.Member("classes_why", swp.classes_why);
  if (swp.classes) {
    out.Key("classes").BeginArray();
    for (const AppClass& one : *swp.classes) {
      out.BeginObject().Member("name", one.name).Member("rules", static_cast<std::int64_t>(one.rules));
      out.Key("evidence").BeginArray();
      for (const AppClass::Evidence& evidence : one.evidence) {
        out.BeginObject().Member("rule", evidence.rule).Member("application_type", evidence.application_type);
        out.EndObject();
      }
      out.EndArray().EndObject();
    }
    out.EndArray();
  }
  out.EndObject();
}

void WriteHostOfRun(JsonWriter& out, const RunHost& host) {
  out.BeginObject().Member("account", host.account).Member("region", host.region).Member("id", host.id);
  out.Member("name", host.name).Member("state", ToString(host.state)).Member("runs", host.runs);
  out.Member("owner", host.owner).Member("team", host.team);
  WriteSwp(out, host.swp);
  out.Key("ways").BeginArray();
  for (const RunWay& way : host.ways) WriteWay(out, way);
  out.EndArray();
  if (host.more_ways > 0) out.Member("more_ways", static_cast<std::int64_t>(host.more_ways));
  if (!host.why.empty()) out.Member("why", host.why);
  out.EndObject();
}

void WriteAcl(JsonWriter& out, const RunAcl& acl) {
  out.BeginObject().Member("arn", acl.arn).Member("name", acl.name).Member("id", acl.id).Member("scope", acl.scope);
  out.Member("account", acl.account).Member("region", acl.region).Member("strength", acl.strength);
  out.Member("capacity", acl.capacity).Member("owner", acl.owner).Member("managed_by", acl.managed_by);
  if (acl.logs) out.Member("logs", *acl.logs);
  out.Member("groups", acl.groups).Member("resources", acl.resources);
  if (!acl.unread_why.empty()) out.Member("unread_why", acl.unread_why);
  out.EndObject();
}

void WriteThing(JsonWriter& out, const RunThing& thing) {
  out.BeginObject().Member("kind", thing.kind).Member("id", thing.id).Member("name", thing.name);
  out.Member("account", thing.account).Member("region", thing.region).Member("acl", thing.acl);
  out.Member("direct", thing.direct).EndObject();
}

void WriteCandidate(JsonWriter& out, const RunCandidate& one) {
  out.BeginObject().Member("kind", ToString(one.kind)).Member("acl", one.acl).Member("thing", one.thing);
  out.Member("thing_name", one.thing_name).Member("account", one.account).Member("region", one.region);
  out.Member("vendor", one.group.vendor).Member("group", one.group.name).Member("advice_only", one.advice_only);
  out.Member("classes", one.classes).Member("hosts", one.hosts);
  if (one.capacity_before) out.Member("capacity_before", *one.capacity_before);
  if (one.capacity_after) out.Member("capacity_after", *one.capacity_after);
  out.Member("where", one.where).Member("shared_with", one.shared_with).Member("owners", one.owners);
  out.Member("notes", one.notes).EndObject();
}

void WriteBreak(JsonWriter& out, const Break& one) {
  out.BeginObject().Member("where", one.where).Member("why", one.why).EndObject();
}

void WriteRule(JsonWriter& out, const std::pair<const std::int32_t, IpsRule>& rule) {
  out.BeginObject().Member("id", static_cast<std::int64_t>(rule.first)).Member("identifier", rule.second.identifier);
  out.Member("name", rule.second.name).Member("application_type", rule.second.application_type).EndObject();
}

template <class List, class WriteOne>
void AddPieces(std::string_view kind, const List& list, std::size_t each, WriteOne write,
               std::vector<std::string>& pieces) {
  JsonWriter out;
  std::size_t in_piece = 0;
  const auto begin = [&] {
    out = JsonWriter();
    out.BeginObject().Member("kind", kind).Key(kind).BeginArray();
    in_piece = 0;
  };
  const auto end = [&] { pieces.push_back(out.EndArray().EndObject().Take()); };
  begin();
  for (const auto& one : list) {
    // A piece stays far below its bound, whatever the texts in it.
    if (in_piece >= each || out.text().size() > bounds::kDocumentPieceBytes / 4) {
      end();
      begin();
    }
    write(out, one);
    ++in_piece;
  }
  if (in_piece > 0) end();
}

// --- from JSON

std::vector<std::string> Texts(JsonFields& fields, const Json& place) {
  std::vector<std::string> texts;
  for (const Json& one : fields.Array(place).Elements()) texts.push_back(fields.Text(one));
  return texts;
}

constexpr std::array kParts = {Part::kDistributions,  Part::kGlobalAcls,   Part::kRegionalAcls, Part::kLoadBalancers,
                               Part::kClassic,        Part::kTargetGroups, Part::kInstances,    Part::kInterfaces,
                               Part::kSecurityGroups, Part::kTasks,        Part::kVpcOrigins,   Part::kRegion};

std::vector<Gap> ReadGaps(JsonFields& fields, const Json& place) {
  std::vector<Gap> gaps;
  for (const Json& one : fields.Array(place).Elements()) {
    Gap gap;
    const std::string word = fields.Text(one["part"]);
    for (const Part part : kParts) {
      if (Words(part) == word) gap.part = part;
    }
    gap.account = fields.Text(one["account"]);
    gap.region = fields.Text(one["region"]);
    gap.why = fields.Text(one["why"]);
    gaps.push_back(std::move(gap));
  }
  return gaps;
}

TimePoint ReadTime(JsonFields& fields, const Json& place) {
  const auto time = ParseTime(fields.Text(place));
  if (!time) fields.Expected(place, "a time", place.TypeName());
  return time.value_or(TimePoint{});
}

RunWay ReadWay(JsonFields& fields, const Json& json) {
  RunWay way;
  way.state = fields.Text(json["state"]);
  way.entry = fields.Text(json["entry"]);
  way.group = fields.Text(json["group"]);
  way.target_state = fields.Text(json["target_state"]);
  way.why = fields.Text(json["why"]);
  for (const Json& hop : fields.Array(json["hops"]).Elements()) {
    way.hops.push_back({fields.Text(hop["kind"]), fields.Text(hop["id"]), fields.Text(hop["acl"])});
  }
  return way;
}

SwpFacts ReadSwp(JsonFields& fields, const Json& json) {
  SwpFacts swp;
  const std::string state = fields.Text(json["state"]);
  swp.guard = state == "protected"       ? Guard::kProtected
              : state == "not protected" ? Guard::kNotProtected
                                         : Guard::kUndetermined;
  swp.why = fields.Text(json["why"]);
  swp.computer = static_cast<std::int32_t>(fields.Whole(json["computer"], 0));
  swp.policy = static_cast<std::int32_t>(fields.Whole(json["policy"], 0));
  swp.policy_name = fields.Text(json["policy_name"]);
  swp.classes_why = fields.Text(json["classes_why"]);
  if (json["classes"].IsMissing()) return swp;
  swp.classes.emplace();
  for (const Json& one : fields.Array(json["classes"]).Elements()) {
    AppClass made;
    made.name = fields.Text(one["name"]);
    made.rules = static_cast<std::size_t>(std::max<std::int64_t>(0, fields.Whole(one["rules"], 0)));
    for (const Json& evidence : fields.Array(one["evidence"]).Elements()) {
      made.evidence.push_back({fields.Text(evidence["rule"]), fields.Text(evidence["application_type"])});
    }
    swp.classes->push_back(std::move(made));
  }
  return swp;
}

RunHost ReadHostOfRun(JsonFields& fields, const Json& json) {
  RunHost host;
  host.account = fields.Text(json["account"]);
  host.region = fields.Text(json["region"]);
  host.id = fields.RequiredText(json["id"]);
  host.name = fields.Text(json["name"]);
  const auto state = HostStateFrom(fields.Text(json["state"]));
  if (!state) fields.Expected(json["state"], "a state of a host", "another word");
  host.state = state.value_or(HostState::kUndetermined);
  host.runs = fields.Text(json["runs"]);
  host.owner = fields.Text(json["owner"]);
  host.team = fields.Text(json["team"]);
  host.swp = ReadSwp(fields, json["swp"]);
  for (const Json& way : fields.Array(json["ways"]).Elements()) host.ways.push_back(ReadWay(fields, way));
  host.more_ways = static_cast<std::size_t>(std::max<std::int64_t>(0, fields.Whole(json["more_ways"], 0)));
  host.why = Texts(fields, json["why"]);
  return host;
}

RunAcl ReadAcl(JsonFields& fields, const Json& json) {
  RunAcl acl;
  acl.arn = fields.RequiredText(json["arn"]);
  acl.name = fields.Text(json["name"]);
  acl.id = fields.Text(json["id"]);
  acl.scope = fields.Text(json["scope"]);
  acl.account = fields.Text(json["account"]);
  acl.region = fields.Text(json["region"]);
  acl.strength = fields.Text(json["strength"]);
  acl.capacity = fields.Whole(json["capacity"], 0);
  acl.owner = fields.Text(json["owner"]);
  acl.managed_by = fields.Text(json["managed_by"]);
  if (json["logs"].HasValue()) acl.logs = fields.Flag(json["logs"]);
  acl.groups = Texts(fields, json["groups"]);
  acl.resources = Texts(fields, json["resources"]);
  acl.unread_why = fields.Text(json["unread_why"]);
  return acl;
}

RunThing ReadThing(JsonFields& fields, const Json& json) {
  return {fields.Text(json["kind"]),    fields.RequiredText(json["id"]), fields.Text(json["name"]),
          fields.Text(json["account"]), fields.Text(json["region"]),     fields.Text(json["acl"]),
          fields.Text(json["direct"])};
}

std::optional<std::int64_t> ReadCapacity(JsonFields& fields, const Json& place) {
  if (!place.HasValue()) return std::nullopt;
  return fields.Whole(place, 0);
}

RunCandidate ReadCandidate(JsonFields& fields, const Json& json) {
  RunCandidate one;
  const std::string word = fields.Text(json["kind"]);
  bool known = false;
  for (const CandidateKind kind : kCandidateKinds) {
    if (ToString(kind) != word) continue;
    one.kind = kind;
    known = true;
  }
  if (!known) fields.Expected(json["kind"], "a kind of candidate", "another word");
  one.acl = fields.Text(json["acl"]);
  one.thing = fields.Text(json["thing"]);
  one.thing_name = fields.Text(json["thing_name"]);
  one.account = fields.Text(json["account"]);
  one.region = fields.Text(json["region"]);
  one.group = {fields.Text(json["vendor"]), fields.Text(json["group"])};
  one.advice_only = fields.Flag(json["advice_only"]);
  one.classes = Texts(fields, json["classes"]);
  one.hosts = Texts(fields, json["hosts"]);
  one.capacity_before = ReadCapacity(fields, json["capacity_before"]);
  one.capacity_after = ReadCapacity(fields, json["capacity_after"]);
  one.where = fields.Text(json["where"]);
  one.shared_with = Texts(fields, json["shared_with"]);
  one.owners = Texts(fields, json["owners"]);
  one.notes = Texts(fields, json["notes"]);
  return one;
}

void ReadHeader(JsonFields& fields, const Json& json, Run& run) {
  run.at = ReadTime(fields, json["at"]);
  run.rules_at = ReadTime(fields, json["rules_at"]);
  if (json["before"].HasValue()) run.before = ReadTime(fields, json["before"]);
  run.changes = Texts(fields, json["changes"]);
  run.gaps = ReadGaps(fields, json["gaps"]);
  run.notes = Texts(fields, json["notes"]);
  for (const auto& [operation, count] : fields.Object(json["calls"]).Members()) {
    run.calls[operation] = static_cast<std::size_t>(std::max<std::int64_t>(0, fields.Whole(count, 0)));
  }
}

void ReadPiece(JsonFields& fields, const Json& json, Run& run) {
  const std::string kind = fields.Text(json["kind"]);
  const Json list = json[kind];
  for (const Json& element : fields.Array(list).Elements()) {
    const Json one = element.AsDocument();
    if (kind == "hosts") run.hosts.push_back(ReadHostOfRun(fields, one));
    if (kind == "acls") run.acls.push_back(ReadAcl(fields, one));
    if (kind == "things") run.things.push_back(ReadThing(fields, one));
    if (kind == "candidates") run.candidates.push_back(ReadCandidate(fields, one));
    if (kind == "breaks") run.breaks.push_back({fields.Text(one["where"]), fields.Text(one["why"])});
    if (kind == "rules") {
      run.rules[static_cast<std::int32_t>(fields.Whole(one["id"], 0))] = {
          fields.Text(one["identifier"]), fields.Text(one["name"]), fields.Text(one["application_type"])};
    }
    if (!fields.status().ok()) return;
  }
}

Status CheckHeader(const Json& json) {
  if (json["kind"].StringOr("") != "header") {
    return Error{ErrorCode::kInvalidInput, "the stored map does not begin with its header", "start a new run"};
  }
  if (json["format"].Int64Or(0) == kRunFormat) return Ok();
  return Error{ErrorCode::kInvalidInput, "the stored map is written in a format that this release does not know",
               "start a new run"};
}

// --- differences

std::string HostName(const RunHost& host) {
  return host.name.empty() ? host.id : Printable(host.name, 80) + " (" + host.id + ")";
}

bool CouldRead(const Run& run, const RunHost& host) {
  return std::none_of(run.gaps.begin(), run.gaps.end(), [&](const Gap& gap) {
    const bool part = gap.part == Part::kInstances || gap.part == Part::kRegion;
    return part && gap.account == host.account && (gap.region.empty() || gap.region == host.region);
  });
}

void CompareHosts(const Run& before, const Run& now, RunDifference& difference) {
  std::unordered_map<std::string, const RunHost*> old;
  for (const RunHost& host : before.hosts) old[host.id] = &host;
  for (const RunHost& host : now.hosts) {
    const auto known = old.find(host.id);
    if (known == old.end()) {
      const bool bare =
          host.state == HostState::kNot || host.state == HostState::kPartly || host.state == HostState::kCounts;
      if (bare && CouldRead(before, host)) {
        difference.exposed.push_back(HostName(host) + ": " + std::string(ToString(host.state)));
      }
      continue;
    }
    const HostState was = known->second->state;
    old.erase(known);
    const bool both_known = was != HostState::kUndetermined && host.state != HostState::kUndetermined;
    if (was == host.state || !both_known) continue;
    const std::string line =
        HostName(host) + ": " + std::string(ToString(was)) + " -> " + std::string(ToString(host.state));
    if (was == HostState::kBehind) difference.lost.push_back(line);
    if (host.state == HostState::kBehind) difference.gained.push_back(line);
    if (was == HostState::kNoWay && host.state != HostState::kBehind) difference.exposed.push_back(line);
  }
  for (const auto& [id, host] : old) {
    if (CouldRead(now, *host)) difference.gone.push_back(HostName(*host));
  }
  std::sort(difference.gone.begin(), difference.gone.end());
}

void CompareAcl(const RunAcl& before, const RunAcl& now, RunDifference& difference) {
  const std::string name = "web ACL " + Printable(now.name, 128);
  if (!before.unread_why.empty() || !now.unread_why.empty()) return;
  for (const std::string& group : before.groups) {
    if (std::find(now.groups.begin(), now.groups.end(), group) == now.groups.end()) {
      const std::string bare = group.substr(0, group.rfind(':'));
      const bool stays = std::any_of(now.groups.begin(), now.groups.end(),
                                     [&](const std::string& other) { return other.starts_with(bare + ":"); });
      difference.acls.push_back(name + ": " + Printable(group, 200) + (stays ? " changed" : " is gone"));
    }
  }
  for (const std::string& group : now.groups) {
    if (std::find(before.groups.begin(), before.groups.end(), group) == before.groups.end()) {
      difference.acls.push_back(name + ": " + Printable(group, 200) + " is new");
    }
  }
  if (before.strength != now.strength) difference.acls.push_back(name + ": " + before.strength + " -> " + now.strength);
  if (before.logs.value_or(false) && now.logs && !*now.logs) difference.acls.push_back(name + ": logging is off now");
}

}  // namespace

Run MakeRun(const Estate& estate, const Map& map, const std::vector<Candidate>& candidates, TimePoint at) {
  return RunMaker(estate, map).Make(candidates, at);
}

std::vector<std::string> PiecesOf(const Run& run) {
  std::vector<std::string> pieces(1);
  AddPieces("hosts", run.hosts, kHostsEachPiece, WriteHostOfRun, pieces);
  AddPieces("acls", run.acls, kOthersEachPiece, WriteAcl, pieces);
  AddPieces("things", run.things, kOthersEachPiece, WriteThing, pieces);
  AddPieces("candidates", run.candidates, kOthersEachPiece, WriteCandidate, pieces);
  AddPieces("breaks", run.breaks, kOthersEachPiece, WriteBreak, pieces);
  AddPieces("rules", run.rules, kRulesEachPiece, WriteRule, pieces);
  pieces.front() = HeaderPiece(run, pieces.size());
  return pieces;
}

Result<Run> RunFromPieces(const std::vector<std::string>& pieces) {
  Run run;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto json = Json::Parse(pieces[i], bounds::kDocumentPieceBytes);
    if (!json.ok()) return json.error().In("the stored map");
    JsonFields fields;
    if (i == 0) {
      if (Status header = CheckHeader(*json); !header.ok()) return header.error();
      ReadHeader(fields, *json, run);
    } else {
      ReadPiece(fields, *json, run);
    }
    if (!fields.status().ok()) return fields.status().error().In("the stored map");
  }
  if (pieces.empty()) return Error{ErrorCode::kInvalidInput, "the stored map is empty", "start a new run"};
  return run;
}

Result<std::optional<Run>> ReadRun(DocumentReads& reads) {
  const auto document = ReadDocument(reads, kRunDocument);
  if (!document.ok()) return document.error();
  if (!document->has_value()) return std::optional<Run>();
  auto run = RunFromPieces((*document)->pieces);
  if (!run.ok()) return run.error();
  return std::optional<Run>(*std::move(run));
}

Result<std::optional<RunHeader>> FindRunHeader(DocumentReads& reads) {
  const auto info = reads.FindDocument(kRunDocument);
  if (!info.ok()) return info.error();
  if (!info->has_value()) return std::optional<RunHeader>();
  const auto pieces = reads.ReadPieces(kRunDocument, (*info)->version, 0, 1);
  if (!pieces.ok()) return pieces.error();
  if (pieces->empty()) return Error{ErrorCode::kInvalidInput, "the stored map is empty", "start a new run"};
  const auto json = Json::Parse(pieces->front(), bounds::kDocumentPieceBytes);
  if (!json.ok()) return json.error().In("the stored map");
  if (Status checked = CheckHeader(*json); !checked.ok()) return checked.error();
  JsonFields fields;
  RunHeader header;
  header.at = ReadTime(fields, (*json)["at"]);
  header.hosts = static_cast<std::size_t>(std::max<std::int64_t>(0, fields.Whole((*json)["hosts"], 0)));
  header.gaps = ReadGaps(fields, (*json)["gaps"]);
  for (const HostState state : kHostStates) {
    const std::int64_t count = fields.Whole((*json)["states"][ToString(state)], 0);
    header.states[state] = static_cast<std::size_t>(std::max<std::int64_t>(0, count));
  }
  if (!fields.status().ok()) return fields.status().error().In("the stored map");
  return std::optional(std::move(header));
}

Result<std::optional<RunHost>> FindRunHost(DocumentReads& reads, std::string_view account, std::string_view region,
                                           std::string_view instance) {
  auto run = ReadRun(reads);
  if (!run.ok()) return run.error();
  if (!run->has_value()) return std::optional<RunHost>();
  for (RunHost& host : (*run)->hosts) {
    if (host.id == instance && host.account == account && host.region == region) return std::optional(std::move(host));
  }
  return std::optional<RunHost>();
}

RunDifference DifferenceOf(const Run& before, const Run& now) {
  RunDifference difference;
  CompareHosts(before, now, difference);
  std::unordered_map<std::string, const RunAcl*> old;
  for (const RunAcl& acl : before.acls) old[acl.arn] = &acl;
  for (const RunAcl& acl : now.acls) {
    const auto known = old.find(acl.arn);
    if (known == old.end()) {
      difference.acls.push_back("web ACL " + Printable(acl.name, 128) + " is new");
      continue;
    }
    CompareAcl(*known->second, acl, difference);
    old.erase(known);
  }
  for (const auto& [arn, acl] : old) {
    const bool unread = std::any_of(now.gaps.begin(), now.gaps.end(), [&, place = acl](const Gap& gap) {
      return gap.account == place->account && (gap.region.empty() || gap.region == place->region);
    });
    if (!unread) difference.acls.push_back("web ACL " + Printable(acl->name, 128) + " is gone");
  }
  std::sort(difference.acls.begin(), difference.acls.end());
  return difference;
}

}  // namespace sallyport::edge

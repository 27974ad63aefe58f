// SPDX-License-Identifier: Apache-2.0
//
// A run as pieces (run.h).
#include "base/bounds.h"
#include "base/json.h"
#include "edge/run.h"

namespace sallyport::edge {
namespace {

constexpr std::size_t kHostsEachPiece = 50;
constexpr std::size_t kOthersEachPiece = 100;
constexpr std::size_t kRulesEachPiece = 500;

std::string_view WordOfGuard(Guard guard) {
  if (guard == Guard::kProtected) return "protected";
  return guard == Guard::kNotProtected ? "not protected" : "undetermined";
}

void WriteGaps(JsonWriter& out, const std::vector<Gap>& gaps) {
  out.Key("gaps").BeginArray();
  for (const Gap& gap : gaps) {
    out.BeginObject().Member("part", Words(gap.part)).Member("account", gap.account).Member("region", gap.region);
    out.Member("why", gap.why).EndObject();
  }
  out.EndArray();
}

void WritePlaces(JsonWriter& out, const std::vector<Place>& places) {
  out.Key("places").BeginArray();
  for (const Place& place : places) {
    out.BeginObject().Member("account", place.account).Member("region", place.region).EndObject();
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
  WritePlaces(out, run.places);
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
  out.Key("swp").BeginObject().Member("state", WordOfGuard(swp.guard));
  if (!swp.why.empty()) out.Member("why", swp.why);
  if (swp.computer != 0) out.Member("computer", static_cast<std::int64_t>(swp.computer));
  if (swp.policy != 0)
    out.Member("policy", static_cast<std::int64_t>(swp.policy)).Member("policy_name", swp.policy_name);
  if (!swp.classes_why.empty()) out.Member("classes_why", swp.classes_why);
  if (swp.unread) out.Member("unread", true);
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
  out.Member("ip_sets", acl.ip_sets).Member("expired", acl.expired).Member("has_own_groups", acl.has_own_groups);
  if (!acl.tags_unread_why.empty()) out.Member("tags_unread_why", acl.tags_unread_why);
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

void WriteLastHost(JsonWriter& out, const LastHost& host) {
  out.BeginObject().Member("account", host.account).Member("region", host.region).Member("id", host.id);
  out.Member("name", host.name).Member("state", ToString(host.state)).EndObject();
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

}  // namespace

std::vector<std::string> PiecesOf(const Run& run) {
  std::vector<std::string> pieces(1);
  AddPieces("hosts", run.hosts, kHostsEachPiece, WriteHostOfRun, pieces);
  AddPieces("acls", run.acls, kOthersEachPiece, WriteAcl, pieces);
  AddPieces("things", run.things, kOthersEachPiece, WriteThing, pieces);
  AddPieces("candidates", run.candidates, kOthersEachPiece, WriteCandidate, pieces);
  AddPieces("breaks", run.breaks, kOthersEachPiece, WriteBreak, pieces);
  AddPieces("last_hosts", run.last_hosts, kOthersEachPiece, WriteLastHost, pieces);
  AddPieces("last_acls", run.last_acls, kOthersEachPiece, WriteAcl, pieces);
  AddPieces("rules", run.rules, kRulesEachPiece, WriteRule, pieces);
  pieces.front() = HeaderPiece(run, pieces.size());
  return pieces;
}

}  // namespace sallyport::edge

// SPDX-License-Identifier: Apache-2.0
//
// A run from its pieces (run.h).
#include <algorithm>
#include <array>
#include <utility>

#include "base/bounds.h"
#include "base/json_fields.h"
#include "edge/run.h"

namespace sallyport::edge {
namespace {

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

std::vector<Place> ReadPlaces(JsonFields& fields, const Json& place) {
  std::vector<Place> places;
  for (const Json& one : fields.Array(place).Elements()) {
    places.push_back({fields.Text(one["account"]), fields.Text(one["region"])});
  }
  return places;
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
  swp.unread = json["unread"].HasValue() && fields.Flag(json["unread"]);
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

HostState ReadState(JsonFields& fields, const Json& place) {
  const auto state = HostStateFrom(fields.Text(place));
  if (!state) fields.Expected(place, "a state of a host", "another word");
  return state.value_or(HostState::kUndetermined);
}

LastHost ReadLastHost(JsonFields& fields, const Json& json) {
  return {fields.Text(json["account"]), fields.Text(json["region"]), fields.RequiredText(json["id"]),
          fields.Text(json["name"]), ReadState(fields, json["state"])};
}

RunHost ReadHostOfRun(JsonFields& fields, const Json& json) {
  RunHost host;
  host.account = fields.Text(json["account"]);
  host.region = fields.Text(json["region"]);
  host.id = fields.RequiredText(json["id"]);
  host.name = fields.Text(json["name"]);
  host.state = ReadState(fields, json["state"]);
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
  acl.tags_unread_why = fields.Text(json["tags_unread_why"]);
  if (json["logs"].HasValue()) acl.logs = fields.Flag(json["logs"]);
  acl.groups = Texts(fields, json["groups"]);
  acl.resources = Texts(fields, json["resources"]);
  acl.ip_sets = Texts(fields, json["ip_sets"]);
  acl.expired = Texts(fields, json["expired"]);
  acl.has_own_groups = fields.Flag(json["has_own_groups"]);
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
  run.places = ReadPlaces(fields, json["places"]);
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
    if (kind == "last_hosts") run.last_hosts.push_back(ReadLastHost(fields, one));
    if (kind == "last_acls") run.last_acls.push_back(ReadAcl(fields, one));
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

}  // namespace

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

}  // namespace sallyport::edge

// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_ledger.h"

#include <algorithm>

#include "base/bounds.h"
#include "base/json_fields.h"

namespace sallyport {
namespace {

constexpr std::int64_t kLedgerFormat = 1;
constexpr std::size_t kPieceBytes = std::size_t{256} * 1024;
constexpr std::size_t kMostPlaced = 10'000;

double Days(Duration duration) {
  constexpr double kDay = 24.0 * 60 * 60 * 1000;
  return static_cast<double>(std::max(duration, Duration{0}).count()) / kDay;
}

void WriteCover(JsonWriter& out, const std::string& cve, const CveCover& cover) {
  out.BeginObject().Member("cve", cve).Member("state", ToString(cover.state)).Member("why", cover.why);
  if (!cover.rules.empty()) {
    out.Key("rules").BeginArray();
    for (const RuleId rule : cover.rules) out.Int(rule.value);
    out.EndArray();
  }
  if (cover.looked_at) out.Member("looked_at", ToEpochMilliseconds(*cover.looked_at));
  if (cover.since) out.Member("since", ToEpochMilliseconds(*cover.since));
  if (cover.days_before > 0) out.Key("days_before").Double(cover.days_before);
  if (cover.planned) out.Member("planned", true);
  out.EndObject();
}

std::optional<TimePoint> TimeAt(const Json& place, JsonFields& fields) {
  if (!place.HasValue()) return std::nullopt;
  return FromEpochMilliseconds(fields.Whole(place, 0));
}

std::vector<RuleId> RulesAt(const Json& place, JsonFields& fields) {
  std::vector<RuleId> rules;
  for (const Json& rule : fields.Array(place).Elements()) {
    rules.push_back(RuleId{static_cast<std::int32_t>(fields.Whole(rule, 0))});
  }
  return rules;
}

CveCover CoverFromJson(const Json& json, JsonFields& fields) {
  CveCover cover;
  const auto state = CoverageStateFromWord(fields.Text(json["state"]));
  if (!state) fields.Expected(json["state"], "a state of coverage", "another word");
  cover.state = state.value_or(CoverageState::kUndetermined);
  cover.why = fields.Text(json["why"]);
  cover.rules = RulesAt(json["rules"], fields);
  cover.looked_at = TimeAt(json["looked_at"], fields);
  cover.since = TimeAt(json["since"], fields);
  cover.days_before = json["days_before"].DoubleOr(0);
  cover.planned = fields.Flag(json["planned"]);
  return cover;
}

void WriteEntry(JsonWriter& out, const PatchEntry& entry) {
  out.BeginObject().Key("finding");
  WritePatchFinding(out, entry.finding);
  if (!entry.covers.empty()) {
    out.Key("covers").BeginArray();
    for (const auto& [cve, cover] : entry.covers) WriteCover(out, cve, cover);
    out.EndArray();
  }
  if (!entry.cases.empty()) {
    out.Key("cases").BeginArray();
    for (const auto& [cve, number] : entry.cases)
      out.BeginObject().Member("cve", cve).Member("case", number).EndObject();
    out.EndArray();
  }
  if (entry.closed_at) out.Member("closed_at", ToEpochMilliseconds(*entry.closed_at));
  if (entry.told_in != 0) out.Member("told_in", entry.told_in);
  if (entry.told_unknown_in != 0) out.Member("told_unknown_in", entry.told_unknown_in);
  if (entry.unread) out.Member("unread", true);
  if (entry.excluded) out.Member("excluded", true);
  out.EndObject();
}

Result<PatchEntry> EntryFromJson(const Json& json) {
  JsonFields fields;
  PatchEntry entry;
  auto finding = PatchFindingFromJson(json["finding"]);
  if (!finding.ok()) return finding.error();
  entry.finding = *std::move(finding);
  for (const Json& cover : fields.Array(json["covers"]).Elements()) {
    entry.covers[fields.Text(cover["cve"])] = CoverFromJson(cover, fields);
  }
  for (const Json& one : fields.Array(json["cases"]).Elements()) {
    entry.cases[fields.Text(one["cve"])] = fields.Whole(one["case"], 0);
  }
  entry.closed_at = TimeAt(json["closed_at"], fields);
  entry.told_in = fields.Whole(json["told_in"], 0);
  entry.told_unknown_in = fields.Whole(json["told_unknown_in"], 0);
  entry.unread = fields.Flag(json["unread"]);
  entry.excluded = fields.Flag(json["excluded"]);
  if (!fields.status().ok()) return fields.status().error();
  return entry;
}

void WriteDetecting(JsonWriter& out, const PatchPlaced::Detecting& detecting) {
  out.Key("detecting").BeginObject().Member("until", ToEpochMilliseconds(detecting.until));
  out.Key("rules").BeginArray();
  for (const RuleId rule : detecting.rules) out.Int(rule.value);
  out.EndArray().Key("patched").BeginArray();
  for (const Target& target : detecting.patched) {
    out.BeginObject().Member("computer", std::int64_t{target.computer.value}).Key("host");
    WriteHost(out, target.host);
    out.EndObject();
  }
  out.EndArray().Key("cases").BeginArray();
  for (const std::int64_t number : detecting.cases) out.Int(number);
  out.EndArray().Member("key", detecting.key);
  if (detecting.proposed_in != 0) out.Member("proposed_in", detecting.proposed_in);
  out.EndObject();
}

Result<PatchPlaced::Detecting> DetectingFromJson(const Json& json, JsonFields& fields) {
  PatchPlaced::Detecting detecting;
  detecting.until = FromEpochMilliseconds(fields.Whole(json["until"], 0));
  detecting.rules = RulesAt(json["rules"], fields);
  for (const Json& one : fields.Array(json["patched"]).Elements()) {
    auto host = HostFromJson(one["host"]);
    if (!host.ok()) return host.error();
    const ComputerId computer{static_cast<std::int32_t>(fields.Whole(one["computer"], 0))};
    detecting.patched.push_back({computer, *std::move(host)});
  }
  for (const Json& number : fields.Array(json["cases"]).Elements()) detecting.cases.push_back(fields.Whole(number, 0));
  detecting.key = fields.Text(json["key"]);
  detecting.proposed_in = fields.Whole(json["proposed_in"], 0);
  return detecting;
}

void WritePlaced(JsonWriter& out, const PatchPlaced& placed) {
  out.BeginObject();
  out.Member("scope", placed.scope.kind == swp::Scope::Kind::kPolicy ? "policy" : "computer");
  out.Member("scope_id", std::int64_t{placed.scope.id}).Member("computer", std::int64_t{placed.computer.value});
  out.Key("host");
  WriteHost(out, placed.host);
  out.Key("rules").BeginArray();
  for (const RuleId rule : placed.rules) out.Int(rule.value);
  out.EndArray().Member("cves", placed.cves).Member("planned_at", ToEpochMilliseconds(placed.planned_at));
  out.Member("key", placed.key);
  if (!placed.child.empty()) out.Member("child", placed.child);
  if (placed.detecting) WriteDetecting(out, *placed.detecting);
  if (!placed.proposed.empty()) {
    out.Key("proposed").BeginArray();
    for (const auto& [rule, window] : placed.proposed) {
      out.BeginObject().Member("rule", std::int64_t{rule}).Member("window", window).EndObject();
    }
    out.EndArray();
  }
  out.EndObject();
}

Result<PatchPlaced> PlacedFromJson(const Json& json) {
  JsonFields fields;
  PatchPlaced placed;
  const std::string scope = fields.Text(json["scope"]);
  placed.scope.kind = scope == "policy" ? swp::Scope::Kind::kPolicy : swp::Scope::Kind::kComputer;
  placed.scope.id = static_cast<std::int32_t>(fields.Whole(json["scope_id"], 0));
  placed.computer.value = static_cast<std::int32_t>(fields.Whole(json["computer"], 0));
  auto host = HostFromJson(json["host"]);
  if (!host.ok()) return host.error();
  placed.host = *std::move(host);
  placed.rules = RulesAt(json["rules"], fields);
  for (const Json& cve : fields.Array(json["cves"]).Elements()) placed.cves.push_back(fields.Text(cve));
  placed.planned_at = FromEpochMilliseconds(fields.Whole(json["planned_at"], 0));
  placed.key = fields.Text(json["key"]);
  placed.child = fields.Text(json["child"]);
  for (const Json& one : fields.Array(json["proposed"]).Elements()) {
    placed.proposed[static_cast<std::int32_t>(fields.Whole(one["rule"], 0))] = fields.Whole(one["window"], 0);
  }
  if (json["detecting"].HasValue()) {
    auto detecting = DetectingFromJson(json["detecting"], fields);
    if (!detecting.ok()) return detecting.error();
    placed.detecting = *std::move(detecting);
  }
  // Of an earlier release: all of its rules at once.
  if (const std::int64_t window = fields.Whole(json["proposed_in"], 0); window != 0) {
    for (const RuleId rule : placed.rules) placed.proposed[rule.value] = window;
  }
  if (!fields.status().ok()) return fields.status().error();
  return placed;
}

// Objects in pieces of at most kPieceBytes and one object more.
class PieceWriter {
 public:
  PieceWriter(std::string part, std::vector<std::string>& into) : part_(std::move(part)), into_(into) {}
  template <class Write>
  void Add(Write write) {
    if (!open_) {
      out_ = JsonWriter();
      out_.BeginObject().Member("part", part_).Member("format", kLedgerFormat).Key("items").BeginArray();
      open_ = true;
    }
    write(out_);
    if (out_.text().size() >= kPieceBytes) Close();
  }
  void Close() {
    if (!open_) return;
    out_.EndArray().EndObject();
    into_.push_back(out_.Take());
    open_ = false;
  }

 private:
  std::string part_;
  std::vector<std::string>& into_;
  JsonWriter out_;
  bool open_ = false;
};

Status AddLedgerPiece(const Json& piece, PatchLedger& ledger) {
  const std::string part = piece["part"].StringOr("");
  const bool is_entries = part == "findings";
  const bool is_said = part == "said";
  if (!is_entries && !is_said && part != "placed") return ledger.catalog.AddPiece(piece);
  if (piece["format"].Int64Or(0) != kLedgerFormat) {
    return Error{ErrorCode::kInvalidInput, "the patch ledger has a format that this release does not know",
                 "use the newer release"};
  }
  for (const Json& item : piece["items"].Elements()) {
    if (is_entries) {
      auto entry = EntryFromJson(item.AsDocument());
      if (!entry.ok()) return entry.error();
      const std::string key = entry->finding.Key();
      ledger.entries[key] = *std::move(entry);
    } else if (is_said) {
      ledger.said[item["case"].Int64Or(0)] = item["says"].StringOr("");
    } else {
      auto placed = PlacedFromJson(item.AsDocument());
      if (!placed.ok()) return placed.error();
      ledger.placed.push_back(*std::move(placed));
    }
  }
  return Ok();
}

// Since when it is covered that was not at the last look: since the agent received the policy that does it, as far as
// that was after that look. What was never looked at before counts from now.
TimePoint CoveredSince(const CveCover& before, const Coverage& coverage, TimePoint now) {
  if (!before.looked_at || !coverage.received) return now;
  return std::clamp(*coverage.received, std::min(*before.looked_at, now), now);
}

}  // namespace

bool PatchLedger::Take(const PatchFinding& finding, TimePoint now) {
  const auto found = entries.find(finding.Key());
  if (found == entries.end()) {
    if (entries.size() >= kMostPatchEntries) return false;
    PatchEntry entry;
    entry.finding = finding;
    if (finding.status == FindingStatus::kClosed) entry.closed_at = now;
    entries.emplace(finding.Key(), std::move(entry));
    return true;
  }
  PatchEntry& entry = found->second;
  // Each case of a finding brings its own CVEs.
  std::vector<std::string> cves = entry.finding.cves;
  for (const std::string& cve : finding.cves) {
    if (std::find(cves.begin(), cves.end(), cve) == cves.end()) cves.push_back(cve);
  }
  const bool newer = IsNewer(finding, entry.finding);
  if (newer) {
    const bool was_open = !entry.closed_at;
    std::optional<std::vector<swp::Tag>> tags = entry.finding.host.tags;
    entry.finding = finding;
    if (!entry.finding.host.tags) entry.finding.host.tags = std::move(tags);
    if (finding.status != FindingStatus::kClosed) {
      entry.closed_at.reset();
    } else if (was_open) {
      entry.closed_at = now;
    }
  }
  entry.finding.cves = std::move(cves);
  return newer;
}

void PatchLedger::Vanish(const std::string& key, TimePoint now) {
  const auto found = entries.find(key);
  if (found == entries.end() || found->second.closed_at) return;
  found->second.finding.vanished = true;
  found->second.closed_at = now;
}

void PatchLedger::Note(PatchEntry& entry, const std::string& cve, const Coverage& coverage, TimePoint now) {
  CveCover& cover = entry.covers[cve];
  // What could not be found out ends nothing and begins nothing.
  if (coverage.state != CoverageState::kUndetermined) {
    if (Prevents(coverage.state)) {
      if (!cover.since) cover.since = CoveredSince(cover, coverage, now);
    } else if (cover.since) {
      cover.days_before += Days(now - *cover.since);
      cover.since.reset();
    }
  }
  cover.state = coverage.state;
  cover.why = coverage.why;
  cover.rules = coverage.assigned;
  cover.looked_at = now;
  cover.planned = false;
}

void PatchLedger::Trim(TimePoint now, Duration keep) {
  std::erase_if(entries,
                [&](const auto& entry) { return entry.second.closed_at && now - *entry.second.closed_at > keep; });
  if (placed.size() > kMostPlaced) {
    placed.erase(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>(placed.size() - kMostPlaced));
  }
}

std::vector<std::string> PatchLedger::Pieces() const {
  std::vector<std::string> pieces = catalog.Pieces();
  PieceWriter findings("findings", pieces);
  for (const auto& keyed : entries) {
    findings.Add([&](JsonWriter& out) { WriteEntry(out, keyed.second); });
  }
  findings.Close();
  PieceWriter changes("placed", pieces);
  for (const PatchPlaced& one : placed) {
    changes.Add([&](JsonWriter& out) { WritePlaced(out, one); });
  }
  changes.Close();
  PieceWriter words("said", pieces);
  for (const auto& one : said) {
    words.Add(
        [&](JsonWriter& out) { out.BeginObject().Member("case", one.first).Member("says", one.second).EndObject(); });
  }
  words.Close();
  return pieces;
}

Result<PatchLedger> ReadPatchLedger(DocumentReads* documents) {
  PatchLedger ledger;
  if (documents == nullptr) return ledger;
  const auto document = ReadDocument(*documents, kPatchDocument);
  if (!document.ok()) return document.error();
  if (!document->has_value()) return ledger;
  for (const std::string& text : (*document)->pieces) {
    const auto piece = Json::Parse(text, bounds::kDocumentPieceBytes);
    if (!piece.ok()) return piece.error().In("the patch ledger");
    if (const Status added = AddLedgerPiece(*piece, ledger); !added.ok()) return added.error().In("the patch ledger");
  }
  return ledger;
}

bool IsPromotionDue(const PatchPlaced& placed, std::int64_t window, TimePoint now) {
  if (!placed.detecting || now < placed.detecting->until) return false;
  return placed.detecting->proposed_in == 0 || placed.detecting->proposed_in == window;
}

double DaysCovered(const CveCover& cover, const PatchEntry& entry, TimePoint now) {
  const TimePoint end = entry.closed_at ? std::min(*entry.closed_at, now) : now;
  return cover.days_before + (cover.since && *cover.since < end ? Days(end - *cover.since) : 0);
}

double DaysOpen(const PatchEntry& entry, TimePoint now) {
  const TimePoint from = entry.finding.first_observed.value_or(entry.finding.updated);
  const TimePoint end = entry.closed_at ? std::min(*entry.closed_at, now) : now;
  return from < end ? Days(end - from) : 0;
}

}  // namespace sallyport

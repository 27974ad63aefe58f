// SPDX-License-Identifier: Apache-2.0
#include "workflow/swp_evidence.h"

#include <algorithm>

#include "base/json_fields.h"
#include "base/text.h"

namespace sallyport {
namespace {

// In the order of the enums.
constexpr std::array<std::string_view, kSwpEventKinds> kKindWords = {
    "malware",        "integrity",           "intrusion", "firewall", "web-reputation",
    "log-inspection", "application-control", "system",    "unknown"};
constexpr std::array<std::string_view, 13> kOutcomeWords = {
    "reported", "quarantined", "cleaned",  "deleted", "denied",         "passed", "failed",
    "blocked",  "changed",     "detected", "allowed", "scan-completed", "unknown"};
static_assert(kOutcomeWords.size() == static_cast<std::size_t>(SwpOutcome::kUnknown) + 1);

template <class Enum, std::size_t size>
std::optional<Enum> FromWord(const std::array<std::string_view, size>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

std::string CountWord(std::int64_t count, std::string_view one, std::string_view several) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : several);
}

// "1 quarantined": what became of detections, for people.
std::string_view PhraseOf(SwpEventKind kind, SwpOutcome outcome) {
  switch (outcome) {
    case SwpOutcome::kDenied:
      return "access denied";
    case SwpOutcome::kPassed:
      return "passed (nothing done)";
    case SwpOutcome::kFailed:
      return "not removed (SWP failed)";
    case SwpOutcome::kChanged:
      return "changed on the way";
    case SwpOutcome::kDetected:
      return "detected and let through";
    case SwpOutcome::kScanCompleted:
      return "scan completed";
    case SwpOutcome::kUnknown:
      return kind == SwpEventKind::kMalware ? "with an unknown result" : "with an unknown action";
    default:
      return ToString(outcome);
  }
}

std::string Outcomes(const SwpEvidence& evidence, SwpEventKind kind) {
  std::string text;
  for (std::size_t i = 0; i < kOutcomeWords.size(); ++i) {
    const auto outcome = static_cast<SwpOutcome>(i);
    const std::int64_t count = outcome == SwpOutcome::kReported ? 0 : evidence.Count(kind, outcome);
    if (count > 0)
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(PhraseOf(kind, outcome));
  }
  return text;
}

std::string DetectionsOf(const SwpEvidence& evidence) {
  return CountWord(evidence.Count(SwpEventKind::kMalware), "detection", "detections") + ", " +
         Outcomes(evidence, SwpEventKind::kMalware);
}

std::string ChangesOf(const SwpEvidence& evidence) {
  return CountWord(evidence.Count(SwpEventKind::kIntegrity), "integrity change", "integrity changes");
}

std::string_view NameOfKind(SwpEventKind kind) {
  switch (kind) {
    case SwpEventKind::kIntrusion:
      return "intrusion prevention";
    case SwpEventKind::kFirewall:
      return "firewall";
    case SwpEventKind::kWebReputation:
      return "web reputation";
    case SwpEventKind::kLogInspection:
      return "log inspection";
    case SwpEventKind::kApplicationControl:
      return "application control";
    case SwpEventKind::kSystem:
      return "system events";
    default:
      return "events of an unknown kind";
  }
}

std::string OtherKind(const SwpEvidence& evidence, SwpEventKind kind) {
  const std::string outcomes = Outcomes(evidence, kind);
  const std::int64_t reported = evidence.Count(kind, SwpOutcome::kReported);
  std::string text = std::string(NameOfKind(kind)) + ": " + outcomes;
  if (reported > 0 || outcomes.empty()) {
    text += (outcomes.empty() ? "" : ", ") + CountWord(reported, "event", "events");
  }
  return text;
}

// Of intrusion prevention and all kinds behind it.
std::vector<std::string> OtherKinds(const SwpEvidence& evidence) {
  std::vector<std::string> lines;
  for (std::size_t i = static_cast<std::size_t>(SwpEventKind::kIntrusion); i < kSwpEventKinds; ++i) {
    const auto kind = static_cast<SwpEventKind>(i);
    if (evidence.Count(kind) > 0) lines.push_back(OtherKind(evidence, kind));
  }
  return lines;
}

std::string BlockedWords(const SwpEvidence& evidence) {
  std::string text;
  for (const std::string& address : evidence.blocked) text += (text.empty() ? "" : ", ") + Printable(address, 64);
  return "blocked: intrusion prevention stopped traffic with " + text + ", which the finding names";
}

// "00:51:00 UTC on 2026-11-28"
std::string TimeWords(TimePoint time) {
  const std::string text = FormatTime(time);
  return text.substr(11, 8) + " UTC on " + text.substr(0, 10);
}

// All scans of one kind: they have finished when all have.
struct ScansOfKind {
  bool any = false;
  bool finished = true;
  TimePoint ended;  // the last of them
};

ScansOfKind ScansOf(const std::vector<ScanSeen>& scans, swp::ScanKind kind) {
  ScansOfKind found;
  for (const ScanSeen& scan : scans) {
    if (scan.kind != kind) continue;
    found.any = true;
    found.finished = found.finished && scan.finished_at;
    if (scan.finished_at) found.ended = std::max(found.ended, *scan.finished_at);
  }
  return found;
}

std::string NothingReported(const ResultFacts& facts, const ScansOfKind& scans, std::string_view what) {
  if (!facts.unread.empty()) return "whether " + std::string(what) + " were reported is undetermined: " + facts.unread;
  if (!facts.forwarded) return "results are not forwarded to Sallyport: see SWP";
  std::string none = "no " + std::string(what) + " were reported until " + TimeWords(facts.until);
  if (facts.heard && *facts.heard >= scans.ended) return none;
  return none + ", but no event of SWP has come since the scan ended: see SWP";
}

void AddScanWords(const ResultFacts& facts, swp::ScanKind kind, SwpEventKind of, std::vector<std::string>& words) {
  const ScansOfKind scans = ScansOf(facts.scans, kind);
  const bool any = facts.evidence.Count(of) > 0;
  const bool is_malware = of == SwpEventKind::kMalware;
  const std::string found = !any ? "" : is_malware ? DetectionsOf(facts.evidence) : ChangesOf(facts.evidence);
  if (!scans.any) {
    if (any) words.push_back(is_malware ? "malware: " + found : found);
    return;
  }
  const std::string name(swp::DisplayName(kind));
  if (!scans.finished) {
    words.push_back(name + " in progress" + (any ? ": " + found + " so far" : ""));
  } else {
    words.push_back(
        name + " finished: " + (any ? found : NothingReported(facts, scans, is_malware ? "detections" : "changes")));
  }
}

// ------------------------------------------------------------------------------------------------ JSON

void WriteGroup(JsonWriter& out, const SwpEvidence::Group& group, const std::set<std::string>& ids, std::int64_t more) {
  out.BeginObject().Member("kind", ToString(group.first)).Member("outcome", ToString(group.second));
  out.Member("ids", std::vector<std::string>(ids.begin(), ids.end()));
  if (more > 0) out.Member("more", more);
  out.EndObject();
}

std::set<std::string> ReadTexts(const Json& place, JsonFields& fields) {
  std::set<std::string> texts;
  for (const Json& element : fields.Array(place).Elements()) texts.insert(fields.Text(element));
  return texts;
}

void ReadGroup(const Json& json, JsonFields& fields, SwpEvidence& evidence) {
  const auto kind = SwpEventKindFromString(json["kind"].StringOr(""));
  const auto outcome = SwpOutcomeFromString(json["outcome"].StringOr(""));
  if (!kind)
    return fields.Expected(json["kind"], "a kind of SWP event", "`" + Printable(json["kind"].StringOr(""), 40) + "`");
  if (!outcome) {
    return fields.Expected(json["outcome"], "an outcome of an SWP event",
                           "`" + Printable(json["outcome"].StringOr(""), 40) + "`");
  }
  const SwpEvidence::Group group{*kind, *outcome};
  evidence.ids[group] = ReadTexts(json["ids"], fields);
  if (const std::int64_t more = fields.Whole(json["more"], 0); more > 0) evidence.more[group] = more;
}

}  // namespace

std::string_view ToString(SwpEventKind kind) {
  return kKindWords.at(static_cast<std::size_t>(kind));
}

std::optional<SwpEventKind> SwpEventKindFromString(std::string_view word) {
  return FromWord<SwpEventKind>(kKindWords, word);
}

std::string_view ToString(SwpOutcome outcome) {
  return kOutcomeWords.at(static_cast<std::size_t>(outcome));
}

std::optional<SwpOutcome> SwpOutcomeFromString(std::string_view word) {
  return FromWord<SwpOutcome>(kOutcomeWords, word);
}

bool IsHandled(SwpOutcome outcome) {
  return outcome == SwpOutcome::kQuarantined || outcome == SwpOutcome::kCleaned || outcome == SwpOutcome::kDeleted;
}

bool SwpEvidence::Has(const std::string& id) const {
  return std::any_of(ids.begin(), ids.end(), [&](const auto& group) { return group.second.contains(id); });
}

std::int64_t SwpEvidence::Count(SwpEventKind kind, SwpOutcome outcome) const {
  const auto known = ids.find({kind, outcome});
  const auto further = more.find({kind, outcome});
  return (known == ids.end() ? 0 : static_cast<std::int64_t>(known->second.size())) +
         (further == more.end() ? 0 : further->second);
}

std::int64_t SwpEvidence::Count(SwpEventKind kind) const {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < kOutcomeWords.size(); ++i) count += Count(kind, static_cast<SwpOutcome>(i));
  return count;
}

std::int64_t SwpEvidence::CountAll() const {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < kSwpEventKinds; ++i) count += Count(static_cast<SwpEventKind>(i));
  return count;
}

std::int64_t SwpEvidence::MalwareLeft() const {
  std::int64_t left = 0;
  for (std::size_t i = 0; i < kOutcomeWords.size(); ++i) {
    const auto outcome = static_cast<SwpOutcome>(i);
    if (!IsHandled(outcome)) left += Count(SwpEventKind::kMalware, outcome);
  }
  return left;
}

void Merge(const SwpEvidence& other, SwpEvidence& into) {
  for (const auto& [group, ids] : other.ids) into.ids[group].insert(ids.begin(), ids.end());
  // Of two wholes the later one counted what the earlier did.
  for (const auto& [group, more] : other.more) into.more[group] = std::max(into.more[group], more);
  for (const std::string& line : other.lines) {
    if (into.lines.size() < kEvidenceLines) into.lines.insert(line);
  }
  for (const std::string& address : other.blocked) {
    if (into.blocked.size() < kEvidenceLines) into.blocked.insert(address);
  }
  into.computers.insert(other.computers.begin(), other.computers.end());
  into.hosts.insert(other.hosts.begin(), other.hosts.end());
  if (other.newest && (!into.newest || *into.newest < *other.newest)) into.newest = other.newest;
}

SwpEvidence Whole(SwpEvidence evidence) {
  evidence.whole = true;
  for (auto& [group, ids] : evidence.ids) {
    while (ids.size() > kEvidenceIds) {
      ids.erase(ids.begin());
      ++evidence.more[group];
    }
  }
  return evidence;
}

void WriteEvidence(JsonWriter& out, const SwpEvidence& evidence) {
  out.BeginObject();
  if (evidence.whole) out.Member("whole", true);
  out.Key("groups").BeginArray();
  for (const auto& [group, ids] : evidence.ids) {
    const auto more = evidence.more.find(group);
    WriteGroup(out, group, ids, more == evidence.more.end() ? 0 : more->second);
  }
  out.EndArray();
  out.Member("lines", std::vector<std::string>(evidence.lines.begin(), evidence.lines.end()));
  out.Member("blocked", std::vector<std::string>(evidence.blocked.begin(), evidence.blocked.end()));
  out.Key("computers").BeginArray();
  for (const auto& [instance, computer] : evidence.computers) {
    out.BeginObject().Member("instance", instance).Member("computer", computer).EndObject();
  }
  out.EndArray();
  out.Member("hosts", std::vector<std::string>(evidence.hosts.begin(), evidence.hosts.end()));
  if (evidence.newest) out.Member("newest", FormatTime(*evidence.newest));
  out.EndObject();
}

Result<SwpEvidence> EvidenceFromJson(const Json& json) {
  JsonFields fields;
  SwpEvidence evidence;
  if (!json.IsObject()) fields.Expected(json, "an object", json.TypeName());
  evidence.whole = fields.Flag(json["whole"]);
  for (const Json& group : fields.Array(json["groups"]).Elements()) ReadGroup(group, fields, evidence);
  evidence.lines = ReadTexts(json["lines"], fields);
  evidence.blocked = ReadTexts(json["blocked"], fields);
  evidence.hosts = ReadTexts(json["hosts"], fields);
  for (const Json& one : fields.Array(json["computers"]).Elements()) {
    evidence.computers.emplace(fields.Text(one["instance"]),
                               static_cast<std::int32_t>(fields.Whole(one["computer"], 0)));
  }
  evidence.newest = ParseTime(fields.Text(json["newest"]));
  if (!fields.status().ok()) return fields.status().error();
  return evidence;
}

std::optional<ScanSeen> ScanSeenOf(std::string_view kind, std::string_view what, std::string_view state,
                                   std::optional<TimePoint> changed_at) {
  if (kind != "request-scan") return std::nullopt;
  ScanSeen scan;
  if (what == swp::ApiName(swp::ScanKind::kIntegrity)) {
    scan.kind = swp::ScanKind::kIntegrity;
  } else if (what != swp::ApiName(swp::ScanKind::kMalware)) {
    return std::nullopt;
  }
  if (state == "verified") {
    scan.finished_at = changed_at;
    return scan.finished_at ? std::optional(scan) : std::nullopt;
  }
  const bool on_its_way = state == "requested" || state == "waiting" || state == "applied" || state == "intended";
  return on_its_way ? std::optional(scan) : std::nullopt;
}

std::vector<std::string> WordsOf(const ResultFacts& facts) {
  std::vector<std::string> words;
  AddScanWords(facts, swp::ScanKind::kMalware, SwpEventKind::kMalware, words);
  AddScanWords(facts, swp::ScanKind::kIntegrity, SwpEventKind::kIntegrity, words);
  if (!facts.evidence.blocked.empty()) words.push_back(BlockedWords(facts.evidence));
  const std::vector<std::string> others = OtherKinds(facts.evidence);
  words.insert(words.end(), others.begin(), others.end());
  return words;
}

std::string CountsOf(const SwpEvidence& evidence) {
  std::vector<std::string> parts;
  if (evidence.Count(SwpEventKind::kMalware) > 0) parts.push_back(DetectionsOf(evidence));
  if (evidence.Count(SwpEventKind::kIntegrity) > 0) parts.push_back(ChangesOf(evidence));
  const std::vector<std::string> others = OtherKinds(evidence);
  parts.insert(parts.end(), others.begin(), others.end());
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/rule_catalog.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/check.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "workflow/inspector_finding.h"

namespace sallyport {
namespace {

constexpr std::int64_t kCatalogFormat = 1;
constexpr std::size_t kRulesPerPiece = 500;
constexpr std::size_t kTypesPerPiece = 2'000;
constexpr std::size_t kShownPatchRule = 100;
constexpr std::size_t kShownTypeName = 60;
// Rule updates come about weekly. After one all rules are read anew, at most once in this time.
constexpr Duration kWholeAfterUpdate = std::chrono::hours(24);
// The field's names of what runs on one of the two systems alone.
constexpr std::array<std::string_view, 12> kWindowsWords = {"windows",          "microsoft",       "iis",
                                                            "active directory", "exchange server", "internet explorer",
                                                            "outlook",          "sharepoint",      ".net framework",
                                                            "remote desktop",   "netlogon",        "smbv1"};
constexpr std::array<std::string_view, 16> kLinuxWords = {"linux",   "unix",   "samba",   "ubuntu", "debian", "red hat",
                                                          "rhel",    "centos", "suse",    "glibc",  "bash",   "sudo",
                                                          "systemd", "polkit", "openssh", "exim"};

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// Whether `text` (lower case) holds `word` with nothing of a word on either side.
bool HoldsWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !IsWordCharacter(text[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == text.size() || !IsWordCharacter(text[end]))) return true;
  }
  return false;
}

template <std::size_t N>
bool HoldsAny(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return HoldsWord(text, word); });
}

// Text that names both says nothing.
HostSystem SystemInText(std::string_view text) {
  const std::string lower = ToLowerAscii(text);
  const bool windows = HoldsAny(lower, kWindowsWords);
  const bool is_linux = HoldsAny(lower, kLinuxWords);
  if (windows == is_linux) return HostSystem::kUndetermined;
  return windows ? HostSystem::kWindows : HostSystem::kLinux;
}

void InferSystem(const swp::CatalogRule& rule, std::string_view type, PatchRule& made) {
  made.system = SystemInText(type);
  if (made.system != HostSystem::kUndetermined) {
    made.system_from = "its application type `" + Printable(type, kShownTypeName) + "`";
    return;
  }
  made.system = SystemInText(rule.rule.name);
  if (made.system != HostSystem::kUndetermined) {
    made.system_from = "its name";
    return;
  }
  made.system = SystemInText(rule.description);
  if (made.system != HostSystem::kUndetermined) made.system_from = "its description";
}

bool SpeaksOfConfiguration(std::string_view text) {
  constexpr std::array<std::string_view, 5> kPhrases = {"requires configuration", "must be configured",
                                                        "needs to be configured", "need to be configured",
                                                        "requires additional configuration"};
  const std::string lower = ToLowerAscii(text);
  return std::any_of(kPhrases.begin(), kPhrases.end(),
                     [&](std::string_view phrase) { return lower.find(phrase) != std::string::npos; });
}

// Rules that the vendor's scans must not assign by themselves are of another mode than `enabled` (contract 7.1).
void InferConfiguration(const swp::CatalogRule& rule, PatchRule& made) {
  if (SpeaksOfConfiguration(rule.description) || SpeaksOfConfiguration(rule.rule.name)) {
    made.configuration = NeedsConfiguration::kYes;
    made.configuration_from = "its description says so";
    return;
  }
  const std::string& mode = rule.rule.recommendations_mode;
  if (mode.empty() || mode == "enabled") return;
  made.configuration = NeedsConfiguration::kUndetermined;
  made.configuration_from = "its recommendation mode is `" + Printable(mode, 20) + "`";
}

bool IsObsolete(std::string_view name) {
  const std::string lower = ToLowerAscii(name);
  return HoldsWord(lower, "obsolete") || HoldsWord(lower, "deprecated");
}

std::optional<HostSystem> SystemFromWord(std::string_view word) {
  for (const auto system : {HostSystem::kWindows, HostSystem::kLinux, HostSystem::kUndetermined}) {
    if (ToString(system) == word) return system;
  }
  return std::nullopt;
}

void WriteRule(JsonWriter& out, const PatchRule& rule) {
  out.BeginObject().Member("id", std::int64_t{rule.id.value}).Member("identifier", rule.identifier);
  out.Member("name", rule.name).Member("severity", rule.severity);
  if (!rule.cves.empty()) out.Member("cves", rule.cves);
  if (rule.application_type) out.Member("type", std::int64_t{*rule.application_type});
  if (!rule.depends_on.empty()) {
    out.Key("needs").BeginArray();
    for (const RuleId id : rule.depends_on) out.Int(id.value);
    out.EndArray();
  }
  if (rule.detect_only) out.Member("detect_only", true);
  if (rule.obsolete) out.Member("obsolete", true);
  if (rule.system != HostSystem::kUndetermined) {
    out.Member("system", ToString(rule.system)).Member("system_from", rule.system_from);
  }
  if (rule.configuration != NeedsConfiguration::kNo) {
    out.Member("configuration", static_cast<std::int64_t>(rule.configuration));
    out.Member("configuration_from", rule.configuration_from);
  }
  out.EndObject();
}

PatchRule RuleFromJson(const Json& json, JsonFields& fields) {
  PatchRule rule;
  rule.id = RuleId{static_cast<std::int32_t>(fields.Whole(json["id"], 0))};
  rule.identifier = fields.Text(json["identifier"]);
  rule.name = fields.Text(json["name"]);
  rule.severity = fields.Text(json["severity"]);
  for (const Json& cve : fields.Array(json["cves"]).Elements()) rule.cves.push_back(fields.Text(cve));
  if (json["type"].HasValue()) rule.application_type = static_cast<std::int32_t>(fields.Whole(json["type"], 0));
  for (const Json& id : fields.Array(json["needs"]).Elements()) {
    rule.depends_on.push_back(RuleId{static_cast<std::int32_t>(fields.Whole(id, 0))});
  }
  rule.detect_only = fields.Flag(json["detect_only"]);
  rule.obsolete = fields.Flag(json["obsolete"]);
  if (json["system"].HasValue()) {
    const auto system = SystemFromWord(fields.Text(json["system"]));
    if (!system) fields.Expected(json["system"], "a system", "another word");
    rule.system = system.value_or(HostSystem::kUndetermined);
    rule.system_from = fields.Text(json["system_from"]);
  }
  if (json["configuration"].HasValue()) {
    const std::int64_t need = fields.Whole(json["configuration"], 0);
    rule.configuration = need == 1   ? NeedsConfiguration::kYes
                         : need == 0 ? NeedsConfiguration::kNo
                                     : NeedsConfiguration::kUndetermined;
    rule.configuration_from = fields.Text(json["configuration_from"]);
  }
  return rule;
}

}  // namespace

std::string_view ToString(HostSystem system) {
  switch (system) {
    case HostSystem::kWindows:
      return "Windows";
    case HostSystem::kLinux:
      return "Linux";
    case HostSystem::kUndetermined:
      break;
  }
  return "undetermined";
}

HostSystem SystemOfPlatform(std::string_view platform) {
  constexpr std::array<std::string_view, 14> kLinuxPlatforms = {"linux",  "ubuntu", "debian", "amazon", "red hat",
                                                                "redhat", "rhel",   "rocky",  "centos", "suse",
                                                                "oracle", "alma",   "fedora", "al2"};
  const std::string lower = ToLowerAscii(platform);
  const auto begins = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (begins("windows")) return HostSystem::kWindows;
  if (std::any_of(kLinuxPlatforms.begin(), kLinuxPlatforms.end(), begins)) return HostSystem::kLinux;
  return HostSystem::kUndetermined;
}

std::string NameOfRule(const PatchRule& rule) {
  const std::string number = rule.identifier.empty() ? std::to_string(rule.id.value) : Printable(rule.identifier, 20);
  return rule.name.empty() ? number : number + " " + Printable(rule.name, kShownPatchRule);
}

PatchRule PatchRuleOf(const swp::CatalogRule& rule, std::string_view application_type) {
  PatchRule made;
  made.id = rule.rule.id;
  made.identifier = rule.rule.identifier;
  made.name = Printable(rule.rule.name, kShownPatchRule);
  made.severity = rule.rule.severity;
  for (const std::string& text : rule.rule.cves) {
    // A member is one id; some tenants have lists in one text.
    for (std::string& cve : CvesInText(text)) {
      if (std::find(made.cves.begin(), made.cves.end(), cve) == made.cves.end()) made.cves.push_back(std::move(cve));
    }
  }
  made.application_type = rule.rule.application_type;
  made.depends_on = rule.rule.depends_on;
  made.detect_only = rule.rule.detect_only;
  made.obsolete = IsObsolete(rule.rule.name);
  InferSystem(rule, application_type, made);
  InferConfiguration(rule, made);
  return made;
}

void RuleCatalog::Put(PatchRule rule) {
  const std::int32_t id = rule.id.value;
  rules_[id] = std::move(rule);
}

void RuleCatalog::Index() {
  by_cve_.clear();
  for (const auto& [id, rule] : rules_) {
    for (const std::string& cve : rule.cves) by_cve_[cve].push_back(id);
  }
}

void RuleCatalog::Replace(const std::vector<swp::CatalogRule>& rules, const std::vector<swp::ApplicationType>& types,
                          TimePoint now) {
  rules_.clear();
  types_.clear();
  newest_update.reset();
  (void)Merge(rules, types, now);
  whole_at = now;
}

std::size_t RuleCatalog::Merge(const std::vector<swp::CatalogRule>& rules,
                               const std::vector<swp::ApplicationType>& types, TimePoint now) {
  for (const swp::ApplicationType& type : types) types_[type.id] = Printable(type.name, kShownTypeName);
  std::size_t changed = 0;
  for (const swp::CatalogRule& rule : rules) {
    PatchRule made = PatchRuleOf(rule, TypeName(rule.rule.application_type));
    const auto found = rules_.find(made.id.value);
    if (found == rules_.end() || found->second != made) ++changed;
    Put(std::move(made));
    if (rule.last_updated && (!newest_update || *rule.last_updated > *newest_update)) newest_update = rule.last_updated;
  }
  read_at = now;
  Index();
  return changed;
}

std::vector<const PatchRule*> RuleCatalog::RulesFor(const std::string& cve) const {
  std::vector<const PatchRule*> found;
  const auto ids = by_cve_.find(cve);
  if (ids == by_cve_.end()) return found;
  for (const std::int32_t id : ids->second) found.push_back(&rules_.at(id));
  return found;
}

const PatchRule* RuleCatalog::Find(RuleId rule) const {
  const auto found = rules_.find(rule.value);
  return found == rules_.end() ? nullptr : &found->second;
}

std::string RuleCatalog::TypeName(std::optional<std::int32_t> type) const {
  const auto found = type ? types_.find(*type) : types_.end();
  return found == types_.end() ? "" : found->second;
}

std::vector<std::string> RuleCatalog::Pieces() const {
  std::vector<std::string> pieces;
  JsonWriter head;
  head.BeginObject().Member("part", "catalog").Member("format", kCatalogFormat);
  if (whole_at) head.Member("whole_at", ToEpochMilliseconds(*whole_at));
  if (read_at) head.Member("read_at", ToEpochMilliseconds(*read_at));
  if (newest_update) head.Member("newest_update", ToEpochMilliseconds(*newest_update));
  pieces.push_back(head.EndObject().Take());
  for (auto type = types_.begin(); type != types_.end();) {
    JsonWriter out;
    out.BeginObject().Member("part", "types").Member("format", kCatalogFormat).Key("types").BeginArray();
    for (std::size_t i = 0; i < kTypesPerPiece && type != types_.end(); ++i, ++type) {
      out.BeginObject().Member("id", std::int64_t{type->first}).Member("name", type->second).EndObject();
    }
    pieces.push_back(out.EndArray().EndObject().Take());
  }
  for (auto rule = rules_.begin(); rule != rules_.end();) {
    JsonWriter out;
    out.BeginObject().Member("part", "rules").Member("format", kCatalogFormat).Key("rules").BeginArray();
    for (std::size_t i = 0; i < kRulesPerPiece && rule != rules_.end(); ++i, ++rule) WriteRule(out, rule->second);
    pieces.push_back(out.EndArray().EndObject().Take());
  }
  return pieces;
}

Status RuleCatalog::AddPiece(const Json& piece) {
  const std::string part = piece["part"].StringOr("");
  if (part != "catalog" && part != "types" && part != "rules") return Ok();
  if (piece["format"].Int64Or(0) != kCatalogFormat) {
    return Error{ErrorCode::kInvalidInput,
                 "the rule catalog of the ledger has a format that this release does not know",
                 "use the newer release"};
  }
  JsonFields fields;
  if (part == "catalog") {
    const auto time = [&](std::string_view name) -> std::optional<TimePoint> {
      if (!piece[name].HasValue()) return std::nullopt;
      return FromEpochMilliseconds(fields.Whole(piece[name], 0));
    };
    whole_at = time("whole_at");
    read_at = time("read_at");
    newest_update = time("newest_update");
    return fields.status();
  }
  if (part == "types") {
    for (const Json& type : fields.Array(piece["types"]).Elements()) {
      types_[static_cast<std::int32_t>(fields.Whole(type["id"], 0))] = fields.Text(type["name"]);
    }
    return fields.status();
  }
  for (const Json& element : fields.Array(piece["rules"]).Elements()) {
    PatchRule rule = RuleFromJson(element.AsDocument(), fields);
    for (const std::string& cve : rule.cves) by_cve_[cve].push_back(rule.id.value);
    Put(std::move(rule));
  }
  return fields.status();
}

Status RefreshCatalog(swp::EstateReads& estate, TimePoint now, Duration age, Duration whole, RuleCatalog& catalog,
                      bool& changed) {
  changed = false;
  if (catalog.read_at && now - *catalog.read_at < age && now >= *catalog.read_at) return Ok();
  const bool all =
      !catalog.whole_at || now - *catalog.whole_at >= whole || now < *catalog.whole_at || !catalog.newest_update;
  const auto types = estate.AllApplicationTypes(kMostApplicationTypes);
  if (!types.ok()) return types.error();
  const auto rules = estate.RulesSince(all ? std::nullopt : catalog.newest_update, kMostCatalogRules);
  if (!rules.ok()) return rules.error();
  if (all && rules->empty()) {
    // A manager without any rule is one that does not show them: a role without the right.
    return Error{ErrorCode::kBadAnswer, "SWP lists no intrusion prevention rule at all",
                 "check what the role of the API key may see"};
  }
  if (all) {
    catalog.Replace(*rules, *types, now);
  } else {
    RuleCatalog merged = catalog;
    const bool was_updated = merged.Merge(*rules, *types, now) > 0;
    if (was_updated && now - *catalog.whole_at >= kWholeAfterUpdate) {
      // What an update removed is not in the list of what it changed: only the whole list shows it.
      const auto everything = estate.RulesSince(std::nullopt, kMostCatalogRules);
      if (!everything.ok()) return everything.error();
      if (!everything->empty()) merged.Replace(*everything, *types, now);
    }
    catalog = std::move(merged);
  }
  changed = true;
  return Ok();
}

}  // namespace sallyport

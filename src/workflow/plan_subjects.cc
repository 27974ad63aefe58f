// SPDX-License-Identifier: Apache-2.0
#include "workflow/plan_subjects.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/own_json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownWordBytes = 60;

void WordIsNotKnown(const Json& place, std::string_view what, JsonFields& fields) {
  const std::string found =
      place.IsString() ? "`" + Printable(place.StringOr(""), kShownWordBytes) + "`" : std::string(place.TypeName());
  fields.Expected(place, "a " + std::string(what) + " that this release knows", found);
}

// The value of an enum whose last one is `last`, by its word.
template <class T>
T ReadWord(const Json& place, T last, std::string_view what, JsonFields& fields) {
  const std::string word = place.StringOr("");
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    if (ToString(static_cast<T>(value)) == word) return static_cast<T>(value);
  }
  WordIsNotKnown(place, what, fields);
  return last;
}

std::vector<ProtectionNote> ReadNotes(const Json& place, JsonFields& fields) {
  std::vector<ProtectionNote> notes;
  for (const Json& element : fields.Array(place).Elements()) {
    ProtectionNote note{ReadWord(element["reason"], ProtectionReason::kSilentSince, "reason", fields), std::nullopt,
                        fields.Text(element["text"]), fields.Text(element["advice"])};
    if (element["module"].HasValue()) {
      note.module = swp::ModuleFromApiName(element["module"].StringOr(""));
      if (!note.module) WordIsNotKnown(element["module"], "module", fields);
    }
    notes.push_back(std::move(note));
  }
  return notes;
}

Protection ReadProtection(const Json& json, JsonFields& fields) {
  Protection protection;
  // Plans of earlier releases have three words for it.
  const bool is_old = json["state"].StringOr("") == "could not determine";
  protection.state = is_old ? ProtectionState::kUndetermined
                            : ReadWord(json["state"], ProtectionState::kUndetermined, "protection state", fields);
  protection.decisive = ReadNotes(json["decisive"], fields);
  protection.gaps = ReadNotes(json["gaps"], fields);
  for (const auto& [name, state] : json["modules"].Members()) {
    const auto* const module =
        std::find_if(swp::kAllModules.begin(), swp::kAllModules.end(),
                     [&, shown = &name](auto m) { return SnakeCase(swp::ApiName(m)) == *shown; });
    if (module == swp::kAllModules.end()) {
      WordIsNotKnown(state, "module", fields);
      continue;
    }
    protection.modules[*module] = ReadWord(state, ModuleProtection::kUnknown, "state of a module", fields);
  }
  if (json["computer"].HasValue()) {
    const std::int64_t number = json["computer"].Int64Or(0);
    if (number <= 0 || number > std::numeric_limits<std::int32_t>::max()) {
      fields.Expected(json["computer"], "the number of a computer", "another value");
    } else {
      protection.computer.emplace().id = ComputerId{static_cast<std::int32_t>(number)};
    }
  }
  return protection;
}

ScanDecision ReadScan(const Json& json, JsonFields& fields) {
  ScanDecision scan;
  if (const auto kind = swp::ScanKindFromApiName(json["scan"].StringOr(""))) {
    scan.kind = *kind;
  } else {
    WordIsNotKnown(json["scan"], "scan", fields);
  }
  scan.verdict = ReadWord(json["verdict"], ScanVerdict::kNotPossible, "verdict", fields);
  scan.why = fields.Text(json["why"]);
  return scan;
}

HostDecision ReadHost(const Json& json, JsonFields& fields) {
  HostDecision decision;
  decision.host = {fields.Text(json["account"]),
                   fields.Text(json["region"]),
                   {fields.Text(json["instance"])},
                   fields.Text(json["name"]),
                   std::nullopt};
  decision.found_in = fields.Text(json["found_in"]);
  decision.summary = fields.Text(json["summary"]);
  decision.owner = fields.Text(json["owner"]);
  decision.undetermined_why = fields.Text(json["undetermined"]);
  decision.protection = ReadProtection(json["protection"], fields);
  for (const Json& element : fields.Array(json["scans"]).Elements())
    decision.scans.push_back(ReadScan(element, fields));
  return decision;
}

OtherSubject ReadOther(const Json& json, JsonFields& fields) {
  return {fields.Text(json["kind"]),    fields.Text(json["id"]),          fields.Text(json["name"]),
          fields.Text(json["account"]), fields.Text(json["region"]),      fields.Text(json["found_in"]),
          fields.Text(json["summary"]), fields.Text(json["undetermined"])};
}

Answer ReadAnswer(const Json& json, JsonFields& fields) {
  Answer answer;
  answer.kind = ReadWord(json["kind"], Answer::Kind::kFailed, "sort of answer", fields);
  answer.reason = fields.Text(json["reason"]);
  answer.gave_up = json["gave_up"].BoolOr(false);
  if (json["last_member"].HasValue()) answer.last_member = static_cast<int>(json["last_member"].Int64Or(0));
  return answer;
}

}  // namespace

void ReadDecided(const Json& json, JsonFields& fields, Plan& plan) {
  plan.decision = ReadWord(json["decision"], Decision::kUndetermined, "decision", fields);
  for (const Json& element : fields.Array(json["hosts"]).Elements()) plan.hosts.push_back(ReadHost(element, fields));
  for (const Json& element : fields.Array(json["others"]).Elements()) plan.others.push_back(ReadOther(element, fields));
  if (json["answer"].HasValue()) plan.answer = ReadAnswer(json["answer"], fields);
}

}  // namespace sallyport

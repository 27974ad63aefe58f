// SPDX-License-Identifier: Apache-2.0
#include "swp/estate.h"

#include "swp/reading.h"

namespace sallyport::swp {
namespace {

template <class T>
Result<T> UnlessDamaged(T read, std::string_view what, std::int64_t id, const std::vector<std::string>& damaged) {
  if (damaged.empty()) return read;
  return Error{ErrorCode::kBadAnswer, std::string(what) + " " + std::to_string(id) + ": " + damaged.front(), ""};
}

}  // namespace

Result<CatalogRule> ReadCatalogRule(const Json& json) {
  auto rule = ReadRule(json);
  if (!rule.ok()) return rule.error();
  std::vector<std::string> damaged;
  const FieldReader fields(json, "", damaged);
  const std::int32_t id = rule->id.value;
  CatalogRule made{*std::move(rule), json["description"].StringOr(""), fields.Time("lastUpdated")};
  return UnlessDamaged(std::move(made), "rule", id, damaged);
}

Result<EstateComputer> ReadEstateComputer(const Json& json) {
  auto computer = ReadComputer(json);
  if (!computer.ok()) return computer.error();
  EstateComputer made;
  made.computer = *std::move(computer);
  const FieldReader fields(json, "", made.computer.damaged);
  made.last_send_policy_request = fields.Time("lastSendPolicyRequest");
  const Json types = json["intrusionPrevention"]["applicationTypeIDs"];
  for (const Json& type : types.Elements()) {
    if (const auto number = type.WholeNumber()) made.application_types.push_back(static_cast<std::int32_t>(*number));
  }
  return made;
}

Result<OwnValues> ReadOwnValues(const Json& json) {
  const auto id = InsistOnId<ComputerId>(json["ID"]);
  if (!id.ok()) return id.error();
  std::vector<std::string> damaged;
  OwnValues own;
  own.computer = *id;
  const FieldReader fields(json, "", damaged);
  const FieldReader module = fields.Object("intrusionPrevention");
  if (module.HasValue()) {
    own.state = module.Text("state");
    own.rules = module.Ids<RuleId>("ruleIDs");
  }
  if (own.state == "inherited") own.state.clear();
  const FieldReader settings = fields.Object("computerSettings");
  for (const Json::Member& setting : settings.object().Members()) {
    if (setting.value["value"].IsString()) own.settings[setting.key] = setting.value["value"].StringOr("");
  }
  return UnlessDamaged(std::move(own), "computer", id->value, damaged);
}

}  // namespace sallyport::swp

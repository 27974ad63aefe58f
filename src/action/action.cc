// SPDX-License-Identifier: Apache-2.0
#include "action/action.h"

#include <algorithm>

#include "base/check.h"
#include "base/own_json.h"

namespace sallyport {

const Action::Content& Action::content() const {
  Check(held_ != nullptr, "an action that was made");
  return *held_;
}

bool Action::operator==(const Action& other) const {
  if (held_ == other.held_) return true;
  return held_ != nullptr && other.held_ != nullptr && held_->Equals(*other.held_);
}

std::string_view KindOf(const Action& action) {
  return action.content().Kind();
}

std::string WhatOf(const Action& action) {
  return action.content().What();
}

std::string SubjectOf(const Action& action) {
  return action.content().Subject();
}

std::string Describe(const Action& action) {
  return action.content().Describe();
}

std::string_view VerbOf(const Action& action) {
  return action.content().Verb();
}

std::string_view NounOf(const Action& action) {
  return action.content().Noun();
}

std::string UndoOf(const Action& action) {
  return action.content().Undo();
}

const Host* HostOf(const Action& action) {
  return action.content().About();
}

bool OwnerHears(const Action& action) {
  return action.content().OwnerHears();
}

Targets TargetsOf(const Action& action) {
  return action.content().Touches();
}

WritesTo WritesOf(const Action& action) {
  return action.content().Writes();
}

bool Writes(const Action& action) {
  const WritesTo::System system = WritesOf(action).system;
  return system != WritesTo::System::kNothing && system != WritesTo::System::kPeople;
}

std::vector<Effect> EffectsOf(const Action& action) {
  return action.content().Effects();
}

bool IsExclusive(const Action& action) {
  return action.content().IsExclusive();
}

std::string ActionToJson(const Action& action) {
  JsonWriter out;
  out.BeginObject().Member("kind", KindOf(action)).Member("format", kActionFormat);
  action.content().Write(out);
  return out.EndObject().Take();
}

ActionKinds::ActionKinds(std::vector<ActionKind> kinds) : kinds_(std::move(kinds)) {
  const auto before = [](const ActionKind& a, const ActionKind& b) { return a.name < b.name; };
  std::sort(kinds_.begin(), kinds_.end(), before);
  for (const ActionKind& kind : kinds_) {
    Check(names_.empty() || names_.back() != kind.name, "one kind of action for each name");
    names_.push_back(kind.name);
  }
}

Result<Action> ActionKinds::Read(const Json& json) const {
  const auto named = InTodaysNames(json, kActionFormat, kActionFormat, "an action");
  if (!named.ok()) return named.error();
  const std::string name = json["kind"].StringOr("");
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const ActionKind& k) { return k.name == name; });
  if (kind != kinds_.end()) return kind->read(*named);
  return Error{ErrorCode::kInvalidInput, json["kind"].Path() + ": not a kind of action that this version knows", ""};
}

}  // namespace sallyport

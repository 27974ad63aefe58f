// SPDX-License-Identifier: Apache-2.0
//
// Actions: all that Sallyport can do to the outside, as data. Workflows make them; the executor alone carries them out
// (executor/actor.h). A kind of action is one pair of files: a struct that has what ActionContent asks for, and a row
// of the table of kinds. Nothing else knows all kinds. docs/adding-an-action.md shows the steps.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "action/host.h"
#include "action/members.h"
#include "base/json.h"
#include "base/result.h"

namespace sallyport {

// Where carrying out an action changes something.
struct WritesTo {
  enum class System {
    kNothing,    // it only waits for what others began
    kSwp,        // the tenant of the settings
    kAws,        // `account` and `region`
    kPeople,     // a message: nothing but a reader changes
    kElsewhere,  // a system that only this action knows
  } system = System::kNothing;
  std::string account;  // of kAws alone
  std::string region;   // of kAws alone; empty: a global service
  bool operator==(const WritesTo&) const = default;

  static WritesTo Nothing() { return {}; }
  static WritesTo Swp() { return {System::kSwp, {}, {}}; }
  static WritesTo Aws(std::string account, std::string region) {
    return {System::kAws, std::move(account), std::move(region)};
  }
  static WritesTo People() { return {System::kPeople, {}, {}}; }
  static WritesTo Elsewhere() { return {System::kElsewhere, {}, {}}; }
};

// What an action makes of one thing, so that opposite wishes are seen.
struct Effect {
  std::string thing;  // "intrusion prevention rule 6745 at policy 12"
  std::string state;  // "assigned", "not assigned"
  bool operator==(const Effect&) const = default;
};

// What a kind of action is: a plain struct with these members. What is missing is a compile error.
template <class T>
concept ActionContent = std::copyable<T> && std::equality_comparable<T> &&
    requires(const T& action, T& made, Members& members) {
  // The name that gates.allow and the ledger use: "request-scan".
  { T::kKind } -> std::convertible_to<std::string_view>;
  // The sort within the kind: "scan-for-recommendations"; may be empty.
  { action.What() } -> std::same_as<std::string>;
  // What it acts on: "computer 34", or the host.
  { action.Subject() } -> std::same_as<std::string>;
  // One line for people: "integrity scan on web-01 (i-0123456789abcdef0), computer 34".
  { action.Describe() } -> std::same_as<std::string>;
  { action.Writes() } -> std::same_as<WritesTo>;
  // What would undo it, for people.
  { action.Undo() } -> std::same_as<std::string>;
  // The host that it concerns and under which it is told; nullptr: it is not about one host.
  { action.About() } -> std::same_as<const Host*>;
  // Whether the owner of that host is told what came of it, when everything of the case has ended.
  { action.OwnerHears() } -> std::same_as<bool>;
  // Every host that it touches: gates look at each of them.
  { action.Touches() } -> std::same_as<Targets>;
  // Whether the same (kind, sort, subject) is not begun twice within gates.cool_down and never by two processes at
  // once; who wants it as well waits for the end of what runs.
  { action.IsExclusive() } -> std::same_as<bool>;
  // Whether a person who approved this one approved `action` too: made again, it is the same in all that counts.
  // How many hosts it touches is compared beside it, for every kind alike.
  { action.SameDecision(action) } -> std::same_as<bool>;
  // What it makes of what; none of a kind that cannot be wished the other way round.
  { action.Effects() } -> std::same_as<std::vector<Effect>>;
  // Its members in JSON, for writing and for reading.
  { made.DescribeJson(members) } -> std::same_as<void>;
};

// Any action: a value, cheap to copy, that never changes. One that holds nothing (a default) is for assigning to alone.
class Action {
 public:
  Action() = default;
  template <class T>
  requires requires { T::kKind; }
  Action(T content)  // NOLINT(google-explicit-constructor): an action is one of its kinds
      : held_(std::make_shared<Held<T>>(std::move(content))) {
    static_assert(ActionContent<T>);
  }

  // The action as one of that kind; nullptr: it is of another.
  template <ActionContent T>
  const T* As() const {
    const auto* held = dynamic_cast<const Held<T>*>(held_.get());
    return held == nullptr ? nullptr : &held->content;
  }
  template <ActionContent T>
  bool Is() const {
    return As<T>() != nullptr;
  }

  bool operator==(const Action& other) const;

  // What the functions below ask; see ActionContent.
  class Content {
   public:
    Content() = default;
    Content(const Content&) = delete;
    Content& operator=(const Content&) = delete;
    virtual ~Content() = default;
    virtual std::string_view Kind() const = 0;
    virtual std::string What() const = 0;
    virtual std::string Subject() const = 0;
    virtual std::string Describe() const = 0;
    virtual WritesTo Writes() const = 0;
    virtual std::string_view Verb() const = 0;
    virtual std::string_view Noun() const = 0;
    virtual std::string Undo() const = 0;
    virtual const Host* About() const = 0;
    virtual bool OwnerHears() const = 0;
    virtual Targets Touches() const = 0;
    virtual bool IsExclusive() const = 0;
    virtual bool SameDecision(const Content& now) const = 0;
    virtual std::vector<Effect> Effects() const = 0;
    virtual bool Equals(const Content& other) const = 0;
    virtual void Write(JsonWriter& out) const = 0;
  };
  const Content& content() const;

 private:
  template <class T>
  class Held final : public Content {
   public:
    explicit Held(T value) : content(std::move(value)) {}
    const T content;

    std::string_view Kind() const override { return T::kKind; }
    std::string What() const override { return content.What(); }
    std::string Subject() const override { return content.Subject(); }
    std::string Describe() const override { return content.Describe(); }
    WritesTo Writes() const override { return content.Writes(); }
    std::string_view Verb() const override {
      if constexpr (requires { T::kVerb; }) return T::kVerb;
      return "carry out";
    }
    std::string_view Noun() const override {
      if constexpr (requires { T::kNoun; }) return T::kNoun;
      return "action";
    }
    std::string Undo() const override { return content.Undo(); }
    const Host* About() const override { return content.About(); }
    bool OwnerHears() const override { return content.OwnerHears(); }
    Targets Touches() const override { return content.Touches(); }
    bool IsExclusive() const override { return content.IsExclusive(); }
    bool SameDecision(const Content& now) const override {
      const auto* same_kind = dynamic_cast<const Held*>(&now);
      return same_kind != nullptr && content.SameDecision(same_kind->content);
    }
    std::vector<Effect> Effects() const override { return content.Effects(); }
    bool Equals(const Content& other) const override {
      const auto* same_kind = dynamic_cast<const Held*>(&other);
      return same_kind != nullptr && content == same_kind->content;
    }
    void Write(JsonWriter& out) const override {
      T copy = content;  // one description reads and writes
      Members members(out);
      copy.DescribeJson(members);
    }
  };

  std::shared_ptr<const Content> held_;
};

// "request-scan", "notify-owner": the names that the allow-list uses.
std::string_view KindOf(const Action& action);
std::string WhatOf(const Action& action);
std::string SubjectOf(const Action& action);
std::string Describe(const Action& action);
// Of what is only planned, for people: "request" in "would request: integrity scan on web-01". A kind says it as kVerb.
std::string_view VerbOf(const Action& action);
// What one of them is called when they are counted: "scan" in "2 scans". A kind says it as kNoun.
std::string_view NounOf(const Action& action);
std::string UndoOf(const Action& action);
// nullptr: it is not about one host.
const Host* HostOf(const Action& action);
bool OwnerHears(const Action& action);
Targets TargetsOf(const Action& action);
WritesTo WritesOf(const Action& action);
// Whether carrying it out changes something in a system. A message does not, nor does joining a scan.
bool Writes(const Action& action);
bool IsExclusive(const Action& action);
std::vector<Effect> EffectsOf(const Action& action);
// The format of an action's JSON (base/own_json.h); 1, with other names, is not written down.
inline constexpr std::int64_t kActionFormat = 2;
std::string ActionToJson(const Action& action);

// One kind of action, as its row of the table says it.
struct ActionKind {
  std::string_view name;
  std::function<Result<Action>(const Json& json)> read;
  // What the settings say unless they are set.
  struct Defaults {
    bool allowed = true;    // in gates.allow
    bool windowed = false;  // in gates.maintenance.actions
  } defaults;
};

template <ActionContent T>
ActionKind KindRow(ActionKind::Defaults defaults = {}) {
  return {T::kKind,
          [](const Json& json) -> Result<Action> {
            T made;
            Members members(json);
            made.DescribeJson(members);
            if (!members.status().ok()) return members.status().error();
            return Action(std::move(made));
          },
          defaults};
}

// Every kind of action that a program knows. Handed to who reads actions or their names; nothing is registered.
class ActionKinds {
 public:
  // Two kinds of one name are a bug.
  explicit ActionKinds(std::vector<ActionKind> kinds);

  // In alphabetical order: what the lists of gates.allow and the like may name.
  const std::vector<std::string_view>& names() const { return names_; }
  const std::vector<ActionKind>& kinds() const { return kinds_; }
  // The action that such a JSON text stands for: a plan of the ledger is carried out later, or by another process.
  // kInvalidInput, with the path, for anything else.
  Result<Action> Read(const Json& json) const;

 private:
  std::vector<ActionKind> kinds_;  // by name
  std::vector<std::string_view> names_;
};

}  // namespace sallyport

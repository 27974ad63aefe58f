// SPDX-License-Identifier: Apache-2.0
//
// The table of actions: one row for each kind, with what it is and who carries it out. It is made once and handed to
// the program; whoever builds a program may append rows of its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "executor/actor.h"

namespace sallyport {

struct ActionRow {
  ActionKind kind;
  std::function<std::unique_ptr<Actor>(const ActorSeams& seams)> make_actor;
  // It can only be done with the token that came with the event (Event::answer_token): the executor does not begin it
  // without one. The ledger keeps no token, so what is held or left by a crash goes on when the event is delivered
  // again.
  bool needs_answer_token = false;
  // So many of them go out at a time where a plan begins no others: they do not need each other, and its actor may be
  // called from several threads. One after the other in all other plans.
  int side_by_side = 1;
};

// The row of a kind: `ActionRow RowOf<RequestScan>([](const ActorSeams& seams) { ... })`.
template <ActionContent T>
ActionRow RowOf(std::function<std::unique_ptr<ActorOf<T>>(const ActorSeams& seams)> make_actor,
                ActionKind::Defaults defaults = {}) {
  return {KindRow<T>(defaults), std::move(make_actor), false, 1};
}

using ActionTable = std::vector<ActionRow>;

// The actions of the product, one row each.
ActionTable ProductActions();

ActionKinds KindsOf(const ActionTable& table);

// The actors of a program, by the name of their kind.
class Actors {
 public:
  Actors(const ActionTable& table, const ActorSeams& seams);
  // Of a kind that the table has.
  Actor& For(const Action& action) const;
  bool NeedsAnswerToken(const Action& action) const;
  int SideBySide(const Action& action) const;

 private:
  std::map<std::string_view, std::unique_ptr<Actor>> actors_;
  std::set<std::string_view> need_token_;
  std::map<std::string_view, int> side_by_side_;
};

}  // namespace sallyport

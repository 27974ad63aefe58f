// SPDX-License-Identifier: Apache-2.0
//
// BareForm: how an event of a service looks when it comes without its EventBridge envelope, or with a part of it. What
// a service's `detail` looks like is known to its workflow alone; the parser is handed these.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/json_fields.h"
#include "event/event.h"

namespace sallyport {

struct BareForm {
  // For the error about a document that is no event: "`type` with `resource` and `service` (GuardDuty finding)".
  std::string_view members;
  // Whether `object` is of this form, by the members that are there and not by what is in them.
  bool (*is)(const Json& object);
  // The event whose detail `object` is (`detail` may leave members of it out), and what the envelope would have said.
  // What cannot be read goes to `fields`. Only called when `is` says so.
  Event (*read)(const Json& object, JsonFields& fields);
  // Its detail may hold a secret, which `read` takes out of it: of an event with a whole envelope too.
  bool has_secret = false;
  // The list of such objects that an event of another service carries (Security Hub those of GuardDuty); missing: it
  // carries none. nullptr: no event does.
  Json (*carried)(const Json& event) = nullptr;
  // The same event with these of them alone: what is left of it when the others were taken out. nullptr: it is left
  // whole.
  Json (*left)(const Json& event, const std::vector<Json>& objects) = nullptr;
  // Its objects come many together, and those that follow each other are one event, at most bounds::kObjectsTogether of
  // them: `read` gets {"objects": [...], "others": 2}, with the number of values between them that are no objects.
  bool is_batched = false;
};

using BareForms = std::vector<BareForm>;

}  // namespace sallyport

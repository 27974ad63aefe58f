// SPDX-License-Identifier: Apache-2.0
//
// Gates: what stands between a planned action and the outside. Every action passes all of them, in this order; the
// first that says no ends it, with a reason. A gate that cannot be evaluated says no (fail closed). Pure: the facts are
// arguments.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sallyport {

enum class Mode { kObserve, kEnforce };
std::string_view ToString(Mode mode);  // "observe", "enforce"

struct GateSettings {
  // observe: plan and notify, write nothing into SWP. The default of a new installation.
  Mode mode = Mode::kObserve;
  // Accounts that differ from `mode`.
  std::vector<std::pair<std::string, Mode>> account_modes;
  // The actions that may run at all, by the name of their kind.
  std::set<std::string> allowed_actions = {"notify-owner", "request-scan"};
  // An instance with this tag is left alone. With a value: only when the tag's value is that value.
  std::string exclusion_tag = "sallyport:exclude";
  std::string exclusion_tag_value;
  // What to do when the tags of an instance cannot be known.
  bool refuse_when_tags_unknown = true;
  // The same scan of the same computer is not asked for again within this time, unless the severity rose.
  Duration cool_down = std::chrono::hours(6);
  // An event older than this is reported and not acted on without --force.
  Duration max_event_age = std::chrono::hours(24);
  // When this file exists nothing is written and nothing sent. Empty: no kill switch file.
  std::string kill_switch_file;
};

}  // namespace sallyport

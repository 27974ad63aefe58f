// SPDX-License-Identifier: Apache-2.0
//
// Gates: what stands between a planned action and the outside. Every action passes all of them, in this order; the
// first that says no ends it, with a reason. A gate that cannot be evaluated says no (fail closed). Pure: the facts are
// arguments.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "base/result.h"
#include "base/time.h"
#include "gates/window.h"

namespace sallyport {

// An action of the past that may make this one superfluous.
struct EarlierAction {
  TimePoint at;
  double severity = 0;
  std::string state;  // "requested", ...
};

enum class Mode { kObserve, kEnforce };
std::string_view ToString(Mode mode);  // "observe", "enforce"

struct GateSettings {
  // observe: plan and notify, write nothing into SWP. The default of a new installation.
  Mode mode = Mode::kObserve;
  // Accounts that differ from `mode`.
  std::vector<std::pair<std::string, Mode>> account_modes;
  // The actions that may run at all, by the name of their kind. What they are unless the settings say so is in the
  // table of actions.
  std::set<std::string> allowed_actions;
  // An instance with this tag is left alone. With a value: only when the tag's value is that value.
  std::string exclusion_tag = "sallyport:exclude";
  std::string exclusion_tag_value;
  // What to do when the tags of an instance cannot be known.
  bool refuse_when_tags_unknown = true;
  // The same scan of the same computer is not asked for again within this time, unless the severity rose into a higher
  // band.
  Duration cool_down = std::chrono::hours(6);
  // An event older than this is reported and not acted on without --force.
  Duration max_event_age = std::chrono::hours(24);
  // While this file exists actions and messages are refused. Empty: no kill switch file.
  std::string kill_switch_file;
  // An action that touches more hosts than this, alone or with the other actions of its event, is never carried out.
  int max_hosts = 100;
  // One that touches more than this needs an approval (sallyport plans approve).
  int approve_above_hosts = 10;
  // Kinds of actions that need one however few hosts they touch.
  std::set<std::string> approve_actions;
  // Time limit for approval.
  Duration approval_expires = std::chrono::hours(24);
  // Kinds of actions that wait for a maintenance window, and the windows; without any they wait for nothing.
  std::set<std::string> windowed_actions;
  std::vector<MaintenanceWindow> windows;
};

// The settings of a new installation that has these kinds of actions.
GateSettings DefaultGates(const ActionKinds& kinds);

// What the gates need to know about one action, at the moment it is about to be carried out.
struct GateFacts {
  std::string kind;     // of the action: "request-scan"
  bool writes = false;  // it changes something outside; a message does not
  std::string account;  // of AWS, that it writes to; empty: it writes elsewhere
  // Every host that it touches.
  Targets targets;
  bool sample = false;                  // of a sample finding
  std::optional<TimePoint> event_time;  // nothing: the event does not say
  // The latest time that our clock showed, or would show now, had nobody set it, as far as is known. Later than `now`:
  // it has been set back since.
  TimePoint latest{};
  double severity = 0;
  TimePoint now;
  bool force = false;  // a person said that the event's age does not matter
  // An Error: could not be found out.
  Result<bool> kill_switch = false;
  // The same decision, carried out before; and the same kind of action on the same subject within the cool-down.
  Result<std::optional<EarlierAction>> same_decision = std::optional<EarlierAction>{};
  Result<std::optional<EarlierAction>> within_cool_down = std::optional<EarlierAction>{};
  // How many hosts that are, with those of actions that are one decision with it; nothing: not known.
  std::optional<int> hosts = 1;
  bool approved = false;  // a person said yes to this very action
  // Why a person has to decide whatever the settings say; empty: none has.
  std::string needs_person;
  // Its turn comes so long from now: others like it go first.
  Duration turn_in{0};
};

// What an action that a gate holds up may wait for.
enum class WaitFor { kNothing, kPerson, kApproval, kWindow, kTurn };

struct GateVerdict {
  // "kill-switch", "sample", "allow-list", "exclusion-tag", "evidence", "event-age", "once", "cool-down",
  // "blast-radius", "mode", "targets", "approval", "maintenance-window", "stagger"
  std::string_view gate;
  bool passed = true;
  std::string reason;                    // when it did not pass
  WaitFor wait_for = WaitFor::kNothing;  // not refused for good: it may pass later
};

// Asks the gates in their order; the last verdict is the one that said no, if one did.
std::vector<GateVerdict> AskGates(const GateSettings& settings, const GateFacts& facts);
// No verdict is no pass.
bool AllPassed(const std::vector<GateVerdict>& verdicts);

// Why a finding of that time is too old to act on; nothing: it is not. What the gate "event-age" says.
// `latest`: see GateFacts.
std::optional<std::string> TooOld(const GateSettings& settings, std::optional<TimePoint> event_time, TimePoint now,
                                  TimePoint latest = {});

// The mode of an account.
Mode ModeFor(const GateSettings& settings, std::string_view account);

// Whether the file exists; an Error when that cannot be told (a folder that is missing or may not be read). Never
// exists when no file is named.
Result<bool> ReadKillSwitch(const std::string& path);
// kRefused, with the words of the gate: the kill switch is set, or cannot be read. For the last moment before a call.
Status KillSwitchAllows(const std::string& path);

}  // namespace sallyport

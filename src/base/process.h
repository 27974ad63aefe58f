// SPDX-License-Identifier: Apache-2.0
//
// Which process this is, as a text that a later process can judge: is the one that wrote it still there? For work that
// a crash left behind.
//
// "MACHINE/BOOT/NAMESPACE/PID/START": a digest of the machine's id, the kernel's boot id, the number of the process
// namespace, the process and when it started (in clock ticks since the boot). A pid alone is not enough: it is given
// again. What cannot be read is `-`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sallyport {

// This process, out of /proc.
std::string ThisProcess();

enum class ProcessFate {
  kRuns,
  kGone,
  kUnknown,  // it ran in another namespace or on another machine, or the text is none of ours
};

// How long an owner of whom nothing can be known counts as running. Handling an event takes seconds; the longest
// back-off towards a throttled API takes minutes.
inline constexpr Duration kOwnerLease = std::chrono::minutes(15);

// Whether `owner`, a text of ThisProcess, may still be at work on what it took at `since`.
bool MayStillRun(std::string_view owner, TimePoint since, TimePoint now);

// The two rules in it. Pure.
//
// `start_of`: when the process with that pid started; nothing: there is none. An empty text: it cannot be known.
using StartOf = std::function<std::optional<std::string>(std::string_view pid)>;
ProcessFate JudgeProcess(std::string_view owner, std::string_view here, const StartOf& start_of);
// A process of unknown fate counts until the lease has passed; a `since` that is further ahead than the lease was told
// by a clock that has been set back, and does not count.
bool CountsAsRunning(ProcessFate fate, TimePoint since, TimePoint now);

// When a process started, out of the text of its /proc/PID/stat (proc(5)). Nothing: it has ended and only waits for its
// parent to notice. An empty text: this is not such a text.
std::optional<std::string> StartInStat(std::string_view stat);

}  // namespace sallyport

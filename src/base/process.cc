// SPDX-License-Identifier: Apache-2.0
#include "base/process.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "base/digest.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view kUnreadable = "-";
constexpr std::size_t kParts = 5;
constexpr std::size_t kMachineDigits = 16;
// In /proc/PID/stat, counted behind the name in parentheses: the state is field 3, the start time field 22.
constexpr std::size_t kStateField = 0;
constexpr std::size_t kStartField = 19;

enum Part : std::size_t { kMachine, kBoot, kNamespace, kPid, kStart };
using Parts = std::array<std::string_view, kParts>;

// The pieces of `text` between `separator`s.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::optional<Parts> PartsOf(std::string_view owner) {
  const std::vector<std::string_view> pieces = Split(owner, '/');
  if (pieces.size() != kParts) return std::nullopt;
  Parts parts;
  std::copy(pieces.begin(), pieces.end(), parts.begin());
  return parts;
}

bool SameAndKnown(std::string_view a, std::string_view b) {
  return a == b && !a.empty() && a != kUnreadable;
}

// The first line of a small file; empty when it cannot be read.
std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return std::string(Trim(line));
}

std::string OrUnreadable(const std::string& text) {
  return text.empty() ? std::string(kUnreadable) : text;
}

// The machine's id is not for others to read (machine-id(5)), so only a digest of it goes out.
std::string Machine() {
  const std::string id = FirstLine("/etc/machine-id");
  if (id.empty()) return std::string(kUnreadable);
  return Sha256Hex("sallyport process owner " + id).substr(0, kMachineDigits);
}

// "pid:[4026531836]": the number.
std::string Namespace() {
  std::error_code failed;
  const std::string link = std::filesystem::read_symlink("/proc/self/ns/pid", failed).string();
  const std::size_t open = link.find('[');
  const std::size_t close = link.find(']');
  if (failed || open == std::string::npos || close == std::string::npos) return std::string(kUnreadable);
  return link.substr(open + 1, close - open - 1);
}

std::optional<std::string> StartOfProcess(std::string_view pid) {
  pid_t number = 0;
  const auto [end, failed] = std::from_chars(pid.data(), pid.data() + pid.size(), number);
  if (failed != std::errc() || end != pid.data() + pid.size() || number <= 0) return std::string();
  const std::string stat = FirstLine("/proc/" + std::to_string(number) + "/stat");
  if (!stat.empty()) return StartInStat(stat);
  // /proc may hide the processes of other users; a signal that is not sent tells that there is one.
  const bool none = ::kill(number, 0) != 0 && errno == ESRCH;
  return none ? std::nullopt : std::optional<std::string>(std::string());
}

}  // namespace

std::optional<std::string> StartInStat(std::string_view stat) {
  // The name may hold spaces and parentheses of its own.
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 > stat.size()) return std::string();
  const std::vector<std::string_view> fields = Split(stat.substr(name_end + 2), ' ');
  if (fields.size() <= kStartField) return std::string();
  const std::string_view state = fields[kStateField];
  if (state == "Z" || state == "X") return std::nullopt;
  return std::string(fields[kStartField]);
}

std::string ThisProcess() {
  const std::string pid = std::to_string(::getpid());
  const std::string start = StartOfProcess(pid).value_or("");
  return Machine() + "/" + OrUnreadable(FirstLine("/proc/sys/kernel/random/boot_id")) + "/" + Namespace() + "/" + pid +
         "/" + OrUnreadable(start);
}

ProcessFate JudgeProcess(std::string_view owner, std::string_view here, const StartOf& start_of) {
  const auto theirs = PartsOf(owner);
  const auto ours = PartsOf(here);
  if (!theirs || !ours) return ProcessFate::kUnknown;
  if (!SameAndKnown((*theirs)[kBoot], (*ours)[kBoot])) {
    // The same machine, started anew since; or another one.
    const bool known = (*theirs)[kBoot] != kUnreadable && (*ours)[kBoot] != kUnreadable;
    const bool same_machine = SameAndKnown((*theirs)[kMachine], (*ours)[kMachine]);
    return known && same_machine ? ProcessFate::kGone : ProcessFate::kUnknown;
  }
  if (!SameAndKnown((*theirs)[kNamespace], (*ours)[kNamespace])) return ProcessFate::kUnknown;
  const std::optional<std::string> start = start_of((*theirs)[kPid]);
  if (!start) return ProcessFate::kGone;
  if (start->empty() || (*theirs)[kStart] == kUnreadable) return ProcessFate::kUnknown;
  return *start == (*theirs)[kStart] ? ProcessFate::kRuns : ProcessFate::kGone;
}

bool CountsAsRunning(ProcessFate fate, TimePoint since, TimePoint now) {
  if (fate != ProcessFate::kUnknown) return fate == ProcessFate::kRuns;
  return since > now - kOwnerLease && since <= now + kOwnerLease;
}

bool MayStillRun(std::string_view owner, TimePoint since, TimePoint now) {
  return CountsAsRunning(JudgeProcess(owner, ThisProcess(), StartOfProcess), since, now);
}

}  // namespace sallyport

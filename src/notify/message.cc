// SPDX-License-Identifier: Apache-2.0
#include "notify/message.h"

#include <algorithm>
#include <cmath>

#include "base/digest.h"
#include "base/severity.h"
#include "notify/render_json.h"

namespace sallyport {
namespace {

bool HasOutcome(const Message& message, Outcome outcome) {
  return std::any_of(message.done.begin(), message.done.end(),
                     [outcome](const DoneLine& line) { return line.outcome == outcome; });
}

}  // namespace

std::string_view ToString(Outcome outcome) {
  switch (outcome) {
    case Outcome::kWould:
      return "would";
    case Outcome::kHeld:
      return "held";
    case Outcome::kRequested:
      return "requested";
    case Outcome::kWaiting:
      return "waiting";
    case Outcome::kApplied:
      return "applied";
    case Outcome::kVerified:
      return "verified";
    case Outcome::kNotVerifiable:
      return "not verifiable";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kSkipped:
      return "skipped";
    case Outcome::kUnknown:
      return "outcome unknown";
    case Outcome::kFailed:
      break;
  }
  return "failed";
}

std::string_view ToString(MessageStatus status) {
  switch (status) {
    case MessageStatus::kOpen:
      return "open";
    case MessageStatus::kUpdated:
      return "updated";
    case MessageStatus::kFinished:
      return "finished";
    case MessageStatus::kNotVerified:
      return "not-verified";
    case MessageStatus::kUnknown:
      return "outcome-unknown";
    case MessageStatus::kFailed:
      break;
  }
  return "failed";
}

std::string ContentSha256(const Message& message, ContentScope scope) {
  Message content = message;
  content.created_at = content.updated_at = TimePoint{};
  content.may_repeat = false;
  if (content.status == MessageStatus::kUpdated) content.status = MessageStatus::kOpen;
  if (scope == ContentScope::kAll) return Sha256Hex(MessageJsonInFull(content));
  content.why_now = {std::string(ToString(BandOf(content.severity)))};
  content.severity = 0;
  return Sha256Hex(MessageJsonInFull(content));
}

Message ForOwner(Message message) {
  constexpr std::string_view kForOperators = " (operators: ";
  message.for_owner = true;
  std::vector<ToDoLine> steps;
  for (ToDoLine& line : message.to_do) {
    if (!line.command.empty()) continue;
    line.text = line.text.substr(0, line.text.find(kForOperators));
    steps.push_back(std::move(line));
  }
  message.to_do = std::move(steps);
  for (DoneLine& line : message.done) {
    const bool is_ours = line.outcome == Outcome::kWould || line.outcome == Outcome::kHeld ||
                         line.outcome == Outcome::kRefused || line.outcome == Outcome::kSkipped;
    if (is_ours) line.reason.clear();
  }
  return message;
}

Tone ToneOf(const Message& message) {
  const bool failed = message.status == MessageStatus::kFailed || HasOutcome(message, Outcome::kFailed);
  if (failed || HasOutcome(message, Outcome::kRefused)) return Tone::kBad;
  if (message.status == MessageStatus::kFinished) return Tone::kGood;
  const bool unsure = HasOutcome(message, Outcome::kNotVerifiable) || HasOutcome(message, Outcome::kUnknown);
  if (unsure) return Tone::kWarning;
  if (!message.to_do.empty()) return BandOf(message.severity) >= SeverityBand::kHigh ? Tone::kBad : Tone::kWarning;
  const bool all_verified = !message.done.empty() && std::all_of(message.done.begin(), message.done.end(), [](auto& l) {
    return l.outcome == Outcome::kVerified;
  });
  return all_verified ? Tone::kGood : Tone::kNeutral;
}

std::string SeverityNumber(double severity) {
  // Not to be believed either; GuardDuty's own go up to 10. A NaN fails both comparisons.
  if (!(severity >= 0 && severity <= 100)) return "unknown";
  const auto tenths = static_cast<int>(std::lround(severity * 10));
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text;
}

}  // namespace sallyport

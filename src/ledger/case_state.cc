// SPDX-License-Identifier: Apache-2.0
#include "ledger/case_state.h"

#include <array>

namespace sallyport {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 4> kCaseWords = {"open", "in-progress", "needs-person", "closed"};
static_assert(kCaseWords.size() == static_cast<std::size_t>(CaseState::kClosed) + 1);

constexpr std::array<std::string_view, 12> kSaysWords = {
    "",       "active",        "compromised",   "settled",      "malware",     "malware-handled",
    "sample", "not-protected", "protected-now", "manual-rules", "not-blocked", "covered"};
static_assert(kSaysWords.size() == static_cast<std::size_t>(CaseSays::kCovered) + 1);

bool GoesOn(const CaseFacts& facts) {
  return facts.handled_now || facts.held || facts.in_flight || facts.joined;
}

bool NeedsPerson(const CaseFacts& facts) {
  if (facts.says == CaseSays::kSample) return false;
  // Whatever failed before: somebody has decided that this is the end.
  if (facts.says == CaseSays::kSettled) return facts.outcome_unknown;
  const bool not_protected = facts.says == CaseSays::kNotProtected && !facts.protected_now;
  // What was seen to block the CVE since stands for what failed before.
  const bool steps_are_open = facts.says != CaseSays::kCovered && (facts.failed || facts.not_verifiable);
  return facts.says == CaseSays::kCompromised || facts.says == CaseSays::kNotBlocked || not_protected ||
         facts.manual_rules || facts.malware || facts.unanswered || facts.outcome_unknown || steps_are_open ||
         facts.latest == EventState::kFailed || facts.latest == EventState::kUndetermined;
}

std::string_view OutcomeOf(const CaseFacts& facts) {
  if (facts.says == CaseSays::kSample) return kSampleOutcome;
  if (facts.says == CaseSays::kSettled) return "settled";
  if (facts.malware_handled) return "malware-handled";
  if (facts.verified) return facts.refused && facts.says != CaseSays::kCovered ? "partly-verified" : "verified";
  if (facts.says == CaseSays::kCovered) return "covered";
  if (facts.refused) return "refused";
  if (facts.would) return "would";
  if (facts.sent) return "sent";
  if (facts.skipped) return "skipped";
  if (facts.latest == EventState::kUnreadable) return "unreadable";
  if (facts.latest == EventState::kOutOfScope) return "out-of-scope";
  if (facts.latest == EventState::kJoined) return "joined";
  return "nothing-to-do";
}

}  // namespace

std::string_view ToString(CaseState state) {
  return kCaseWords.at(static_cast<std::size_t>(state));
}

std::string_view ToString(CaseSays says) {
  return kSaysWords.at(static_cast<std::size_t>(says));
}

std::optional<CaseSays> CaseSaysFromString(std::string_view text) {
  for (std::size_t i = 0; i < kSaysWords.size(); ++i) {
    if (kSaysWords[i] == text) return static_cast<CaseSays>(i);
  }
  return std::nullopt;
}

std::optional<CaseState> CaseStateFromString(std::string_view text) {
  for (std::size_t i = 0; i < kCaseWords.size(); ++i) {
    if (kCaseWords[i] == text) return static_cast<CaseState>(i);
  }
  return std::nullopt;
}

CaseStanding StandingOf(const CaseFacts& facts) {
  // Whatever else goes on: this waits for nobody but a person.
  if (facts.held_for_approval) return {CaseState::kNeedsPerson, ""};
  if (GoesOn(facts)) return {CaseState::kInProgress, ""};
  if (NeedsPerson(facts)) return {CaseState::kNeedsPerson, ""};
  if (facts.open_follow_up) return {CaseState::kOpen, ""};
  return {CaseState::kClosed, OutcomeOf(facts)};
}

bool StandsByProgress(const CaseFacts& facts) {
  return facts.held_for_approval || GoesOn(facts);
}

}  // namespace sallyport

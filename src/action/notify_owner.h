// SPDX-License-Identifier: Apache-2.0
//
// Tells the owner of a host about it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"

namespace sallyport {

// How the matter of a message stands.
enum class MatterStatus {
  kOpen,         // "open"
  kUpdated,      // "updated": something changed, and nothing is at its end
  kFinished,     // "finished": what was asked for the host ended well, as far as that was seen
  kNotVerified,  // "not-verified": done, and not all of it could be seen
  kUnknown,      // "outcome-unknown": an answer was lost
  kFailed,       // "failed"
};
std::string_view ToString(MatterStatus status);

// Why people are told now: what channels choose by.
enum class MessageKind {
  kUpdate,         // "update": how something went on, or ended
  kOpened,         // "opened": a case, of a host that Sallyport acts on or could not act on
  kNeedsApproval,  // "needs-approval": a plan waits for a person
  kNeedsPerson,    // "needs-person": nothing more happens, or not all, until a person does something
  kFailed,         // "failed": something that was to be done is known not to have worked
  kReminder,       // "reminder": the same as before, and nobody has acted
  kClosed,         // "closed": a person, or the finding's archiving, ended the case
};
std::string_view ToString(MessageKind kind);
std::optional<MessageKind> MessageKindFromString(std::string_view word);

// What became of something that was begun for the case.
struct DoneNote {
  std::string word;  // the ledger's: "verified", "not-verifiable", "failed", ...
  std::string what;
  std::string reason;
  bool operator==(const DoneNote&) const = default;
};

struct NotifyOwner {
  static constexpr std::string_view kKind = "notify-owner";
  static constexpr std::string_view kVerb = "send";
  static constexpr std::string_view kNoun = "message";
  Host host;
  std::string owner;         // as the tag or the setting names it; empty: nobody is named
  std::string owner_source;  // "tag `Owner`", "the default owner of the settings"
  std::string reason;        // the decisive protection reason: "not-activated"; or "outcome"
  std::string headline;
  MatterStatus status = MatterStatus::kOpen;
  std::string protection_state;  // "protected", "not protected"; empty: the message is not about that
  std::vector<std::string> why_now;
  std::vector<std::string> protection;
  std::vector<DoneNote> done;
  std::vector<std::string> to_do;
  std::vector<Link> links;
  // To this channel of `notify.channels` alone, once, whatever the channel wants to hear: a test of it. Empty: to every
  // channel that wants it.
  std::string channel{};
  MessageKind kind = MessageKind::kUpdate;
  // How the whole case stands when the message is made: "needs-person", "closed: settled"; empty: it is not said.
  std::string case_state{};
  // For operators, to be copied: the exact command that the last of `to_do` is about; empty: none.
  std::string command{};
  bool operator==(const NotifyOwner&) const = default;

  // Which message of its case this is: a later one with the same name is an update of it.
  std::string MessageName() const;

  std::string What() const { return reason; }
  std::string Subject() const;
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::People(); }
  std::string Undo() const;
  // The host of a test is made up.
  const Host* About() const { return channel.empty() ? &host : nullptr; }
  bool OwnerHears() const { return false; }
  Targets Touches() const { return Targets::One({}, host); }
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const { return {}; }
  bool SameDecision(const NotifyOwner& now) const;
  void DescribeJson(Members& json);
};

}  // namespace sallyport

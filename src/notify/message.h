// SPDX-License-Identifier: Apache-2.0
//
// What people are told about a case, as data: one model for every channel. Pure. Texts may be any bytes; each renderer
// escapes for its own output, and none of them believes that a name, a tag or a title is harmless.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "action/notify_owner.h"
#include "base/time.h"
#include "workflow/owner.h"

namespace sallyport {

// What became of one thing that was (to be) done. The words are a promise: nothing is called verified that was not
// looked at again afterwards.
enum class Outcome {
  kWould,          // "would": observe mode, a dry run or a sample finding kept it from happening
  kHeld,           // "held": not begun, it waits for an approval, a window or its wave
  kRequested,      // "requested": the other side took the order; nothing is known of its end
  kWaiting,        // "waiting"
  kApplied,        // "applied": carried out; its effect was not looked at yet
  kVerified,       // "verified": the effect was seen on the endpoint
  kNotVerifiable,  // "not verifiable"
  kRefused,        // "refused": one of our own gates said no
  kSkipped,        // "skipped": the same exists already
  kUnknown,        // "outcome unknown": the answer was lost, it may have happened
  kFailed,         // "failed"
};
std::string_view ToString(Outcome outcome);

// Of the host of the message; what becomes of the case is in the ledger.
enum class MessageStatus {
  kOpen,      // "open": the first message
  kUpdated,   // "updated": still open, something changed
  kFinished,  // "finished": what was asked for the host ended well, as far as that was seen; the finding may stay open
  kNotVerified,  // "not-verified": done, and not all of it could be seen
  kUnknown,      // "outcome-unknown": an answer was lost
  kFailed,       // "failed"
};
std::string_view ToString(MessageStatus status);

struct MessagePlace {
  std::string account;
  std::string region;
  std::string instance;
  std::string name;  // may be empty
};

struct DoneLine {
  std::string what;  // "recommendation scan of computer 34 (web-01)"
  Outcome outcome = Outcome::kWould;
  std::string reason;  // why refused or failed, what is waited for; may be empty
};

struct ToDoLine {
  std::string text;
  std::string command;  // to be copied into a shell; empty: none
};

struct MessageLink {
  std::string label;
  std::string url;
};

struct MessageOwner {
  std::string name;    // empty: nobody is named
  std::string source;  // "tag `Owner`", "the default owner of the settings"
  // Only of the mapping file: what a tag says is text, never an address.
  std::vector<OwnerAddress> addresses;
};

struct Message {
  std::string headline;
  std::vector<std::string> why_now;
  MessagePlace where;
  std::string protection_state;  // "not protected"; empty: the message is not about protection
  std::vector<std::string> protection_reasons;
  std::vector<DoneLine> done;
  std::vector<ToDoLine> to_do;
  std::vector<MessageLink> links;
  std::int64_t case_id = 0;
  std::string key;      // which message of the case, the same for each update of it: "owner/i-0123456789abcdef0"
  double severity = 0;  // of the finding behind it, 0 to 10
  bool sample = false;  // shown as SAMPLE
  MessageOwner owner;
  MessageStatus status = MessageStatus::kOpen;
  // Why people are told now.
  MessageKind kind = MessageKind::kUpdate;
  // How the whole case stood when the message was made: "needs-person"; empty: it is not said.
  std::string case_state{};
  // For an owner: without what only operators can do (ForOwner).
  bool for_owner = false;
  TimePoint created_at{};
  TimePoint updated_at{};
  // To this channel alone, and not tried again: a test of it. Empty: to every channel that wants it.
  std::string only_channel{};
  // The outcome of an earlier attempt on this channel is unknown: the same may be there already.
  bool may_repeat = false;
};
// What such a message says.
inline constexpr std::string_view kMayRepeatNotice =
    "this message may be a repetition: the outcome of an earlier attempt is unknown";

// What counts as the same content.
enum class ContentScope {
  // Everything but the times and `may_repeat`. `open` and `updated` are the same: an update that tells nothing new is
  // none.
  kAll,
  // The same without "why now" (counters and dates) and with the severity's band instead of the severity: for channels
  // where each change is one more message in front of people.
  kGist,
};
// SHA-256, 64 hexadecimal digits. (The case and the key are part of it.)
std::string ContentSha256(const Message& message, ContentScope scope);

// The same without commands, and without how our own gates and channels put things: an owner gets steps that they can
// take.
Message ForOwner(Message message);

// The color of a message, whatever the channel calls it.
enum class Tone {
  kGood,     // done and seen to be done
  kNeutral,  // under way, nothing to worry about
  kWarning,  // somebody has something to do
  kBad,      // failed, refused, or a high severity that nobody has dealt with
};
Tone ToneOf(const Message& message);

// "8", "7.5": at most one digit after the point.
std::string SeverityNumber(double severity);

}  // namespace sallyport

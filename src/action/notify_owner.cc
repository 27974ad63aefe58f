// SPDX-License-Identifier: Apache-2.0
#include "action/notify_owner.h"

#include <optional>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownOwner = 60;

std::optional<MatterStatus> StatusFromWord(std::string_view word) {
  using enum MatterStatus;
  for (const MatterStatus known : {kOpen, kUpdated, kFinished, kNotVerified, kUnknown, kFailed}) {
    if (ToString(known) == word) return known;
  }
  // Ledgers of earlier releases have this word.
  if (word == "resolved") return kFinished;
  return std::nullopt;
}

void DescribeNote(Members& json, DoneNote& note) {
  json("word", note.word)("what", note.what)("reason", note.reason);
}

}  // namespace

std::string_view ToString(MatterStatus status) {
  switch (status) {
    case MatterStatus::kOpen:
      return "open";
    case MatterStatus::kUpdated:
      return "updated";
    case MatterStatus::kFinished:
      return "finished";
    case MatterStatus::kNotVerified:
      return "not-verified";
    case MatterStatus::kUnknown:
      return "outcome-unknown";
    case MatterStatus::kFailed:
      break;
  }
  return "failed";
}

std::string NotifyOwner::MessageName() const {
  return channel.empty() ? "owner/" + host.Subject() : "test/" + channel;
}

std::string NotifyOwner::Subject() const {
  return channel.empty() ? host.Subject() : "channel " + channel;
}

std::string NotifyOwner::Describe() const {
  if (!channel.empty()) return "sample message to channel " + Printable(channel, kShownOwner);
  const std::string to = owner.empty() ? ", no owner found" : " to its owner (" + Printable(owner, kShownOwner) + ")";
  return "message about " + NameOf(host) + to +
         (status == MatterStatus::kOpen ? "" : ": " + std::string(ToString(status)));
}

std::string NotifyOwner::Undo() const {
  return "nothing to undo: a message";
}

bool NotifyOwner::SameDecision(const NotifyOwner& now) const {
  return Subject() == now.Subject() && reason == now.reason && status == now.status;
}

void NotifyOwner::DescribeJson(Members& json) {
  json("host", host)("owner", owner)("owner_source", owner_source)("reason", reason)("headline", headline);
  json.Word("status", status, ToString, StatusFromWord, "status")("protection_state", protection_state);
  json("why_now", why_now)("protection", protection).List("done", done, DescribeNote)("to_do", to_do)(links);
  // Plans of earlier releases have none, and those of today only when it is one.
  if (json.Has("channel", !channel.empty())) json("channel", channel);
}

}  // namespace sallyport

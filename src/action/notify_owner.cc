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

std::string_view ToString(MessageKind kind) {
  switch (kind) {
    case MessageKind::kUpdate:
      return "update";
    case MessageKind::kOpened:
      return "opened";
    case MessageKind::kNeedsApproval:
      return "needs-approval";
    case MessageKind::kNeedsPerson:
      return "needs-person";
    case MessageKind::kFailed:
      return "failed";
    case MessageKind::kReminder:
      return "reminder";
    case MessageKind::kClosed:
      break;
  }
  return "closed";
}

std::optional<MessageKind> MessageKindFromString(std::string_view word) {
  using enum MessageKind;
  for (const MessageKind kind : {kUpdate, kOpened, kNeedsApproval, kNeedsPerson, kFailed, kReminder, kClosed}) {
    if (ToString(kind) == word) return kind;
  }
  return std::nullopt;
}

std::string NotifyOwner::MessageName() const {
  return channel.empty() ? "owner/" + host.Subject() : "test/" + channel;
}

std::string NotifyOwner::Subject() const {
  return channel.empty() ? host.Subject() : "channel " + channel;
}

std::string NotifyOwner::Describe() const {
  if (!channel.empty()) return "sample message to channel " + Printable(channel, kShownOwner);
  if (kind != MessageKind::kUpdate) return "message about " + NameOf(host) + ": " + std::string(ToString(kind));
  const std::string to = owner.empty() ? ", no owner found" : " to its owner (" + Printable(owner, kShownOwner) + ")";
  return "message about " + NameOf(host) + to +
         (status == MatterStatus::kOpen ? "" : ": " + std::string(ToString(status)));
}

std::string NotifyOwner::Undo() const {
  return "nothing to undo: a message";
}

bool NotifyOwner::SameDecision(const NotifyOwner& now) const {
  return Subject() == now.Subject() && reason == now.reason && status == now.status && kind == now.kind;
}

void NotifyOwner::DescribeJson(Members& json) {
  json("host", host)("owner", owner)("owner_source", owner_source)("reason", reason)("headline", headline);
  json.Word("status", status, ToString, StatusFromWord, "status")("protection_state", protection_state);
  json("why_now", why_now)("protection", protection).List("done", done, DescribeNote)("to_do", to_do)(links);
  // Plans of earlier releases have none, and those of today only when it is one.
  if (json.Has("channel", !channel.empty())) json("channel", channel);
  if (json.Has("message_kind", kind != MessageKind::kUpdate)) {
    json.Word("message_kind", kind, static_cast<std::string_view (*)(MessageKind)>(ToString), MessageKindFromString,
              "kind of message");
  }
  if (json.Has("case_state", !case_state.empty())) json("case_state", case_state);
  if (json.Has("command", !command.empty())) json("command", command);
}

}  // namespace sallyport

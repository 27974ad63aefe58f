// SPDX-License-Identifier: Apache-2.0
#include "notify/message_for.h"

namespace sallyport {
namespace {

// The ledger's word; one that is not known here promises nothing.
Outcome OutcomeOf(std::string_view word) {
  if (word == "requested") return Outcome::kRequested;
  if (word == "applied") return Outcome::kApplied;
  if (word == "verified") return Outcome::kVerified;
  if (word == "not-verifiable") return Outcome::kNotVerifiable;
  if (word == "refused") return Outcome::kRefused;
  if (word == "intended") return Outcome::kUnknown;
  if (word == "failed") return Outcome::kFailed;
  if (word == "skipped") return Outcome::kSkipped;
  if (word == "held") return Outcome::kHeld;
  // Messages that version 2 of the ledger holds have its word.
  if (word == "would" || word == "dry-run") return Outcome::kWould;
  return Outcome::kWaiting;
}

MessageStatus StatusOf(MatterStatus status) {
  switch (status) {
    case MatterStatus::kOpen:
      return MessageStatus::kOpen;
    case MatterStatus::kUpdated:
      return MessageStatus::kUpdated;
    case MatterStatus::kFinished:
      return MessageStatus::kFinished;
    case MatterStatus::kNotVerified:
      return MessageStatus::kNotVerified;
    case MatterStatus::kUnknown:
      return MessageStatus::kUnknown;
    case MatterStatus::kFailed:
      break;
  }
  return MessageStatus::kFailed;
}

// Messages of plans say how a host stands; whom that calls for follows from it.
MessageKind KindToTell(const NotifyOwner& action) {
  if (action.kind != MessageKind::kUpdate) return action.kind;
  switch (action.status) {
    case MatterStatus::kFailed:
      return MessageKind::kFailed;
    case MatterStatus::kUnknown:
    case MatterStatus::kNotVerified:
      return MessageKind::kNeedsPerson;
    case MatterStatus::kOpen:
      return action.protection_state == "not protected" ? MessageKind::kNeedsPerson : MessageKind::kUpdate;
    case MatterStatus::kUpdated:
    case MatterStatus::kFinished:
      break;
  }
  return MessageKind::kUpdate;
}

}  // namespace

Message MessageFor(const NotifyOwner& action, const MessageContext& context, const OwnerDirectory& directory) {
  Message message;
  message.headline = action.headline;
  message.why_now = action.why_now;
  message.where = {action.host.account, action.host.region, action.host.instance.value, action.host.name};
  message.protection_state = action.protection_state;
  message.protection_reasons = action.protection;
  for (const DoneNote& note : action.done) message.done.push_back({note.what, OutcomeOf(note.word), note.reason});
  for (const std::string& text : action.to_do) message.to_do.push_back({text, ""});
  if (!action.command.empty() && !message.to_do.empty()) message.to_do.back().command = action.command;
  for (const Link& link : action.links) message.links.push_back({link.label, link.url});
  message.case_id = context.case_id;
  message.key = action.MessageName();
  message.only_channel = action.channel;
  message.severity = context.severity;
  message.sample = context.sample;
  message.owner = {action.owner, action.owner_source, AddressesOf(action.owner, directory)};
  message.status = StatusOf(action.status);
  message.kind = KindToTell(action);
  message.case_state = action.case_state;
  message.created_at = context.created_at;
  message.updated_at = context.updated_at;
  return message;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/answers.h"

#include <utility>

#include "action/notify_owner.h"
#include "base/text.h"

namespace sallyport {

void NotYet(const FollowUpContext& context, TimePoint now, const std::string& why, Plan& plan) {
  if (now < context.give_up_at) {
    plan.answer = Answer{Answer::Kind::kNotYet, why};
  } else {
    plan.answer =
        Answer{Answer::Kind::kNotVerifiable,
               "gave up after " + CountText(static_cast<std::uint64_t>(context.attempts), "check") + ": " + why, true,
               std::nullopt};
  }
  plan.reasons.push_back(plan.answer->reason);
}

void Answered(Answer::Kind kind, std::string reason, Plan& plan) {
  plan.reasons.push_back(reason);
  plan.answer = Answer{kind, std::move(reason)};
  if (!plan.actions.empty()) plan.decision = Decision::kAct;
}

std::string InTouch(const swp::Computer& computer) {
  if (!computer.last_agent_communication) return "no contact recorded";
  return "last contact at " + TimeText(*computer.last_agent_communication);
}

std::string InTouch(const swp::Computer& computer, TimePoint now) {
  if (!computer.last_agent_communication) return "no contact recorded";
  return "last contact " + AgoText(*computer.last_agent_communication, now);
}

Host Refreshed(Host host, const Result<swp::Computer>& computer) {
  if (!computer.ok()) return host;
  host.tags = TagsNow(host, *computer);
  return host;
}

void AddMessage(NotifyOwner message, const std::string& content, Plan& plan) {
  PlannedAction planned;
  planned.key = IdempotencyKey({std::string(NotifyOwner::kKind), plan.matter.subject, message.host.Subject(),
                                message.reason, std::string(ToString(message.status)), content});
  planned.why = {message.headline};
  planned.action = std::move(message);
  plan.actions.push_back(std::move(planned));
}

std::optional<std::string> WhatBecameOf(const Error& read, ComputerId computer, const Host& host, swp::Reads& swp) {
  if (read.code != ErrorCode::kNotFound) return std::nullopt;
  const auto found = swp.FindComputers(host.instance);
  if (!found.ok()) return std::nullopt;
  const std::string gone = NameOf(computer) + " no longer exists in SWP";
  std::string others;
  for (const swp::Computer& other : *found) {
    // It is there: what said that it is not was wrong, or about something else.
    if (other.id == computer) return std::nullopt;
    others += (others.empty() ? "" : ", ") + NameOf(other.id);
  }
  if (others.empty()) return gone + ", and SWP has no other record of " + TitleOf(host);
  return gone + "; SWP has " + TitleOf(host) + " as " + others + " now: its agent was activated again";
}

}  // namespace sallyport

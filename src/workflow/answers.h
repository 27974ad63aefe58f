// SPDX-License-Identifier: Apache-2.0
//
// What the answers to questions have in common.
#pragma once

#include <optional>
#include <string>

#include "action/notify_owner.h"
#include "swp/computer.h"
#include "swp/service.h"
#include "workflow/question_kind.h"

namespace sallyport {

// Not answered: it is asked again, or given up when its time is over.
void NotYet(const FollowUpContext& context, TimePoint now, const std::string& why, Plan& plan);

// Answered, with the reason; the plan acts when it has actions.
void Answered(Answer::Kind kind, std::string reason, Plan& plan);

// "last contact at 2026-11-24 03:09:13 UTC"; with the time of now "last contact 3m ago (03:09:13 UTC)".
std::string InTouch(const swp::Computer& computer);
std::string InTouch(const swp::Computer& computer, TimePoint now);

// With the tags that SWP knows now besides those of the question, which are as old as its finding: who is excluded by
// any of them is left alone.
Host Refreshed(Host host, const Result<swp::Computer>& computer);

// Adds a message to the plan; `content`: what makes it another message than the last with its reason and status.
void AddMessage(NotifyOwner message, const std::string& content, Plan& plan);

// What became of a computer that SWP says does not exist: that is an answer, and not a failed read. Looked up by the
// host's instance once more, since an agent that is activated anew has a new record. Nothing: `read` failed in another
// way, the computer is there after all, or it cannot be looked up now.
std::optional<std::string> WhatBecameOf(const Error& read, ComputerId computer, const Host& host, swp::Reads& swp);

}  // namespace sallyport

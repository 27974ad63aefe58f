// SPDX-License-Identifier: Apache-2.0
#include "executor/actor.h"

namespace sallyport {

Done Failed(const Error& error) {
  // What a gate stopped in the last moment was not done, and what may have been done has not failed.
  if (error.code == ErrorCode::kRefused) return {ActionState::kRefused, error.message, {}};
  if (error.code == ErrorCode::kOutcomeUnknown) return {ActionState::kIntended, error.ToText(), {}};
  return {ActionState::kFailed, error.ToText(), {}};
}

Done NotReadBack(const std::string& where, const Status& read) {
  const std::string why =
      read.ok() ? "it does not show there yet" : "it could not be read back yet: " + read.error().ToText();
  return {ActionState::kIntended, "written" + where + "; " + why, {}};
}

Result<Host> HostOfNow(const Host& host, ComputerId computer, const ActorTask& task, swp::Reads& reads) {
  if (!task.goes_on && !task.intended_at) return host;
  const auto now = reads.GetComputer(computer);
  if (!now.ok()) return now.error().In("the host could not be read again");
  if (const std::string change = ChangeOf(host, *now); !change.empty()) {
    return Error{ErrorCode::kInvalidInput, "facts changed since the plan was made: " + change,
                 "hand in the finding again"};
  }
  Host fresh = host;
  // The finding may know tags that SWP does not: who is excluded by any of them is left alone.
  fresh.tags = TagsNow(host, *now);
  return fresh;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "executor/actor.h"

namespace sallyport {

Done Failed(const Error& error) {
  return {ActionState::kFailed, error.ToText(), {}};
}

Result<Host> HostOfNow(const Host& host, ComputerId computer, const ActorTask& task, swp::Reads& reads) {
  if (!task.goes_on) return host;
  const auto now = reads.GetComputer(computer);
  if (!now.ok()) return now.error().In("the host could not be read again");
  Host fresh = host;
  // The finding may know tags that SWP does not: those are kept.
  if (now->tags) fresh.tags = now->tags;
  if (now->tags_unreadable) fresh.tags = std::nullopt;
  return fresh;
}

}  // namespace sallyport

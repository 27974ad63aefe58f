// SPDX-License-Identifier: Apache-2.0
//
// The loop of the process: poll, handle, answer, until the runtime API is gone.
#pragma once

#include <functional>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "lambda/invocation.h"
#include "lambda/log_context.h"
#include "lambda/runtime_api.h"

namespace sallyport::lambda {

struct LoopParts {
  RuntimeApi& api;
  const Clock& clock;
  Logger& log;          // writes through `context`
  LogContext& context;  // of the program's other loggers too
  Work work;
  Duration deadline_margin{2'000};
  // Makes the trace id known to whatever else runs in the process; for the real one see trace_variable.h.
  std::function<void(std::string_view trace_id)> set_trace;
};

// So many polls in a row may be refused before the process ends: the sandbox is then made anew.
inline constexpr int kRefusedPolls = 10;

// Returns when the process must end: the API is gone or beyond repair.
Error RunLoop(const LoopParts& parts);

}  // namespace sallyport::lambda

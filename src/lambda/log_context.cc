// SPDX-License-Identifier: Apache-2.0
#include "lambda/log_context.h"

#include <utility>

#include "base/json.h"

namespace sallyport::lambda {

void LogContext::Set(std::string_view request_id, std::string_view trace_id) {
  members_ = ",\"request_id\":" + JsonString(request_id);
  if (!trace_id.empty()) members_ += ",\"trace_id\":" + JsonString(trace_id);
}

Logger::Sink LogContext::Around(Logger::Sink inner) {
  return [this, inner = std::move(inner)](std::string_view line) {
    const std::size_t end = line.rfind('}');
    if (members_.empty() || end == std::string_view::npos) return inner(line);
    inner(std::string(line.substr(0, end)) + members_ + std::string(line.substr(end)));
  };
}

}  // namespace sallyport::lambda

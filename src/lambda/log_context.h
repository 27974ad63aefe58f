// SPDX-License-Identifier: Apache-2.0
//
// Puts the request id and trace id of the running invocation into every log line, whoever writes it.
#pragma once

#include <string>
#include <string_view>

#include "base/log.h"

namespace sallyport::lambda {

class LogContext {
 public:
  void Set(std::string_view request_id, std::string_view trace_id);
  void Clear() { members_.clear(); }
  // A sink that adds them at the end of each line and hands it on. Refers to this object.
  Logger::Sink Around(Logger::Sink inner);

 private:
  std::string members_;  // `,"request_id":"...","trace_id":"..."`
};

}  // namespace sallyport::lambda

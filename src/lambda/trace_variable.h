// SPDX-License-Identifier: Apache-2.0
//
// The environment variable _X_AMZN_TRACE_ID, where tracing libraries look for the running invocation.
#pragma once

#include <array>
#include <string_view>

namespace sallyport::lambda {

// Keeps the variable's text in place, in a buffer that stays in the environment: setenv() would keep every text that
// was ever set, and move the environment under the feet of a thread that reads it. Longer ids leave it empty.
class TraceVariable {
 public:
  TraceVariable();
  ~TraceVariable();  // takes the variable away
  TraceVariable(const TraceVariable&) = delete;
  TraceVariable& operator=(const TraceVariable&) = delete;

  void Set(std::string_view trace_id);

 private:
  std::array<char, 1100> text_{};
};

}  // namespace sallyport::lambda

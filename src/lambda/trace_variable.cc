// SPDX-License-Identifier: Apache-2.0
#include "lambda/trace_variable.h"

#include <algorithm>
#include <cstdlib>

namespace sallyport::lambda {
namespace {

constexpr std::string_view kName = "_X_AMZN_TRACE_ID";

}  // namespace

TraceVariable::TraceVariable() {
  std::copy(kName.begin(), kName.end(), text_.begin());
  text_[kName.size()] = '=';
  putenv(text_.data());
}

TraceVariable::~TraceVariable() {
  unsetenv(kName.data());
}

void TraceVariable::Set(std::string_view trace_id) {
  char* const value = text_.data() + kName.size() + 1;
  const std::size_t room = text_.size() - kName.size() - 2;
  if (trace_id.size() > room) trace_id = {};
  *std::copy(trace_id.begin(), trace_id.end(), value) = '\0';
}

}  // namespace sallyport::lambda

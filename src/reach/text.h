// SPDX-License-Identifier: Apache-2.0
//
// The answer for a terminal and a ticket, and for programs.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "reach/answer.h"

namespace sallyport::reach {

// What is known of a host besides: the protection state in a word or two ("protected"), and why.
struct HostNote {
  std::string state{};
  std::string why{};
};

struct TextOptions {
  std::size_t most_hosts = 20;      // of one principal
  std::size_t most_undecided = 20;  // principals whose access is undetermined, of one reason
  std::map<InstanceId, HostNote> notes{};
};

std::string AnswerText(const Answer& answer, const TextOptions& options = {});
// One object, everything in it.
std::string AnswerJson(const Answer& answer, const std::map<InstanceId, HostNote>& notes = {});

}  // namespace sallyport::reach

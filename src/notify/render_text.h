// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "notify/message.h"

namespace sallyport {

// A message as plain text for a terminal, one line for each fact, a newline at the end. Every text is made printable:
// no name can forge a line or an escape sequence.
std::string ConsoleText(const Message& message);

}  // namespace sallyport

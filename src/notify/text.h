// SPDX-License-Identifier: Apache-2.0
//
// A message as plain text for a terminal or a mail, and as one JSON object. Pure. Everything from outside is made
// printable: names and tags are written by whoever may tag an instance.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "notify/notifier.h"

namespace sallyport {

std::string MessageText(const OwnerMessageToSend& message);
std::string MessageJson(const OwnerMessageToSend& message);

// Hands each message, as text, to a function: the console channel.
class ConsoleNotifier final : public Notifier {
 public:
  using Write = std::function<void(const OwnerMessageToSend& message)>;
  explicit ConsoleNotifier(Write write) : write_(std::move(write)) {}
  Status Send(const OwnerMessageToSend& message) override {
    write_(message);
    return Ok();
  }

 private:
  Write write_;
};

}  // namespace sallyport

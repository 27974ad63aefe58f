// SPDX-License-Identifier: Apache-2.0
//
// The Notifier seam: what the executor hands a message to.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/result.h"
#include "notify/message.h"

namespace sallyport {

class Notifier {
 public:
  virtual ~Notifier() = default;
  // Ok when the message will reach people: handed to a channel, or recorded to be tried again. What came of it, in
  // words. A dead channel is no error; not being able to record it is. Of a test of one channel (Message::only_channel)
  // every other end is an error.
  virtual Result<std::string> Send(const Message& message) = 0;
};

// Hands each message to a function.
class CallbackNotifier final : public Notifier {
 public:
  using Take = std::function<void(const Message& message)>;
  explicit CallbackNotifier(Take take) : take_(std::move(take)) {}
  Result<std::string> Send(const Message& message) override {
    take_(message);
    return std::string("shown");
  }

 private:
  Take take_;
};

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// The other end of every sort of channel, on loopback: takes messages and remembers them in their order. Each way in
// fails once, at its first message about an outcome, in a way of its own.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/http_server.h"

namespace sallyport {

// One message that was taken.
struct TakenMessage {
  std::string channel;   // the name of the channel, as crash_scenario.h has them
  std::string headline;  // the same in every run
  std::string content;   // what it says, without what differs from attempt to attempt
  std::string
      about;  // the case and which of its messages: "17 outcome/i-0123456789abcdef0"; its headline where it names none
  bool repeats = false;  // it says that it may be a repetition
  bool changes = false;  // it changed one that was there
};

// Of the body of a message in any of the formats.
TakenMessage ReadTaken(std::string channel, std::string_view body);

class MessageReceiver {
 public:
  // `fails_at_first`: false: every message is taken, and answered.
  explicit MessageReceiver(bool fails_at_first = true);
  MessageReceiver(const MessageReceiver&) = delete;
  MessageReceiver& operator=(const MessageReceiver&) = delete;

  std::string url() const;
  std::vector<TakenMessage> taken() const;

 private:
  sim::ServedAnswer Serve(const sim::ServedRequest& request);

  const bool fails_at_first_;
  mutable std::mutex mutex_;
  std::set<std::string> failed_;  // paths
  std::vector<TakenMessage> taken_;
  std::unique_ptr<sim::HttpServer> server_;  // last: it calls back
};

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// Work: what belongs to one event, or to one question, while it is handled: its ways to SWP, AWS and people, until when
// it must have ended, what it has cost, and what its log lines say. Nothing of it is shared with other work that runs
// at the same time; what stands behind it (connections, budgets, what is remembered) is, and is thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "notify/notifier.h"
#include "reach/reads.h"
#include "swp/service.h"

namespace sallyport {

// Belongs to one thread at a time.
class Work {
 public:
  virtual ~Work() = default;
  // What decisions are read from. Repeats of a read are answered from memory, so that several workflows that look at
  // one event do not ask twice.
  virtual swp::Reads& facts() = 0;
  // What acting is based on: always asked anew.
  virtual swp::Reads& reads() = 0;
  virtual swp::Writes& writes() = 0;
  // Remembered like `facts`; nullptr: AWS is not asked here.
  virtual reach::Reads* reach() = 0;
  virtual Notifier& notifier() = 0;
  virtual Logger& log() = 0;  // its lines say which event they are about
  // HTTP requests to SWP, retries included.
  virtual int swp_calls() const = 0;
  // HTTP requests to AWS, retries included; not those that fetch keys, which belong to the process.
  virtual int aws_calls() const = 0;
  // The messages that were shown here, since this was asked last.
  virtual std::vector<Message> TakeShown() = 0;
};

// No call of the work runs beyond `stop_at`, to SWP, AWS or a channel; nothing: each has its own deadline alone.
using BeginWork = std::function<std::unique_ptr<Work>(std::optional<TimePoint> stop_at)>;

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "event/unreadable_tally.h"

#include <utility>

namespace sallyport {

bool UnreadableTally::StandsAlone(const Arrival& arrival) {
  if (arrival.event.error().code != ErrorCode::kInvalidInput) return true;
  const bool of_new_message = !arrival.sqs_message_id.empty() && arrival.sqs_message_id != message_;
  if (++seen_ > bounds::kUnreadableEach && !of_new_message) return false;
  message_ = arrival.sqs_message_id;
  return true;
}

void UnreadableTally::Add(Arrival arrival, std::vector<Arrival>& to) {
  if (arrival.event.ok() || !arrival.nothing.empty() || StandsAlone(arrival)) return to.push_back(std::move(arrival));
  if (together_ == 0) first_origin_ = arrival.origin;
  ++together_;
  last_ = std::move(arrival);
  if (together_ == bounds::kUnreadableTogether) Finish(to);
}

void UnreadableTally::Finish(std::vector<Arrival>& to) {
  if (together_ == 0) return;
  Arrival all = *std::move(last_);
  if (together_ > 1) {
    Error error = all.event.error();
    error.message = std::to_string(together_) + " more documents cannot be read, from " + first_origin_ +
                    " on; the last: " + error.message;
    all.event = std::move(error);
  }
  to.push_back(std::move(all));
  together_ = 0;
  last_.reset();
}

}  // namespace sallyport

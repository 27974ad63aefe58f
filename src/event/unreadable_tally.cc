// SPDX-License-Identifier: Apache-2.0
#include "event/unreadable_tally.h"

#include <algorithm>
#include <utility>

namespace sallyport {
namespace {

// "1000 more documents cannot be read, from stdin, line 102 on; the last: ..."
std::string AsOne(std::size_t together, std::string_view what, const std::string& first, const std::string& last) {
  return std::to_string(together) + " more documents " + std::string(what) + ", from " + first +
         " on; the last: " + last;
}

}  // namespace

bool UnreadableTally::StandsAlone(const Arrival& arrival, Sort& sort) {
  const bool is_over_a_bound = arrival.nothing.empty() && arrival.event.error().code != ErrorCode::kInvalidInput;
  if (is_over_a_bound) return true;
  const bool of_new_message = !arrival.sqs_message_id.empty() && arrival.sqs_message_id != message_;
  if (++sort.seen > bounds::kUnreadableEach && !of_new_message) return false;
  message_ = arrival.sqs_message_id;
  return true;
}

void UnreadableTally::Add(Arrival arrival, std::vector<Arrival>& to) {
  if (arrival.event.ok()) return to.push_back(std::move(arrival));
  Sort& sort = arrival.nothing.empty() ? unreadable_ : empty_;
  if (StandsAlone(arrival, sort)) return to.push_back(std::move(arrival));
  if (sort.together == 0) sort.first_origin = arrival.origin;
  ++sort.together;
  sort.last = std::move(arrival);
  const std::size_t enough = std::max(bounds::kUnreadableTogether, sort.seen / kUnreadablePart);
  if (sort.together >= enough) Finish(to);
}

void UnreadableTally::Finish(std::vector<Arrival>& to) {
  for (Sort* sort : {&unreadable_, &empty_}) {
    if (sort->together == 0) continue;
    Arrival all = *std::move(sort->last);
    if (sort->together > 1 && all.nothing.empty()) {
      Error error = all.event.error();
      error.message = AsOne(sort->together, "cannot be read", sort->first_origin, error.message);
      all.event = std::move(error);
    } else if (sort->together > 1) {
      all.nothing = AsOne(sort->together, "hold nothing to handle", sort->first_origin, all.nothing);
    }
    to.push_back(std::move(all));
    sort->together = 0;
    sort->last.reset();
  }
}

}  // namespace sallyport

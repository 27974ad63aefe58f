// SPDX-License-Identifier: Apache-2.0
//
// Unreadable documents of one input, so that rubbish does not become a record of its own for every two bytes; and those
// with nothing to handle, so that nobody is told of each of millions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/bounds.h"
#include "event/parse.h"

namespace sallyport {

// Of all documents of a sort one part in so many is told together, where that is more than bounds::kUnreadableTogether.
inline constexpr std::size_t kUnreadablePart = 10;

// The first bounds::kUnreadableEach of one input are arrivals of their own; those behind are one for each
// bounds::kUnreadableTogether, or for one part in kUnreadablePart of all that came before where that is more:
// some two hundred for an input of any size. The first of each SQS message is one of its own in any case: its sender
// wants to know about it. What is over a bound of ours is, too.
class UnreadableTally {
 public:
  // Appends the arrival, or what it brings to an end, or nothing yet. Those with something to handle are appended as
  // they are.
  void Add(Arrival arrival, std::vector<Arrival>& to);
  // Appends what is still counted.
  void Finish(std::vector<Arrival>& to);

 private:
  struct Sort {
    std::size_t seen = 0;
    std::size_t together = 0;
    std::string first_origin;
    std::optional<Arrival> last;
  };
  bool StandsAlone(const Arrival& arrival, Sort& sort);

  Sort unreadable_;
  Sort empty_;           // Arrival::nothing
  std::string message_;  // SQS id of the last one that stood alone
};

}  // namespace sallyport

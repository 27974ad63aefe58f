// SPDX-License-Identifier: Apache-2.0
//
// Unreadable documents of one input, so that rubbish does not become a record of its own for every two bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/bounds.h"
#include "event/parse.h"

namespace sallyport {

// The first bounds::kUnreadableEach of one input are arrivals of their own; of those behind, each
// bounds::kUnreadableTogether are one. The first of each SQS message is one of its own in any case: its sender wants to
// know about it. What is over a bound of ours is, too.
class UnreadableTally {
 public:
  // Appends the arrival, or what it brings to an end, or nothing yet. Readable ones, and those with
  // nothing to handle, are appended as they are.
  void Add(Arrival arrival, std::vector<Arrival>& to);
  // Appends what is still counted.
  void Finish(std::vector<Arrival>& to);

 private:
  bool StandsAlone(const Arrival& arrival);

  std::size_t seen_ = 0;
  std::string message_;  // SQS id of the last one that stood alone
  std::size_t together_ = 0;
  std::string first_origin_;
  std::optional<Arrival> last_;
};

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// The seam to AWS of the question who can reach a bucket; and, for those who have other questions to AWS, the way to
// them with the same keys, rates and deadline.
#pragma once

#include "base/result.h"
#include "reach/answer.h"

namespace sallyport::edge {
class Reads;
}

namespace sallyport::reach {

class Reads {
 public:
  virtual ~Reads() = default;
  // What could not be read is in the answer. An Error: nothing can be said at all (no credentials, no such bucket, a
  // question that makes no sense).
  virtual Result<Answer> WhoCan(const Ask& ask) = 0;
  // The map from the edge to the host (edge/reads.h); nullptr: not asked here.
  virtual edge::Reads* Edge() { return nullptr; }
};

}  // namespace sallyport::reach

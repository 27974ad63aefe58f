// SPDX-License-Identifier: Apache-2.0
//
// The seam to AWS of the question who can reach a bucket; and, for those who have other questions to AWS, the way to
// them with the same keys, rates and deadline.
#pragma once

#include <string>

#include "base/ids.h"
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
  // EC2's word for the state of an instance now: "running", "terminated", ...; "terminated" too when EC2 knows it no
  // more. An Error: could not be asked, also because AWS is not asked here at all.
  virtual Result<std::string> InstanceState(const std::string& account, const std::string& region,
                                            const InstanceId& instance) {
    static_cast<void>(account), static_cast<void>(region), static_cast<void>(instance);
    return Error{ErrorCode::kUnavailable, "EC2 is not asked here", ""};
  }
  // The map from the edge to the host (edge/reads.h); nullptr: not asked here.
  virtual edge::Reads* Edge() { return nullptr; }
};

}  // namespace sallyport::reach

// SPDX-License-Identifier: Apache-2.0
//
// The seam to AWS of the question who can reach a bucket.
#pragma once

#include "base/result.h"
#include "reach/answer.h"

namespace sallyport::reach {

class Reads {
 public:
  virtual ~Reads() = default;
  // What could not be read is in the answer. An Error: nothing can be said at all (no credentials, no such bucket, a
  // question that makes no sense).
  virtual Result<Answer> WhoCan(const Ask& ask) = 0;
};

}  // namespace sallyport::reach

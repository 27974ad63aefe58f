// SPDX-License-Identifier: Apache-2.0
//
// A sender to AWS that also takes calls that no seam has: lists of a whole service (aws/call.h). Those of AwsConnection
// do.
#pragma once

#include "aws/operation.h"

namespace sallyport {

class AwsTransport {
 public:
  AwsTransport() = default;
  AwsTransport(const AwsTransport&) = delete;
  AwsTransport& operator=(const AwsTransport&) = delete;
  virtual ~AwsTransport() = default;
  virtual aws::Transport& transport() = 0;
};

}  // namespace sallyport

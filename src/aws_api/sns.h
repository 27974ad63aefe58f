// SPDX-License-Identifier: Apache-2.0
//
// SNS, API version 2010-03-31.
#pragma once

#include <map>
#include <string>

#include "aws/operation.h"

namespace sallyport::aws::sns {

struct Attribute {
  std::string type{};
  std::string text{};
};

struct PublishAnswer {
  std::string message_id{};
};
// `subject`: ASCII, under 100 characters, one line. `message`: at most 256 kB. FIFO topics need a group_id.
struct Publish {
  using Answer = PublishAnswer;
  static const Operation kOp;
  std::string topic_arn{};
  std::string message{};
  std::string subject{};
  std::string group_id{};
  std::string deduplication_id{};
  std::map<std::string, Attribute> attributes{};
};

}  // namespace sallyport::aws::sns

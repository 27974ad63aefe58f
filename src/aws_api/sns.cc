// SPDX-License-Identifier: Apache-2.0
#include "aws_api/sns.h"

namespace sallyport::aws::sns {
namespace {

constexpr Service kService{"sns", "SNS", "sns", "sns", "sns", Protocol::kQuery, "2010-03-31"};
constexpr Operation kPublish{.service = kService, .name = "Publish", .repeatable = false};

}  // namespace

const Operation& Publish::Op() {
  return kPublish;
}

void Describe(Shape& shape, Attribute& place) {
  shape.Required("DataType", place.type);
  shape("StringValue", place.text);
}

void Describe(Shape& shape, Publish& place) {
  shape.Required("TopicArn", place.topic_arn);
  shape.Required("Message", place.message);
  shape("Subject", place.subject);
  shape("MessageGroupId", place.group_id);
  shape("MessageDeduplicationId", place.deduplication_id);
  shape("MessageAttributes", place.attributes);
}

void Describe(Shape& shape, PublishAnswer& place) {
  shape.Required("MessageId", place.message_id);
}

}  // namespace sallyport::aws::sns

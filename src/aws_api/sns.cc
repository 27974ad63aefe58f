// SPDX-License-Identifier: Apache-2.0
#include "aws_api/sns.h"

#include "aws/table.h"

namespace sallyport::aws::sns {
namespace {

constexpr Service kService{"sns", "SNS", "sns", "sns", "sns", Protocol::kQuery, "2010-03-31"};

constexpr auto kAttribute =
    Table<Attribute>({{"DataType", Required<&Attribute::type>}, {"StringValue", Field<&Attribute::text>}});
constexpr auto kPublish = Table<Publish>({{"TopicArn", Required<&Publish::topic_arn>},
                                          {"Message", Required<&Publish::message>},
                                          {"Subject", Field<&Publish::subject>},
                                          {"MessageGroupId", Field<&Publish::group_id>},
                                          {"MessageDeduplicationId", Field<&Publish::deduplication_id>},
                                          {"MessageAttributes", Field<&Publish::attributes, kAttribute>}});
constexpr auto kPublishAnswer = Table<PublishAnswer>({{"MessageId", Required<&PublishAnswer::message_id>}});

}  // namespace

const Operation Publish::kOp = Make<Publish>(
    {.service = kService, .name = "Publish", .repeatable = false, .changes = true}, kPublish, kPublishAnswer);

}  // namespace sallyport::aws::sns

// SPDX-License-Identifier: Apache-2.0
#include "aws_api/sqs.h"

#include "aws/table.h"

namespace sallyport::aws::sqs {
namespace {

constexpr Service kService{"sqs", "SQS", "sqs", "sqs", "sqs", Protocol::kJson10, "2012-11-05", "AmazonSQS"};

constexpr auto kMessage = Table<Message>({{"MessageId", Required<&Message::id>},
                                          {"ReceiptHandle", Required<&Message::receipt_handle>},
                                          {"Body", Required<&Message::body>},
                                          {"MD5OfBody", Field<&Message::body_md5>},
                                          {"Attributes", Field<&Message::attributes>}});
constexpr auto kReceiveMessage =
    Table<ReceiveMessage>({{"QueueUrl", Required<&ReceiveMessage::queue_url>},
                           {"MaxNumberOfMessages", Field<&ReceiveMessage::max_messages>},
                           {"WaitTimeSeconds", Field<&ReceiveMessage::wait_seconds>},
                           {"VisibilityTimeout", Field<&ReceiveMessage::visibility_timeout>},
                           {"MessageSystemAttributeNames", Field<&ReceiveMessage::system_attributes>}});
constexpr auto kReceiveMessageAnswer =
    Table<ReceiveMessageAnswer>({{"Messages", Field<&ReceiveMessageAnswer::messages, kMessage>}});
constexpr auto kFailedEntry = Table<FailedEntry>({{"Id", Required<&FailedEntry::id>},
                                                  {"Code", Field<&FailedEntry::code>},
                                                  {"Message", Field<&FailedEntry::message>},
                                                  {"SenderFault", Field<&FailedEntry::sender_fault>}});
constexpr auto kEntryId = Table<EntryId>({{"Id", Required<&EntryId::id>}});
constexpr auto kBatchAnswer = Table<BatchAnswer>(
    {{"Successful", Field<&BatchAnswer::successful, kEntryId>}, {"Failed", Field<&BatchAnswer::failed, kFailedEntry>}});
constexpr auto kDeleteEntry =
    Table<DeleteEntry>({{"Id", Required<&DeleteEntry::id>}, {"ReceiptHandle", Required<&DeleteEntry::receipt_handle>}});
constexpr auto kDeleteMessageBatch =
    Table<DeleteMessageBatch>({{"QueueUrl", Required<&DeleteMessageBatch::queue_url>},
                               {"Entries", Required<&DeleteMessageBatch::entries, kDeleteEntry>}});
constexpr auto kSendMessage = Table<SendMessage>({{"QueueUrl", Required<&SendMessage::queue_url>},
                                                  {"MessageBody", Required<&SendMessage::body>},
                                                  {"DelaySeconds", Field<&SendMessage::delay_seconds>},
                                                  {"MessageGroupId", Field<&SendMessage::group_id>},
                                                  {"MessageDeduplicationId", Field<&SendMessage::deduplication_id>}});
constexpr auto kSendMessageAnswer =
    Table<SendMessageAnswer>({{"MessageId", Required<&SendMessageAnswer::message_id>},
                              {"MD5OfMessageBody", Field<&SendMessageAnswer::body_md5>}});
constexpr auto kVisibilityEntry =
    Table<VisibilityEntry>({{"Id", Required<&VisibilityEntry::id>},
                            {"ReceiptHandle", Required<&VisibilityEntry::receipt_handle>},
                            {"VisibilityTimeout", Required<&VisibilityEntry::visibility_timeout>}});
constexpr auto kChangeMessageVisibilityBatch = Table<ChangeMessageVisibilityBatch>(
    {{"QueueUrl", Required<&ChangeMessageVisibilityBatch::queue_url>},
     {"Entries", Required<&ChangeMessageVisibilityBatch::entries, kVisibilityEntry>}});
constexpr auto kGetQueueUrl = Table<GetQueueUrl>(
    {{"QueueName", Required<&GetQueueUrl::name>}, {"QueueOwnerAWSAccountId", Field<&GetQueueUrl::owner>}});
constexpr auto kGetQueueUrlAnswer = Table<GetQueueUrlAnswer>({{"QueueUrl", Required<&GetQueueUrlAnswer::queue_url>}});

}  // namespace

const Operation ReceiveMessage::kOp =
    Make<ReceiveMessage>({kService, "ReceiveMessage"}, kReceiveMessage, kReceiveMessageAnswer);
const Operation DeleteMessageBatch::kOp = Make<DeleteMessageBatch>(
    {.service = kService, .name = "DeleteMessageBatch", .action = "DeleteMessage"}, kDeleteMessageBatch, kBatchAnswer);
const Operation SendMessage::kOp =
    Make<SendMessage>({.service = kService, .name = "SendMessage", .repeatable = false, .changes = true}, kSendMessage,
                      kSendMessageAnswer);
const Operation ChangeMessageVisibilityBatch::kOp = Make<ChangeMessageVisibilityBatch>(
    {.service = kService, .name = "ChangeMessageVisibilityBatch", .action = "ChangeMessageVisibility"},
    kChangeMessageVisibilityBatch, kBatchAnswer);
const Operation GetQueueUrl::kOp = Make<GetQueueUrl>({kService, "GetQueueUrl"}, kGetQueueUrl, kGetQueueUrlAnswer);

}  // namespace sallyport::aws::sqs

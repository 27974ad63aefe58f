// SPDX-License-Identifier: Apache-2.0
#include "aws_api/sqs.h"

namespace sallyport::aws::sqs {
namespace {

constexpr Service kService{"sqs", "SQS", "sqs", "sqs", "sqs", Protocol::kJson10, "2012-11-05", "AmazonSQS"};
constexpr Operation kReceiveMessage{.service = kService, .name = "ReceiveMessage"};
constexpr Operation kDeleteMessageBatch{.service = kService, .name = "DeleteMessageBatch", .action = "DeleteMessage"};
constexpr Operation kSendMessage{.service = kService, .name = "SendMessage", .repeatable = false};
constexpr Operation kChangeMessageVisibilityBatch{
    .service = kService, .name = "ChangeMessageVisibilityBatch", .action = "ChangeMessageVisibility"};
constexpr Operation kGetQueueUrl{.service = kService, .name = "GetQueueUrl"};

}  // namespace

const Operation& ReceiveMessage::Op() {
  return kReceiveMessage;
}

const Operation& DeleteMessageBatch::Op() {
  return kDeleteMessageBatch;
}

const Operation& SendMessage::Op() {
  return kSendMessage;
}

const Operation& ChangeMessageVisibilityBatch::Op() {
  return kChangeMessageVisibilityBatch;
}

const Operation& GetQueueUrl::Op() {
  return kGetQueueUrl;
}

void Describe(Shape& shape, Message& place) {
  shape.Required("MessageId", place.id);
  shape.Required("ReceiptHandle", place.receipt_handle);
  shape.Required("Body", place.body);
  shape("MD5OfBody", place.body_md5);
  shape("Attributes", place.attributes);
}

void Describe(Shape& shape, ReceiveMessage& place) {
  shape.Required("QueueUrl", place.queue_url);
  shape("MaxNumberOfMessages", place.max_messages);
  shape("WaitTimeSeconds", place.wait_seconds);
  shape("VisibilityTimeout", place.visibility_timeout);
  shape("MessageSystemAttributeNames", place.system_attributes);
}

void Describe(Shape& shape, ReceiveMessageAnswer& place) {
  shape("Messages", place.messages);
}

void Describe(Shape& shape, FailedEntry& place) {
  shape.Required("Id", place.id);
  shape("Code", place.code);
  shape("Message", place.message);
  shape("SenderFault", place.sender_fault);
}

void Describe(Shape& shape, EntryId& place) {
  shape.Required("Id", place.id);
}

void Describe(Shape& shape, BatchAnswer& place) {
  shape("Successful", place.successful);
  shape("Failed", place.failed);
}

void Describe(Shape& shape, DeleteEntry& place) {
  shape.Required("Id", place.id);
  shape.Required("ReceiptHandle", place.receipt_handle);
}

void Describe(Shape& shape, DeleteMessageBatch& place) {
  shape.Required("QueueUrl", place.queue_url);
  shape.Required("Entries", place.entries);
}

void Describe(Shape& shape, SendMessage& place) {
  shape.Required("QueueUrl", place.queue_url);
  shape.Required("MessageBody", place.body);
  shape("DelaySeconds", place.delay_seconds);
  shape("MessageGroupId", place.group_id);
  shape("MessageDeduplicationId", place.deduplication_id);
}

void Describe(Shape& shape, SendMessageAnswer& place) {
  shape.Required("MessageId", place.message_id);
  shape("MD5OfMessageBody", place.body_md5);
}

void Describe(Shape& shape, VisibilityEntry& place) {
  shape.Required("Id", place.id);
  shape.Required("ReceiptHandle", place.receipt_handle);
  shape.Required("VisibilityTimeout", place.visibility_timeout);
}

void Describe(Shape& shape, ChangeMessageVisibilityBatch& place) {
  shape.Required("QueueUrl", place.queue_url);
  shape.Required("Entries", place.entries);
}

void Describe(Shape& shape, GetQueueUrl& place) {
  shape.Required("QueueName", place.name);
  shape("QueueOwnerAWSAccountId", place.owner);
}

void Describe(Shape& shape, GetQueueUrlAnswer& place) {
  shape.Required("QueueUrl", place.queue_url);
}

}  // namespace sallyport::aws::sqs

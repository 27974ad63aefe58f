// SPDX-License-Identifier: Apache-2.0
//
// SQS, API version 2012-11-05, json 1.0. Batches answer HTTP 200 even when entries failed: look at `failed`.
// ReceiveMessage waits up to wait_seconds: give the call a longer deadline.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::sqs {

struct Message {
  std::string id{};
  std::string receipt_handle{};
  std::string body{};
  std::string body_md5{};
  std::map<std::string, std::string> attributes{};
};

struct ReceiveMessageAnswer {
  std::vector<Message> messages{};
};
// An empty answer is an empty queue.
struct ReceiveMessage {
  using Answer = ReceiveMessageAnswer;
  static const Operation kOp;
  std::string queue_url{};
  std::optional<std::int64_t> max_messages{};
  std::optional<std::int64_t> wait_seconds{};
  std::optional<std::int64_t> visibility_timeout{};
  std::vector<std::string> system_attributes{};
};

struct FailedEntry {
  std::string id{};
  std::string code{};
  std::string message{};
  std::optional<bool> sender_fault{};
};

struct EntryId {
  std::string id{};
};

struct BatchAnswer {
  std::vector<EntryId> successful{};
  std::vector<FailedEntry> failed{};
};

struct DeleteEntry {
  std::string id{};
  std::string receipt_handle{};
};
// 1 to 10 entries with ids of their own.
struct DeleteMessageBatch {
  using Answer = BatchAnswer;
  static const Operation kOp;
  std::string queue_url{};
  std::vector<DeleteEntry> entries{};
};
struct SendMessageAnswer {
  std::string message_id{};
  std::string body_md5{};
};
struct SendMessage {
  using Answer = SendMessageAnswer;
  static const Operation kOp;
  std::string queue_url{};
  std::string body{};
  std::optional<std::int64_t> delay_seconds{};
  std::string group_id{};
  std::string deduplication_id{};
};
struct VisibilityEntry {
  std::string id{};
  std::string receipt_handle{};
  std::int64_t visibility_timeout = 0;
};
struct ChangeMessageVisibilityBatch {
  using Answer = BatchAnswer;
  static const Operation kOp;
  std::string queue_url{};
  std::vector<VisibilityEntry> entries{};
};

struct GetQueueUrlAnswer {
  std::string queue_url{};
};
struct GetQueueUrl {
  using Answer = GetQueueUrlAnswer;
  static const Operation kOp;
  std::string name{};
  std::string owner{};
};

}  // namespace sallyport::aws::sqs

// SPDX-License-Identifier: Apache-2.0
//
// SNS topics and SQS queues. Visibility follows the simulator's time. Long polls answer at once (a wait would hold the
// world's lock): an empty answer is always allowed.
#include <openssl/evp.h>

#include <algorithm>

#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::size_t kMaxBody = std::size_t{1024} * 1024;
constexpr std::size_t kMaxQueued = 120'000;

std::string Md5Hex(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_md5(), nullptr);
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4U];
    out += "0123456789abcdef"[digest[i] & 15U];
  }
  return out;
}

Failure NoQueue() {
  return Fail(400, "QueueDoesNotExist", "The specified queue does not exist.");
}

struct Queue {
  const json::object* record;
  std::vector<QueuedMessage>* messages;
  bool fifo;
};

// By the path of the URL: /account/name.
std::optional<Queue> FindQueue(World& world, const Call& call, const std::string& url) {
  const auto name = LastPart(url);
  const auto before =
      url.size() > name.size() ? LastPart(std::string_view(url).substr(0, url.size() - name.size() - 1)) : "";
  Account* owner = world.FindAccount(before);
  if (owner == nullptr) return std::nullopt;
  auto* record = FindRecord(owner->regions[call.region].Set("queues"), "QueueName", name);
  if (record == nullptr) return std::nullopt;
  const auto key = call.region + "/" + owner->id + "/" + name;
  const bool fresh = world.messages.find(key) == world.messages.end();
  auto& messages = world.messages[key];
  for (const json::value& body : fresh ? ArrayOf(*record, "messages") : json::array()) {
    messages.push_back({world.NextUuid(), body.is_string() ? std::string(body.get_string()) : json::serialize(body), "",
                        "", call.now, call.now, 0, ""});
  }
  return Queue{record, &messages, name.ends_with(".fifo")};
}

Answer GetQueueUrl(World& world, const Call& call) {
  const auto owner = TextOf(call.in, "QueueOwnerAWSAccountId", call.account->id);
  const auto name = TextOf(call.in, "QueueName");
  const auto url = call.url + "/" + owner + "/" + name;
  if (!FindQueue(world, call, url)) return NoQueue();
  return json::object{{"QueueUrl", url}};
}

std::optional<Failure> CheckBody(const Queue& queue, const json::object& in) {
  const auto body = TextOf(in, "MessageBody");
  if (body.empty()) return Fail(400, "MissingParameter", "The request must contain the parameter MessageBody.");
  if (body.size() > kMaxBody)
    return Fail(400, "InvalidParameterValue",
                "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.");
  if (queue.fifo && TextOf(in, "MessageGroupId").empty()) {
    return Fail(400, "MissingParameter", "The request must contain the parameter MessageGroupId.");
  }
  const auto delay = NumberOf(in, "DelaySeconds", 0);
  if (delay < 0 || delay > 900 || (queue.fifo && delay > 0)) {
    return Fail(400, "InvalidParameterValue", "Value for parameter DelaySeconds is invalid.");
  }
  return std::nullopt;
}

Answer SendMessage(World& world, const Call& call) {
  auto queue = FindQueue(world, call, TextOf(call.in, "QueueUrl"));
  if (!queue) return NoQueue();
  if (auto problem = CheckBody(*queue, call.in)) return *problem;
  if (queue->messages->size() >= kMaxQueued) return Fail(400, "OverLimit", "The simulator's queue is full");
  QueuedMessage message;
  message.id = world.NextUuid();
  message.body = TextOf(call.in, "MessageBody");
  message.group = TextOf(call.in, "MessageGroupId");
  if (Has(call.in, "MessageAttributes")) message.attributes = json::serialize(call.in.at("MessageAttributes"));
  message.sent = call.now;
  message.visible = call.now + std::chrono::seconds(NumberOf(call.in, "DelaySeconds", 0));
  json::object out{{"MD5OfMessageBody", Md5Hex(message.body)}, {"MessageId", message.id}};
  queue->messages->push_back(std::move(message));
  return out;
}

json::object ShowMessage(const Call& call, const QueuedMessage& message) {
  json::object shown{{"MessageId", message.id},
                     {"ReceiptHandle", message.handle},
                     {"MD5OfBody", Md5Hex(message.body)},
                     {"Body", message.body}};
  auto asked = TextsOf(call.in, "MessageSystemAttributeNames");
  for (auto& name : TextsOf(call.in, "AttributeNames")) asked.push_back(std::move(name));
  const bool all = Contains(asked, "All");
  json::object attributes;
  if (all || Contains(asked, "ApproximateReceiveCount"))
    attributes["ApproximateReceiveCount"] = std::to_string(message.received);
  if (all || Contains(asked, "SentTimestamp"))
    attributes["SentTimestamp"] = std::to_string(ToEpochMilliseconds(message.sent));
  if ((all || Contains(asked, "MessageGroupId")) && !message.group.empty())
    attributes["MessageGroupId"] = message.group;
  if (!attributes.empty()) shown["Attributes"] = std::move(attributes);
  if (!message.attributes.empty() && !TextsOf(call.in, "MessageAttributeNames").empty()) {
    shown["MessageAttributes"] = json::parse(message.attributes);
  }
  return shown;
}

// In a FIFO queue a group waits while one of its messages is out.
bool GroupIsOut(const std::vector<QueuedMessage>& messages, const QueuedMessage& candidate, TimePoint now) {
  if (candidate.group.empty()) return false;
  return std::any_of(messages.begin(), messages.end(), [&](const QueuedMessage& other) {
    return &other != &candidate && other.group == candidate.group && !other.handle.empty() && other.visible > now;
  });
}

Answer ReceiveMessage(World& world, const Call& call) {
  auto queue = FindQueue(world, call, TextOf(call.in, "QueueUrl"));
  if (!queue) return NoQueue();
  const auto most = NumberOf(call.in, "MaxNumberOfMessages", 1);
  const auto hidden = NumberOf(call.in, "VisibilityTimeout", NumberOf(*queue->record, "VisibilityTimeout", 30));
  const auto wait = NumberOf(call.in, "WaitTimeSeconds", 0);
  if (most < 1 || most > 10 || hidden < 0 || hidden > 43'200 || wait < 0 || wait > 20) {
    return Fail(400, "InvalidParameterValue", "One or more parameters are out of range.");
  }
  json::array shown;
  for (QueuedMessage& message : *queue->messages) {
    if (static_cast<std::int64_t>(shown.size()) == most) break;
    if (message.visible > call.now || GroupIsOut(*queue->messages, message, call.now)) continue;
    ++message.received;
    message.handle = "sim-" + world.NextId("", 32);
    message.visible = call.now + std::chrono::seconds(hidden);
    shown.push_back(ShowMessage(call, message));
  }
  if (shown.empty()) return json::object();
  return json::object{{"Messages", std::move(shown)}};
}

QueuedMessage* ByHandle(Queue& queue, const std::string& handle) {
  for (QueuedMessage& message : *queue.messages) {
    if (!handle.empty() && message.handle == handle) return &message;
  }
  return nullptr;
}

// Deleting what is gone already succeeds; a text that never was a handle does not.
std::optional<Failure> Delete(Queue& queue, const std::string& handle) {
  if (!handle.starts_with("sim-")) {
    return Fail(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
  }
  auto* message = ByHandle(queue, handle);
  if (message != nullptr) queue.messages->erase(queue.messages->begin() + (message - queue.messages->data()));
  return std::nullopt;
}

std::optional<Failure> ChangeVisibility(Queue& queue, const json::object& in, TimePoint now) {
  const auto seconds = NumberOf(in, "VisibilityTimeout", -1);
  if (seconds < 0 || seconds > 43'200) {
    return Fail(400, "InvalidParameterValue", "Value for parameter VisibilityTimeout is invalid.");
  }
  auto* message = ByHandle(queue, TextOf(in, "ReceiptHandle"));
  if (message == nullptr) return Fail(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
  if (message->visible <= now) return Fail(400, "MessageNotInflight", "The message is not in flight.");
  message->visible = now + std::chrono::seconds(seconds);
  return std::nullopt;
}

bool IsBatchId(const std::string& id) {
  return !id.empty() && id.size() <= 80 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::optional<Failure> CheckBatch(const json::array& entries) {
  if (entries.empty()) return Fail(400, "EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.size() > 10)
    return Fail(400, "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.");
  std::vector<std::string> ids;
  for (const json::value& value : entries) {
    const auto id = value.is_object() ? TextOf(value.get_object(), "Id") : "";
    if (!IsBatchId(id))
      return Fail(400, "InvalidBatchEntryId",
                  "A batch entry id can only contain alphanumeric characters, hyphens and underscores.");
    if (Contains(ids, id)) return Fail(400, "BatchEntryIdsNotDistinct", "Id " + id + " repeated.");
    ids.push_back(id);
  }
  return std::nullopt;
}

template <class Act>
Answer Batch(World& world, const Call& call, Act act) {
  auto queue = FindQueue(world, call, TextOf(call.in, "QueueUrl"));
  if (!queue) return NoQueue();
  const auto& entries = ArrayOf(call.in, "Entries");
  if (auto problem = CheckBatch(entries)) return *problem;
  json::array done;
  json::array failed;
  for (const json::value& value : entries) {
    const auto& entry = value.get_object();
    if (const auto problem = act(*queue, entry)) {
      failed.push_back(json::object{
          {"Id", TextOf(entry, "Id")}, {"SenderFault", true}, {"Code", problem->code}, {"Message", problem->message}});
    } else {
      done.push_back(json::object{{"Id", TextOf(entry, "Id")}});
    }
  }
  json::object out{{"Successful", std::move(done)}};
  if (!failed.empty()) out["Failed"] = std::move(failed);
  return out;
}

Answer DeleteMessageBatch(World& world, const Call& call) {
  return Batch(world, call,
               [](Queue& queue, const json::object& entry) { return Delete(queue, TextOf(entry, "ReceiptHandle")); });
}

Answer ChangeMessageVisibilityBatch(World& world, const Call& call) {
  return Batch(world, call,
               [&call](Queue& queue, const json::object& entry) { return ChangeVisibility(queue, entry, call.now); });
}

constexpr OperationSpec kSqsOperations[] = {
    {"ReceiveMessage",
     "QueueUrl* AttributeNames MessageSystemAttributeNames MessageAttributeNames MaxNumberOfMessages "
     "VisibilityTimeout WaitTimeSeconds ReceiveRequestAttemptId",
     ReceiveMessage},
    {"DeleteMessageBatch", "QueueUrl* Entries*", DeleteMessageBatch},
    {"SendMessage",
     "QueueUrl* MessageBody* DelaySeconds MessageAttributes MessageSystemAttributes "
     "MessageDeduplicationId MessageGroupId",
     SendMessage},
    {"ChangeMessageVisibilityBatch", "QueueUrl* Entries*", ChangeMessageVisibilityBatch},
    {"GetQueueUrl", "QueueName* QueueOwnerAWSAccountId", GetQueueUrl},
};

// --- SNS

constexpr std::size_t kMaxPublished = 100'000;
constexpr std::size_t kMaxMessage = std::size_t{256} * 1024;

Answer Publish(World& world, const Call& call) {
  const auto arn = TextOf(call.in, "TopicArn", TextOf(call.in, "TargetArn"));
  if (arn.empty())
    return Fail(400, "InvalidParameter",
                "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter");
  const auto* topic = FindRecord(call.regional->Set("topics"), "TopicArn", arn);
  if (topic == nullptr) return Fail(404, "NotFound", "Topic does not exist");
  const auto subject = TextOf(call.in, "Subject");
  const bool bad_subject =
      subject.size() >= 100 || std::any_of(subject.begin(), subject.end(), [](char c) { return c < 32 || c > 126; });
  if (Has(call.in, "Subject") && (subject.empty() || bad_subject)) {
    return Fail(400, "InvalidParameter", "Invalid parameter: Subject");
  }
  const auto message = TextOf(call.in, "Message");
  if (message.empty()) return Fail(400, "InvalidParameter", "Invalid parameter: Empty message");
  if (message.size() > kMaxMessage) return Fail(400, "InvalidParameter", "Invalid parameter: Message too long");
  const bool fifo = arn.ends_with(".fifo");
  if (fifo != Has(call.in, "MessageGroupId")) {
    return Fail(400, "InvalidParameter", "Invalid parameter: MessageGroupId Reason: it goes with FIFO topics only");
  }
  const auto id = world.NextUuid();
  json::object kept{{"TopicArn", arn}, {"MessageId", id}, {"Message", message}};
  if (Has(call.in, "Subject")) kept["Subject"] = subject;
  if (Has(call.in, "MessageAttributes")) kept["MessageAttributes"] = call.in.at("MessageAttributes");
  Records& published = world.published;
  if (published.size() >= kMaxPublished) published.erase(published.begin(), published.begin() + kMaxPublished / 2);
  published.push_back(std::move(kept));
  json::object out{{"MessageId", id}};
  if (fifo) out["SequenceNumber"] = std::to_string(10'000'000'000'000'000'000ULL + world.serial);
  return out;
}

constexpr OperationSpec kSnsOperations[] = {
    {"Publish",
     "TopicArn TargetArn PhoneNumber Message* Subject MessageStructure MessageAttributes "
     "MessageDeduplicationId MessageGroupId",
     Publish},
};

}  // namespace

const ServiceSpec kSnsService{
    "sns", "sns", "2010-03-31", Protocol::kQuery, "", "http://sns.amazonaws.com/doc/2010-03-31/", kSnsOperations};
const ServiceSpec kSqsService{"sqs", "sqs", "2012-11-05", Protocol::kJson10, "AmazonSQS.", "", kSqsOperations};

}  // namespace sallyport::aws_sim

// SPDX-License-Identifier: Apache-2.0
#include "event/foreign.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "event/recognize.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownMember = 60;

constexpr std::string_view kSendEvents = "send findings by an EventBridge rule, directly or through SNS or SQS";
constexpr std::string_view kExported =
    "send findings by an EventBridge rule; of an exported file of findings, give the unpacked file to `sallyport "
    "handle`";

Error Foreign(std::string_view what, std::string_view advice) {
  return Error{ErrorCode::kInvalidInput, std::string(what) + ", not an event", std::string(advice)};
}

struct ForeignForm {
  std::array<std::string_view, 2> members;  // both are there; the second may be empty
  std::string_view what;
  std::string_view advice;
};

// By the members that are there (docs.aws.amazon.com, of each service: "event message structure").
constexpr std::array kForeignForms = {
    ForeignForm{{"awslogs", ""}, "a CloudWatch Logs subscription", kSendEvents},
    ForeignForm{{"logGroup", "logEvents"}, "log lines of a CloudWatch Logs subscription", kSendEvents},
    ForeignForm{{"AlarmName", "NewStateValue"}, "a CloudWatch alarm", kSendEvents},
    ForeignForm{{"deliveryStreamArn", "records"}, "records of a Firehose stream", kSendEvents},
    ForeignForm{{"invocationId", "records"}, "records of a Firehose stream", kSendEvents},
    ForeignForm{{"httpMethod", "body"},
                "an HTTP request of API Gateway or a load balancer",
                "post findings to no address: send them by an EventBridge rule, SNS or SQS"},
    ForeignForm{{"requestContext", ""},
                "an HTTP request of API Gateway or a function URL",
                "post findings to no address: send them by an EventBridge rule, SNS or SQS"},
    ForeignForm{{"receiptHandle", "body"},
                "an SQS message as EventBridge Pipes or `aws sqs receive-message` gives it",
                "let Lambda read the queue (an event source mapping), or give the message's `body`"},
    ForeignForm{{"kinesisSchemaVersion", ""}, "a record of a Kinesis stream", kSendEvents},
    ForeignForm{{"dynamodb", "eventName"}, "a record of a DynamoDB stream", kSendEvents},
    ForeignForm{{"taskToken", ""}, "a task of Step Functions", kSendEvents},
    ForeignForm{{"messageType", "notificationCreationTime"},
                "a notification that AWS Config sends to its SNS topic",
                "have a rule of AWS Config call the Lambda function (docs/config.md)"},
};

struct ForeignSource {
  std::string_view source;
  std::string_view what;
  std::string_view advice;
};
constexpr std::array kForeignSources = {
    ForeignSource{"aws:s3", "a notification of S3", kExported},
    ForeignSource{"aws:kinesis", "a record of a Kinesis stream", kSendEvents},
    ForeignSource{"aws:dynamodb", "a record of a DynamoDB stream", kSendEvents},
    ForeignSource{"aws:codecommit", "a notification of CodeCommit", kSendEvents},
    ForeignSource{"aws:ses", "a mail that SES received", kSendEvents},
};

bool IsTestOfS3(const Json& document) {
  return document["Event"].StringOr("") == "s3:TestEvent";
}

// A whole event under one member: what an input transformer makes of `{"whole": <aws.events.event>}`.
std::optional<Error> WrappedEvent(const Json& document, const BareForms& forms) {
  for (const Json::Member& member : document.Members()) {
    if (!member.value.IsObject()) continue;
    if (Recognize(member.value.AsDocument(), forms) != DocumentKind::kEventBridge) continue;
    return Foreign("an object with a whole event under `" + Printable(member.key, kShownMember) +
                       "`, as an input transformer makes it",
                   "let the rule pass the event on as it is (matched event)");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> ForeignText(std::string_view bytes) {
  constexpr std::string_view kGzip = "\x1F\x8B";
  constexpr std::string_view kGzipInBase64 = "H4sI";
  if (bytes.starts_with(kGzip)) return Foreign("data packed with gzip", "unpack it first (`gunzip`)");
  if (Trim(bytes).starts_with(kGzipInBase64)) {
    return Foreign("data packed with gzip, in base64", "unpack it first (`base64 -d | gunzip`)");
  }
  // Words with a space between them are no JSON, whose own words stand alone.
  const std::string_view text = Trim(bytes);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!text.empty() && is_letter(text.front()) && text.find(' ') != std::string_view::npos) {
    return Foreign("plain text", kSendEvents);
  }
  return std::nullopt;
}

std::optional<Error> ForeignDocument(const Json& document, const BareForms& forms) {
  if (document.IsString()) {
    const auto inner = Json::Parse(document.StringOr(""));
    if (!inner.ok() || !inner->IsObject()) return std::nullopt;
    return Foreign("a text that holds JSON, as an input transformer makes it",
                   "let the rule pass the event on as it is (matched event), or take the quotation marks away");
  }
  if (!document.IsObject()) return std::nullopt;
  if (IsTestOfS3(document)) return Foreign("the test message of an S3 notification", kExported);
  for (const ForeignForm& form : kForeignForms) {
    const bool is = std::all_of(form.members.begin(), form.members.end(),
                                [&](std::string_view member) { return member.empty() || document[member].HasValue(); });
    if (is) return Foreign(form.what, form.advice);
  }
  return WrappedEvent(document, forms);
}

std::optional<Error> ForeignRecord(std::string_view event_source) {
  for (const ForeignSource& row : kForeignSources) {
    if (row.source == event_source) return Foreign(row.what, row.advice);
  }
  return std::nullopt;
}

}  // namespace sallyport

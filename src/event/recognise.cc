// SPDX-License-Identifier: Apache-2.0
#include "event/recognise.h"

#include <string>
#include <utility>

#include "base/digest.h"
#include "base/json_fields.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view kGuardDutySource = "aws.guardduty";
constexpr std::string_view kGuardDutyDetailType = "GuardDuty Finding";
constexpr std::size_t kShownTimeBytes = 64;

// The members that only a GuardDuty finding has together (GuardDuty API, "Finding").
bool IsFinding(const Json& json) {
  return json["type"].HasValue() && json["resource"].HasValue() && json["service"].HasValue();
}

std::optional<TimePoint> ReadTime(const Json& place, JsonFields& fields) {
  const std::string text = fields.Text(place);
  if (text.empty()) return std::nullopt;
  const auto time = ParseTime(text);
  if (!time) fields.Expected(place, "a time like `2026-11-24T03:09:13Z`", "`" + Printable(text, kShownTimeBytes) + "`");
  return time;
}

// A hand-made or transformed envelope leaves members out; a GuardDuty finding says the same itself.
void FillFromFinding(Event& event, JsonFields& fields) {
  if (!IsFinding(event.detail)) return;
  if (event.source.empty()) event.source = kGuardDutySource;
  if (event.detail_type.empty()) event.detail_type = kGuardDutyDetailType;
  if (event.account.empty()) event.account = fields.Text(event.detail["accountId"]);
  if (event.region.empty()) event.region = fields.Text(event.detail["region"]);
  if (!event.time) event.time = ParseTime(event.detail["updatedAt"].StringOr(""));
}

Event ReadEventBridge(const Json& document, JsonFields& fields) {
  Event event;
  event.id = fields.Text(document["id"]);
  event.source = fields.Text(document["source"]);
  event.detail_type = fields.Text(document["detail-type"]);
  event.account = fields.Text(document["account"]);
  event.region = fields.Text(document["region"]);
  event.time = ReadTime(document["time"], fields);
  event.detail = document["detail"];
  if (!event.detail.IsObject()) fields.Expected(event.detail, "an object", event.detail.TypeName());
  FillFromFinding(event, fields);
  // Nothing can be matched against an event that does not say what it is.
  if (event.source.empty()) fields.RequiredText(document["source"]);
  if (event.detail_type.empty()) fields.RequiredText(document["detail-type"]);
  return event;
}

Event ReadBareFinding(const Json& document, JsonFields& fields) {
  Event event;
  event.detail = document;
  FillFromFinding(event, fields);
  return event;
}

Event ReadConfigInvocation(const Json& document, JsonFields& fields) {
  Event event;
  event.source = "aws.config";
  event.detail_type = "AWS Config Rule Invocation";
  event.account = fields.Text(document["accountId"]);
  event.detail = document;
  fields.RequiredText(document["invokingEvent"]);
  return event;
}

Error NotAnEvent(const Json& document) {
  const std::string path = document.Path();
  const std::string where = path.empty() ? "the document" : path;
  if (!document.IsObject()) {
    return Error{ErrorCode::kInvalidInput, where + ": expected an event, found " + std::string(document.TypeName()),
                 ""};
  }
  return Error{ErrorCode::kInvalidInput,
               where +
                   ": not an event: found none of `detail` (EventBridge), `type` with `resource` and `service` "
                   "(GuardDuty finding), `invokingEvent` (AWS Config rule), `Records` (SQS or SNS to Lambda), `Type` "
                   "with `Message` (SNS)",
               ""};
}

}  // namespace

DocumentKind Recognise(const Json& document) {
  if (document["detail"].HasValue() || document["detail-type"].HasValue()) return DocumentKind::kEventBridge;
  if (document["Records"].HasValue()) return DocumentKind::kRecords;
  if (document["Type"].HasValue() && (document["Message"].HasValue() || document["TopicArn"].HasValue())) {
    return DocumentKind::kSnsMessage;
  }
  if (document["invokingEvent"].HasValue()) return DocumentKind::kConfigInvocation;
  if (IsFinding(document)) return DocumentKind::kGuardDutyFinding;
  return DocumentKind::kUnknown;
}

Result<Event> ReadEvent(const Json& document) {
  JsonFields fields;
  Event event;
  switch (Recognise(document)) {
    case DocumentKind::kEventBridge:
      event = ReadEventBridge(document, fields);
      break;
    case DocumentKind::kGuardDutyFinding:
      event = ReadBareFinding(document, fields);
      break;
    case DocumentKind::kConfigInvocation:
      event = ReadConfigInvocation(document, fields);
      break;
    default:
      return NotAnEvent(document);
  }
  if (!fields.status().ok()) return fields.status().error();
  const std::string text = document.ToText();
  if (text.size() > bounds::kEventBytes) {
    return Error{ErrorCode::kTooLarge,
                 "the event has " + std::to_string(text.size()) + " bytes, over the bound of " +
                     std::to_string(bounds::kEventBytes),
                 ""};
  }
  event.sha256 = Sha256Hex(text);
  return event;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "event/recognize.h"

#include <string>
#include <utility>

#include "base/bounds.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "event/foreign.h"
#include "event/retired.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownTimeBytes = 64;
constexpr std::string_view kSchedulerSource = "aws.scheduler";
constexpr std::string_view kRuleSource = "aws.events";
constexpr std::string_view kScheduledDetailType = "Scheduled Event";

// What may hold a secret is read as that, whatever else it looks like.
const BareForm* FormOf(const Json& object, const BareForms& forms) {
  const BareForm* first = nullptr;
  for (const BareForm& form : forms) {
    if (!form.is(object)) continue;
    if (form.has_secret) return &form;
    if (first == nullptr) first = &form;
  }
  return first;
}

std::optional<TimePoint> ReadTime(const Json& place, JsonFields& fields) {
  const std::string text = fields.Text(place);
  if (text.empty()) return std::nullopt;
  const auto time = ParseTime(text);
  if (!time) fields.Expected(place, "a time like `2026-11-24T03:09:13Z`", "`" + Printable(text, kShownTimeBytes) + "`");
  return time;
}

std::vector<std::string> ReadResources(const Json& place, JsonFields& fields) {
  std::vector<std::string> resources;
  const Json::List elements = fields.Array(place).Elements();
  if (elements.size() > bounds::kEventResources) {
    fields.Expected(place, "at most " + std::to_string(bounds::kEventResources) + " resources",
                    std::to_string(elements.size()));
    return resources;
  }
  for (const Json& element : elements) resources.push_back(fields.Text(element));
  return resources;
}

// A hand-made or transformed envelope leaves members out; what is in it may say the same itself. What the envelope says
// counts. A secret of the detail is taken out of it however whole the envelope is.
void FillFromDetail(Event& event, const BareForms& forms, JsonFields& fields) {
  const bool whole = !event.source.empty() && !event.detail_type.empty() && !event.account.empty() &&
                     !event.region.empty() && event.time;
  const BareForm* form = FormOf(event.detail, forms);
  if (form == nullptr || form->is_batched || (whole && !form->has_secret)) return;
  Event said = form->read(event.detail, fields);
  event.detail = std::move(said.detail);
  event.answer_token = std::move(said.answer_token);
  if (event.source.empty()) event.source = said.source;
  if (event.detail_type.empty()) event.detail_type = said.detail_type;
  if (event.account.empty()) event.account = said.account;
  if (event.region.empty()) event.region = said.region;
  if (!event.time) event.time = said.time;
}

bool HoldsObject(const Json& place) {
  if (!place.IsString()) return false;
  const auto document = Json::Parse(place.StringOr(""));
  return document.ok() && document->IsObject();
}

// EventBridge Scheduler writes the detail as text ("AWS Scheduler User Guide", "Templated targets").
Json ReadDetail(const Json& place, const std::string& source) {
  if (source != kSchedulerSource || !HoldsObject(place)) return place;
  return Json::Parse(place.StringOr("")).value();
}

Error DetailAsText() {
  return Error{ErrorCode::kInvalidInput,
               "detail: expected an object, found a text that holds JSON, as an input transformer makes it",
               "let the rule pass the event on as it is (matched event)"};
}

Event EmptySchedule(const Json& document) {
  Event event;
  event.source = kSchedulerSource;
  event.detail_type = kScheduledDetailType;
  event.detail = document;
  return event;
}

Event ReadEventBridge(const Json& document, const BareForms& forms, JsonFields& fields) {
  Event event;
  event.version = fields.Text(document["version"]);
  event.id = fields.Text(document["id"]);
  event.source = fields.Text(document["source"]);
  event.detail_type = fields.Text(document["detail-type"]);
  event.account = fields.Text(document["account"]);
  event.region = fields.Text(document["region"]);
  event.time = ReadTime(document["time"], fields);
  event.resources = ReadResources(document["resources"], fields);
  event.detail = ReadDetail(document["detail"], event.source);
  if (HoldsObject(event.detail)) fields.Fail(DetailAsText());
  if (!event.detail.IsObject()) fields.Expected(event.detail, "an object", event.detail.TypeName());
  FillFromDetail(event, forms, fields);
  // Nothing can be matched against an event that does not say what it is.
  if (event.source.empty()) fields.RequiredText(document["source"]);
  if (event.detail_type.empty()) fields.RequiredText(document["detail-type"]);
  return event;
}

Error NotAnEvent(const Json& document, const BareForms& forms) {
  const std::string path = document.Path();
  const std::string where = path.empty() ? "the document" : path;
  if (const auto foreign = ForeignDocument(document, forms)) {
    return path.empty() ? *foreign : foreign->In(path);
  }
  if (!document.IsObject()) {
    return Error{ErrorCode::kInvalidInput, where + ": expected an event, found " + std::string(document.TypeName()),
                 ""};
  }
  if (const auto retired = RetiredDocument(document))
    return Error{ErrorCode::kInvalidInput, where + ": " + *retired, ""};
  std::string bare;
  for (const BareForm& form : forms) bare += std::string(form.members) + ", ";
  return Error{ErrorCode::kInvalidInput,
               where + ": not an event: found none of `detail` (EventBridge), " + bare +
                   "`Records` (SQS or SNS to Lambda), `Type` with `Message` (SNS)",
               ""};
}

}  // namespace

DocumentKind Recognize(const Json& document, const BareForms& forms) {
  if (document["detail"].HasValue() || document["detail-type"].HasValue()) return DocumentKind::kEventBridge;
  if (document["Records"].HasValue()) return DocumentKind::kRecords;
  if (document["Type"].HasValue() && (document["Message"].HasValue() || document["TopicArn"].HasValue())) {
    return DocumentKind::kSnsMessage;
  }
  if (FormOf(document, forms) != nullptr) return DocumentKind::kBare;
  if (document["findings"].IsArray() || document["Findings"].IsArray()) return DocumentKind::kFindings;
  return document.IsObject() && document.Members().empty() ? DocumentKind::kEmpty : DocumentKind::kUnknown;
}

const BareForm* BatchedForm(const Json& object, const BareForms& forms) {
  const BareForm* form = object.IsObject() ? FormOf(object, forms) : nullptr;
  return form != nullptr && form->is_batched ? form : nullptr;
}

const BareForm* AnyBatchedForm(const BareForms& forms) {
  for (const BareForm& form : forms) {
    if (form.is_batched) return &form;
  }
  return nullptr;
}

CarriedEvents ReadCarried(const Json& document, const BareForms& forms) {
  CarriedEvents found;
  Json list;
  const BareForm* carries = nullptr;
  for (const BareForm& form : forms) {
    if (form.carried == nullptr || !list.IsMissing()) continue;
    list = form.carried(document);
    carries = &form;
  }
  found.rest = document;
  const Json::List objects = list.Elements();
  std::vector<Json> others;
  for (const Json& object : objects) {
    const BareForm* form = FormOf(object, forms);
    if (form == nullptr || form->is_batched || form->carried == nullptr) {
      others.push_back(object);
      continue;
    }
    JsonFields fields;
    Event event = form->read(object, fields);
    // Who delivered it: a finding of another account than the envelope's is not believed without more.
    if (const std::string account = fields.Text(document["account"]); !account.empty()) event.account = account;
    event.id = fields.Text(document["id"]);
    event.resources = ReadResources(document["resources"], fields);
    found.events.push_back(fields.status().ok() ? Result<Event>(std::move(event))
                                                : Result<Event>(fields.status().error()));
  }
  if (found.events.empty()) return found;
  if (others.empty()) {
    found.rest = Json();
  } else if (carries->left != nullptr) {
    found.rest = carries->left(document, others);
  }
  return found;
}

bool IsClock(const Event& event) {
  return event.detail_type == kScheduledDetailType && (event.source == kRuleSource || event.source == kSchedulerSource);
}

Result<Event> ReadEvent(const Json& document, const BareForms& forms) {
  JsonFields fields;
  Event event;
  switch (Recognize(document, forms)) {
    case DocumentKind::kEventBridge:
      event = ReadEventBridge(document, forms, fields);
      break;
    case DocumentKind::kBare:
      event = FormOf(document, forms)->read(document, fields);
      break;
    case DocumentKind::kEmpty:
      event = EmptySchedule(document);
      break;
    default:
      return NotAnEvent(document, forms);
  }
  if (!fields.status().ok()) return fields.status().error();
  const std::size_t bytes = document.ToText().size();
  if (bytes > bounds::kEventBytes) {
    return Error{
        ErrorCode::kTooLarge,
        "the event has " + std::to_string(bytes) + " bytes, over the bound of " + std::to_string(bounds::kEventBytes),
        ""};
  }
  return event;
}

}  // namespace sallyport

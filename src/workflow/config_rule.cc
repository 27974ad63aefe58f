// SPDX-License-Identifier: Apache-2.0
#include "workflow/config_rule.h"

#include "base/bounds.h"

namespace sallyport {
namespace {

constexpr std::string_view kToken = "resultToken";

bool IsInvocation(const Json& object) {
  return object["invokingEvent"].HasValue();
}

Json Without(std::string_view left_out, const Json& object) {
  JsonWriter out;
  out.BeginObject();
  for (const auto& [key, value] : object.Members()) {
    if (key != left_out) out.Key(key).Raw(value.ToText());
  }
  // What was JSON is JSON without a member; one that is larger than any event is refused when its size is looked at.
  return Json::Parse(out.EndObject().Take(), bounds::kInputFileBytes).value_or(Json());
}

Event ReadInvocation(const Json& object, JsonFields& fields) {
  Event event;
  event.source = "aws.config";
  event.detail_type = "AWS Config Rule Invocation";
  event.account = fields.Text(object["accountId"]);
  event.answer_token = Secret(fields.Text(object[kToken]));
  fields.RequiredText(object["invokingEvent"]);
  event.detail = Without(kToken, object);
  return event;
}

}  // namespace

BareForm ConfigRuleBareForm() {
  return {"`invokingEvent` (AWS Config rule)", IsInvocation, ReadInvocation, true};
}

}  // namespace sallyport

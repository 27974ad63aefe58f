// SPDX-License-Identifier: Apache-2.0
#include "workflow/config_rule.h"

#include "base/bounds.h"

namespace sallyport {
namespace {

constexpr std::string_view kToken = "resultToken";

// One of them is enough: an invocation that lacks another one fails as a rule of AWS Config, visibly, and what may be a
// result token is taken out of whatever else it stands in.
bool IsInvocation(const Json& object) {
  return object["invokingEvent"].HasValue() || object[kToken].HasValue() || object["configRuleArn"].HasValue();
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

// Members of another type are no error here: an event that nobody can read fails no invocation, and the rule has to
// fail visibly. The workflow says what is wrong (ReadConfigInvocation).
Event ReadInvocation(const Json& object, JsonFields&) {
  Event event;
  event.source = "aws.config";
  event.detail_type = "AWS Config Rule Invocation";
  event.account = object["accountId"].StringOr("");
  event.answer_token = Secret(object[kToken].StringOr(""));
  event.detail = Without(kToken, object);
  return event;
}

}  // namespace

BareForm ConfigRuleBareForm() {
  return {"`invokingEvent` (AWS Config rule)", IsInvocation, ReadInvocation, true};
}

}  // namespace sallyport

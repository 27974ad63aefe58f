// SPDX-License-Identifier: Apache-2.0
#include "workflow/security_hub.h"

#include "base/bounds.h"

namespace sallyport {
namespace {

// The members of an object but one, into an object that has begun.
void WriteAllBut(const Json& object, std::string_view left_out, JsonWriter& out) {
  for (const Json::Member& member : object.Members()) {
    if (member.key != left_out) out.Key(member.key).Raw(member.value.ToText());
  }
}

}  // namespace

Json FindingsOfHub(const Json& event) {
  return event["source"].StringOr("") == kSecurityHubSource ? event["detail"]["findings"] : Json();
}

Json HubEventWith(const Json& event, const std::vector<Json>& findings) {
  JsonWriter out;
  out.BeginObject();
  WriteAllBut(event, "detail", out);
  out.Key("detail").BeginObject();
  WriteAllBut(event["detail"], "findings", out);
  out.Key("findings").BeginArray();
  for (const Json& finding : findings) out.Raw(finding.ToText());
  out.EndArray().EndObject().EndObject();
  const auto made = Json::Parse(out.text(), bounds::kInputFileBytes);
  return made.ok() ? *made : event;
}

}  // namespace sallyport

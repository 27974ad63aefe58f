// SPDX-License-Identifier: Apache-2.0
#include "workflow/matter.h"

namespace sallyport {

void WriteMatter(JsonWriter& out, const Matter& matter) {
  out.BeginObject().Member("subject", matter.subject).Member("title", matter.title).Member("account", matter.account);
  out.Member("region", matter.region).Key("severity").Double(matter.severity).Member("sample", matter.sample);
  if (matter.time) out.Member("time", FormatTime(*matter.time));
  out.Member("links", matter.links).Member("foundBy", matter.service).EndObject();
}

Matter MatterFromJson(const Json& json) {
  Matter matter;
  matter.service = json["foundBy"].StringOr(kServiceOfOldRecords);
  matter.subject = json["subject"].StringOr("");
  matter.title = json["title"].StringOr("");
  matter.account = json["account"].StringOr("");
  matter.region = json["region"].StringOr("");
  matter.severity = json["severity"].DoubleOr(0);
  matter.sample = json["sample"].BoolOr(false);
  matter.time = ParseTime(json["time"].StringOr(""));
  for (const Json& link : json["links"].Elements()) matter.links.push_back(link.StringOr(""));
  return matter;
}

Status CheckFormat(const Json& format, std::int64_t known, std::string_view what) {
  const auto number = format.HasValue() ? format.AsInt64() : Result<std::int64_t>(1);
  if (!number.ok()) return number.error();
  if (*number >= 1 && *number <= known) return Ok();
  return Error{ErrorCode::kInvalidInput,
               std::string(what) + " in format " + std::to_string(*number) + "; this release reads 1 to " +
                   std::to_string(known),
               "use the release that wrote it, or a newer one"};
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/matter.h"

namespace sallyport {
namespace {

// Until others came it was always this, and records of format 1 need not say it.
constexpr std::string_view kServiceOfFormat1 = "GuardDuty";

}  // namespace

void WriteMatter(JsonWriter& out, const Matter& matter) {
  out.BeginObject().Member("subject", matter.subject).Member("title", matter.title).Member("account", matter.account);
  out.Member("region", matter.region).Key("severity").Double(matter.severity).Member("sample", matter.sample);
  if (matter.time) out.Member("time", FormatTime(*matter.time));
  WriteLinks(out, matter.links);
  out.Member("found_by", matter.service).EndObject();
}

Result<Matter> MatterFromJson(const Json& json, std::int64_t format) {
  Matter matter;
  matter.service = json["found_by"].StringOr(format == 1 ? kServiceOfFormat1 : "");
  if (matter.service.empty()) {
    return Error{ErrorCode::kInvalidInput, json["found_by"].Path() + ": it must say whose event this is about", ""};
  }
  matter.subject = json["subject"].StringOr("");
  matter.title = json["title"].StringOr("");
  matter.account = json["account"].StringOr("");
  matter.region = json["region"].StringOr("");
  matter.severity = json["severity"].DoubleOr(0);
  matter.sample = json["sample"].BoolOr(false);
  matter.time = ParseTime(json["time"].StringOr(""));
  matter.links = LinksFromJson(json["links"]);
  return matter;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "event/event_json.h"

#include "base/digest.h"

namespace sallyport {

std::string EventToJson(const Event& event) {
  JsonWriter out;
  out.BeginObject().Member("version", "0").Member("id", event.id).Member("detail-type", event.detail_type);
  out.Member("source", event.source).Member("account", event.account).Member("region", event.region);
  if (event.time) out.Member("time", FormatTime(*event.time));
  return out.Key("detail").Raw(event.detail.ToText()).EndObject().Take();
}

std::string ContentSha256(const Event& event) {
  JsonWriter out;
  out.BeginArray().String(event.source).String(event.account).String(event.region).String(event.detail_type);
  return Sha256Hex(out.Raw(event.detail.ToText()).EndArray().Take());
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "event/event_json.h"

#include "base/digest.h"

namespace sallyport {

std::string EventToJson(const Event& event) {
  JsonWriter out;
  out.BeginObject().Member("version", event.version.empty() ? "0" : event.version).Member("id", event.id);
  out.Member("detail-type", event.detail_type);
  out.Member("source", event.source).Member("account", event.account).Member("region", event.region);
  if (event.time) out.Member("time", FormatTime(*event.time));
  out.Member("resources", event.resources);
  return out.Key("detail").Raw(event.detail.ToText()).EndObject().Take();
}

std::string ContentSha256(const Event& event) {
  JsonWriter out;
  out.BeginArray().String(event.source).String(event.account).String(event.region).String(event.detail_type);
  out.Raw(event.detail.ToText());
  // Only where they are there: the digests of records from before they were read stay what they are.
  if (!event.resources.empty()) {
    out.BeginArray();
    for (const std::string& resource : event.resources) out.String(resource);
    out.EndArray();
  }
  // A schedule says in its envelope alone which time of its it is.
  const bool detail_is_empty = event.detail.Members().empty();
  if (detail_is_empty && event.time) out.String(FormatTime(*event.time));
  return Sha256Hex(out.EndArray().Take());
}

}  // namespace sallyport

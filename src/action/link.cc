// SPDX-License-Identifier: Apache-2.0
#include "action/link.h"

namespace sallyport {
namespace {

constexpr std::string_view kUnknownLabel = "Open";

}  // namespace

void WriteLinks(JsonWriter& out, const std::vector<Link>& links) {
  out.Key("links").BeginArray();
  for (const Link& link : links) {
    out.BeginObject().Member("label", link.label).Member("url", link.url).EndObject();
  }
  out.EndArray();
}

std::vector<Link> LinksFromJson(const Json& json) {
  std::vector<Link> links;
  for (const Json& element : json.Elements()) {
    if (element.IsString()) {
      links.push_back({std::string(kUnknownLabel), element.StringOr("")});
    } else {
      links.push_back({element["label"].StringOr(kUnknownLabel), element["url"].StringOr("")});
    }
  }
  return links;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// An address that people can open, and what stands behind it.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace sallyport {

struct Link {
  std::string label;  // for people: "Finding", "Instance"; whoever makes the link knows what it leads to
  std::string url;
  bool operator==(const Link&) const = default;
};

// The member `links` of an object that is open.
void WriteLinks(JsonWriter& out, const std::vector<Link>& links);
// Its value. An address alone, as older formats have it, is one to "Open".
std::vector<Link> LinksFromJson(const Json& json);

}  // namespace sallyport

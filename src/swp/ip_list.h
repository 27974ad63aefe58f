// SPDX-License-Identifier: Apache-2.0
//
// IP lists of SWP: named lists of addresses, networks and ranges, as firewall and intrusion prevention rules use them.
// Source: Workload Security API 50.0.827, schema `ipList`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace sallyport::swp {

struct IpList {
  std::int64_t id = 0;
  std::string name;
  // "198.51.100.7", "203.0.113.0/24", "203.0.113.0/255.255.255.0", "192.0.2.2 - 192.0.2.9", and the like of IPv6, as
  // they were typed.
  std::vector<std::string> items;
  bool operator==(const IpList&) const = default;
};
// kBadAnswer when it has no id, no name or no items that are texts: half of a list is none.
Result<IpList> ReadIpList(const Json& json);

}  // namespace sallyport::swp

// SPDX-License-Identifier: Apache-2.0
//
// A web ACL as WAFv2 answers it (GetWebACL), read for the map. Pure. Source: contract aws-api, section 6, wafv2.
#pragma once

#include <string>

#include "base/json.h"
#include "edge/estate.h"

namespace sallyport::edge {

// Name, id, capacity, rules and owner of `web_acl` (member WebACL of the answer). What cannot be understood of a rule
// makes it one that counts: it is not said to protect.
void TakeWebAcl(const Json& web_acl, WebAcl& acl);

// What tags say of who made it: "CloudFormation stack shop", "Terraform"; empty: nothing.
std::string MadeBy(const std::vector<std::pair<std::string, std::string>>& tags);

// Who may come by a range of addresses: kOpen for one that is a large part of the internet, kNamed for a smaller public
// one, kClosed for private ones. kUnread for what is no range.
Openness OpennessOf(std::string_view cidr);

}  // namespace sallyport::edge

// SPDX-License-Identifier: Apache-2.0
//
// Pages of the AWS console, in their partition. The address of each is empty when a part of it is not known to be what
// it should be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/host.h"
#include "action/link.h"

namespace sallyport {

// "console.aws.amazon.com"
std::string_view ConsoleDomain(std::string_view partition);
// A page of a service about one finding: `page` is what stands behind the region, the id at its end. `id` is
// hexadecimal with dashes, as those of GuardDuty and Macie are.
Link FindingPage(std::string_view partition, std::string_view service, const std::string& region, std::string_view page,
                 const std::string& id);
Link InstanceLink(std::string_view partition, const Host& host);

// Adds the link unless its address is empty.
void AddLink(std::vector<Link>& links, Link link);

}  // namespace sallyport

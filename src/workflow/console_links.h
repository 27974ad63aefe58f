// SPDX-License-Identifier: Apache-2.0
//
// Pages of the AWS console, in their partition. Each is empty when a part of it is not known to be what it should be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/host.h"

namespace sallyport {

// "console.aws.amazon.com"
std::string_view ConsoleDomain(std::string_view partition);
std::string InstanceLink(std::string_view partition, const Host& host);

// Adds the link unless it is empty.
void AddLink(std::vector<std::string>& links, std::string link);

}  // namespace sallyport

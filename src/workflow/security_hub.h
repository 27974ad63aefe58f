// SPDX-License-Identifier: Apache-2.0
//
// Security Hub's event: it carries findings of other services, several in one. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.h"

namespace sallyport {

inline constexpr std::string_view kSecurityHubSource = "aws.securityhub";
inline constexpr std::string_view kSecurityHubDetailType = "Security Hub Findings - Imported";

// BareForm::carried and BareForm::left of the forms that such findings have.
Json FindingsOfHub(const Json& event);
Json HubEventWith(const Json& event, const std::vector<Json>& findings);

}  // namespace sallyport

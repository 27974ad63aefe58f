// SPDX-License-Identifier: Apache-2.0
//
// What the IAM files share. A role's record has beside the wire's members: `inline` (name -> document text),
// `attached` (policy ARNs), `allow` and `deny` (what the simulator lets its sessions call).
#pragma once

#include "sim/aws/services.h"

namespace sallyport::aws_sim {

inline constexpr PageRule kIamPages{.token_in = "Marker",
                                    .token_out = "Marker",
                                    .size_in = "MaxItems",
                                    .more = "IsTruncated",
                                    .bad_token = "ValidationError"};

Failure NoSuchEntity(std::string_view kind, const std::string& name);
// Policy documents travel percent-encoded (RFC 3986).
std::string EncodedDocument(std::string_view document);
// GetRole's form; ListRoles leaves more out.
json::object ShowRole(const json::object& role);
json::object ShowProfile(Account& account, const json::object& profile);
// The customer's policy in that account or one of AWS's own; null when there is none.
const json::object* FindPolicy(World& world, Account& account, const std::string& arn);
json::array AttachedPolicies(const std::vector<std::string>& arns);
Records ProfilesOfRole(Account& account, const std::string& role_name);

// iam_details.cc
Answer GetAccountAuthorizationDetails(World& world, const Call& call);
// iam_simulate.cc
Answer SimulatePrincipalPolicy(World& world, const Call& call);

}  // namespace sallyport::aws_sim

// SPDX-License-Identifier: Apache-2.0
//
// What no policy can allow: what AWS keeps to itself in every account, and what is for the owner's account alone.
#pragma once

#include "policy/evaluate.h"

namespace sallyport::policy {

// Whether `request` would change a managed policy of AWS, a role of AWS (`role/aws-reserved/...`, made by IAM Identity
// Center), or an alias `alias/aws/...` of KMS.
bool IsReservedForAws(const RequestView& request);
// Whether `request` is for principals of the resource's own account only, and the caller is none: the calls about a
// bucket's policy, and what a KMS key does not let other accounts do.
bool IsForOwnerOnly(const RequestView& request);

}  // namespace sallyport::policy

// SPDX-License-Identifier: Apache-2.0
//
// What AWS keeps to itself in every account: no policy can give the right to change it.
#pragma once

#include "policy/evaluate.h"

namespace sallyport::policy {

// Whether `request` would change a managed policy of AWS, a role of AWS (`role/aws-reserved/...`, made by IAM Identity
// Center), or an alias `alias/aws/...` of KMS.
bool IsReservedForAws(const RequestView& request);

}  // namespace sallyport::policy

// SPDX-License-Identifier: Apache-2.0
//
// Whether S3 calls a bucket policy public. Source: S3 User Guide, "Blocking public access to your Amazon S3 storage",
// section "The meaning of public".
#pragma once

#include "policy/document.h"
#include "policy/tri.h"

namespace sallyport::policy {

// True when one Allow statement is for everyone and no condition fixes who or from where. Unknown when that hangs on
// stars in aws:PrincipalOrgPaths, of which the page does not speak.
Tri IsPublic(const Document& bucket_policy);

}  // namespace sallyport::policy

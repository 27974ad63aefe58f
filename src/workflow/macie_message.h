// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "action/notify_owner.h"
#include "workflow/macie_finding.h"
#include "workflow/macie_hosts.h"
#include "workflow/owner.h"
#include "workflow/plan.h"

namespace sallyport {

// "SensitiveData:S3Object/Personal about bucket `example-customers`": how plans and messages call it.
std::string MacieTitle(const MacieFinding& finding);

// What the owner of an unprotected host is told, with the bucket as the reason. Nothing of what is in the objects.
// Pure.
NotifyOwner MacieOwnerMessage(const MacieFinding& finding, const ExposedHost& exposed, const HostDecision& decision,
                              const OwnerSettings& settings);

// The AWS console page of a finding, in its partition; empty when the region is not known or the id is no plain one.
Link MacieLink(const MacieFinding& finding);

}  // namespace sallyport

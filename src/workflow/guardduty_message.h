// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "action/notify_owner.h"
#include "workflow/guardduty_finding.h"
#include "workflow/owner.h"
#include "workflow/plan.h"

namespace sallyport {

// What the owner of an unprotected host is told: why now, the protection state with its reason, what to do. Pure.
// Titles and descriptions of findings are not copied: they are written by an attacker's actions, and the link has them.
NotifyOwner OwnerMessage(const GuardDutyFinding& finding, const HostDecision& decision, const OwnerSettings& settings);

// The AWS console page of a finding, in its partition; empty when the region is not known.
Link FindingLink(const GuardDutyFinding& finding);

}  // namespace sallyport

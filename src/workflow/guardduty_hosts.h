// SPDX-License-Identifier: Apache-2.0
//
// Which EC2 hosts a GuardDuty finding names, and if none, why. A part of ReadGuardDutyFinding().
//
// `resource.resourceType` decides, not which details are there: findings about S3, access keys and databases carry the
// `instanceDetails` of whoever called, and sample findings carry all details at once. Text is never searched for ids.
#pragma once

#include "base/json.h"
#include "base/json_fields.h"
#include "workflow/guardduty_finding.h"

namespace sallyport {

// Fills resource_type, hosts, beyond_hosts and no_host_reason, and adds to notes. type, account and region are read
// already. Errors go to `fields`.
void ReadResources(const Json& detail, JsonFields& fields, GuardDutyFinding& finding);

// The account or region at `place`, checked for its form; `fallback` when it is not there. An account id of another
// length than twelve digits passes.
std::string ReadAccount(const Json& place, const std::string& fallback, JsonFields& fields);
std::string ReadRegion(const Json& place, const std::string& fallback, JsonFields& fields);

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// The chapters of `sallyport demo`. Each says whether it came out as meant.
#pragma once

#include "app/demo_world.h"

namespace sallyport {

// GuardDuty: from findings to scans, their ends, the rules that they recommend, and the proof that these are in effect.
bool DemoFindings(DemoWorld& world, bool verbose);
// Macie: which hosts can reach a bucket is read from AWS, and they are scanned in waves.
bool DemoBuckets(DemoWorld& world, bool verbose);
// WAF: which hosts stand behind an enforcing web ACL.
bool DemoWaf(DemoWorld& world, bool verbose);
// Rules for an SWP policy that many hosts share are held until an operator approves.
bool DemoApproval(DemoWorld& world, bool verbose);
// Inspector: findings that come together, one answer.
bool DemoPatches(DemoWorld& world, bool verbose);
// AWS Config: verdicts for auditors.
bool DemoConfig(DemoWorld& world, bool verbose);

}  // namespace sallyport

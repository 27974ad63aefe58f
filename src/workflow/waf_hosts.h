// SPDX-License-Identifier: Apache-2.0
//
// For actions on web ACLs and on what they use: every host behind them, as a stored run knows it.
#pragma once

#include <string>
#include <vector>

#include "action/host.h"
#include "edge/estate.h"
#include "edge/run.h"

namespace sallyport {

// The same host in the estate that the run was made of; nullptr: it is not there.
const edge::Host* FindHostOf(const edge::Estate& estate, const edge::RunHost& host);

// Hosts with a way through one of the web ACLs (ARNs), with their tags where `estate` (nullptr: none) has them. Sets
// `unknown`, with why, when they are not all known or are too many to be named; then `hosts` may be a part of them.
void AddHostsBehind(const edge::Run& run, const edge::Estate* estate, const std::vector<std::string>& acls,
                    std::vector<Host>& hosts, std::string& unknown);

// "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/0123": its six parts; fewer when it is none.
std::vector<std::string> PartsOfArn(const std::string& arn);

}  // namespace sallyport

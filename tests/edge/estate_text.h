// SPDX-License-Identifier: Apache-2.0
//
// For tests: estates as short text, and what the map says of them as short text.
//
//   acl NAME enforce|count [edge] [cap=N] [has=VENDOR/GROUP:enforce|count] [on=BALANCER,...] [fms] [code=TEXT]
//   [unread=WHY] [nolog] dist ID [acl=NAME|classic|ARN] [origins=NAME,...] [alias=NAME] [off] [tenants]
//   alb|nlb|gwlb|clb NAME [internal] [closed|cloudfront|named|unread] [header|noheader|header-unread] [hosts=ID,...]
//   group NAME instance|ip|lambda|alb [lb=NAME,...] [targets=ID,...] [vpc=VPC] [unread=WHY]
//   host ID [vpc=VPC] [ip=A] [public=A] [closed] [port=N] [windows] [classes=CLASS*RULES,...] [owner=NAME]
//   task [ip=A] [on=ID] [service=NAME]
//   eni ip=A vpc=VPC TEXT
//   vpcorigin ID TARGET
//   offer VENDOR/GROUP [WCU] [edge]
//   gap PART [region=R] WHY
//
// Every line may have account=A and region=R; without them 111122223333 and us-east-1. A balancer lets in the internet
// and has no header check unless it says otherwise. Underscores of WHY and TEXT stand for spaces.
#pragma once

#include <string>
#include <string_view>

#include "edge/candidates.h"
#include "edge/estate.h"
#include "edge/map.h"

namespace sallyport::edge {

// Stops the program where a line is no such line: the estates are the tests' own.
Estate EstateFromText(std::string_view text);

// A line for each host with its state, its ways below it; then breaks, notes and candidates.
std::string TextOfMap(const Estate& estate, const Map& map, const std::vector<Candidate>& candidates);

}  // namespace sallyport::edge

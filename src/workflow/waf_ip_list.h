// SPDX-License-Identifier: Apache-2.0
//
// `sallyport waf ip-list`: what has to be added to and removed from IP sets of WAF so that they have what an IP list of
// SWP has. Decides; `update-ip-set` carries it out.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "edge/reads.h"
#include "edge/run.h"
#include "workflow/plan.h"
#include "workflow/workflow.h"

namespace sallyport {

struct IpListAsk {
  std::string list;  // name of SWP's IP list; empty: nothing is asked
  // Where the sets are. Account and region may be empty: our own. Of scope CLOUDFRONT the region does not count.
  std::string account;
  std::string region;
  std::string scope;  // REGIONAL, CLOUDFRONT
  std::string v4;     // names of the sets; one of the two may be empty
  std::string v6;
};
// Of the command's event (app/waf.h). kInvalidInput: a member is missing.
Result<IpListAsk> ReadIpListAsk(const Json& detail);

struct IpListFacts {
  Result<edge::IpListNow> list = Error{};
  std::optional<Result<edge::IpSetNow>> v4;  // nothing: not asked for
  std::optional<Result<edge::IpSetNow>> v6;
};
IpListFacts GatherIpList(const IpListAsk& ask, Sources& sources);

// `run`: the newest map, which says which hosts stand behind web ACLs that use a set; nothing, and `run_unread` says
// why: not known. Nothing is planned when the list or a set that was asked for could not be read.
void DecideIpList(const IpListAsk& ask, const IpListFacts& facts, const std::optional<edge::Run>& run,
                  const std::string& run_unread, TimePoint now, Plan& plan);

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// sallyport waf: the map from the edge to the host.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/commands.h"

namespace sallyport {

struct WafArguments {
  bool now = false;  // sweep first
  bool json = false;
  bool csv = false;
  std::string html;    // a file to write; empty: none
  std::string state;   // only hosts of that state
  std::string filter;  // only hosts that have this text somewhere
  int limit = 50;      // hosts that are shown as text; 0: all
  bool patch = false;  // what to change by code, for candidates that are not written
  std::string revert;  // ARN of a web ACL that `group` is taken out of again
  std::string group;   // VENDOR/NAME
};
ExitCode WafCommand(const CommonArguments& common, const WafArguments& arguments);

// An IP list of SWP to IP sets of WAFv2.
struct IpListArguments {
  std::string list;
  std::string v4;  // names of IP sets
  std::string v6;
  std::string account;      // empty: our own
  std::string region;       // empty: our own
  bool cloudfront = false;  // scope CLOUDFRONT
  bool dry_run = false;
  bool json = false;
};
ExitCode IpListCommand(const CommonArguments& common, const IpListArguments& arguments);

}  // namespace sallyport

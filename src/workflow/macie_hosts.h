// SPDX-License-Identifier: Apache-2.0
//
// From the answers who can reach the buckets of a finding to the hosts to look at. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "action/host.h"
#include "base/result.h"
#include "reach/answer.h"
#include "workflow/macie_finding.h"

namespace sallyport {

// An EC2 instance that can, or may, reach a bucket of the finding.
struct ExposedHost {
  Host host;
  std::string state;              // of EC2: "running", "stopped", ...; empty: not known
  bool certain = false;           // allowed; otherwise allowed under conditions
  std::vector<std::string> ways;  // "role `web` can s3:GetObject on `example-customers`, by inline policy `read`: #1"
  std::string found_in;           // "instance profile `web-profile` of role `web`"
};

struct Exposure {
  std::vector<ExposedHost> hosts;   // those that are certain first; each once
  std::vector<std::string> listed;  // who else: roles without a host, consumers that are no EC2 hosts, outsiders
  std::vector<std::string> gaps;    // what could not be read or decided
  bool nothing_known = false;       // no bucket could be asked about
};

// `answers`: one for each bucket of the finding, in their order.
Exposure ExposureOf(const MacieFinding& finding, const std::vector<Result<reach::Answer>>& answers);

}  // namespace sallyport

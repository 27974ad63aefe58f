// SPDX-License-Identifier: Apache-2.0
//
// A computer with what compliance looks at besides its protection. Pure data.
// Source: Workload Security API 50.0.827, schema `computer`.
#pragma once

#include <optional>

#include "base/time.h"
#include "swp/computer.h"

namespace sallyport::swp {

struct FleetComputer {
  Computer computer;
  // When a policy was sent to the agent last, whether it arrived or not; nothing: never. Whether it can be read is in
  // Computer::damaged (`lastSendPolicyRequest`).
  std::optional<TimePoint> policy_requested{};
  bool operator==(const FleetComputer&) const = default;
};

// Where a record of an instance comes from: a connector to its AWS account, or the agent itself, in an account without
// one (edge case X4).
enum class RecordKind { kOfConnector, kReported };

}  // namespace sallyport::swp

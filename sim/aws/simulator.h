// SPDX-License-Identifier: Apache-2.0
//
// The simulated AWS: one address on loopback that answers for every service, account and region. Which service and
// region a call is for stands in the credential scope of its signature.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/aws/world.h"
#include "sim/sim_clock.h"

namespace sallyport::aws_sim {

struct SimulatorOptions {
  int port = 0;                // 0: any free one
  std::size_t page_limit = 0;  // no page is larger; 0: as the services have it
  Duration latency{0};         // every call takes at least so long
  std::vector<RateLimit> limits;
  sim::SimClock* clock = nullptr;  // outlives the simulator
};

class Simulator {
 public:
  // Listening when this returns. kUnavailable: the port is taken.
  static Result<std::unique_ptr<Simulator>> Start(World world, const SimulatorOptions& options);
  virtual ~Simulator() = default;

  virtual std::string url() const = 0;  // http://127.0.0.1:4566
};

}  // namespace sallyport::aws_sim

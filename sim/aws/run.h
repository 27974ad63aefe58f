// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sallyport::aws_sim {

// The aws_simulator command: serves until SIGINT or SIGTERM. 0, 1 (could not start) or 2 (usage).
int RunAwsSimulator(int argc, const char* const* argv);

}  // namespace sallyport::aws_sim

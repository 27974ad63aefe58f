// SPDX-License-Identifier: Apache-2.0
//
// lambda_simulator: feeds event files to a custom runtime, as Lambda would, and says how each ended.
#pragma once

namespace sallyport::sim {

// Returns the exit code of the program: 0, 1 for a problem of its own, 2 for wrong arguments.
int RunLambdaSimulator(int argc, char** argv);

}  // namespace sallyport::sim

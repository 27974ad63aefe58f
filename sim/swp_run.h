// SPDX-License-Identifier: Apache-2.0
//
// The simulator as a command, for swp_simulator and for other programs that offer it as a subcommand.
#pragma once

namespace sallyport::sim {

// Reads the command line (`argv[0]` is the command's name), prints one line of JSON with the URL when it listens, and
// runs until SIGINT or SIGTERM. The exit code: 0, 2 for a wrong command line, 1 when it cannot start.
int RunSwpSimulator(int argc, const char* const* argv);

}  // namespace sallyport::sim

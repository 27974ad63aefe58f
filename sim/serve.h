// SPDX-License-Identifier: Apache-2.0
//
// A simulator as a command: what the programs of all simulators do alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "sim/sim_clock.h"

namespace sallyport::sim {

// The options that every simulator has.
struct ServeArguments {
  int port = 0;             // on 127.0.0.1; 0 = any free one
  std::string estate_file;  // empty: the demonstration estate
  int generate = 0;         // make up so much instead; 0 = do not
  std::uint64_t seed = 1;
  double speed = 1;  // simulated seconds per second; 0 = only /_sim/advance moves time
};

// An option of one simulator. It is data, so that the library that reads command lines is compiled once (serve.cc).
struct ServeOption {
  struct Range {
    std::int64_t least = 0;
    std::int64_t most = 0;
  };

  std::string_view name;  // `--page-limit`
  // Where its value goes; has to live until Serve() returns. A bool is a flag.
  std::variant<int*, std::int64_t*, std::size_t*, std::string*, bool*> into;
  std::string_view about;
  std::optional<Range> range = {};       // of a number
  std::vector<std::string> one_of = {};  // all values that it may have; empty: any
  std::string_view needs = {};           // an option that has to be given with it
};

struct Served {
  std::string url;
  std::shared_ptr<void> server;  // serves until it is let go
};

struct ServeCommand {
  std::string_view name;  // `swp_simulator`
  std::string_view about;
  std::string_view generated;        // what --generate makes up: "computers"
  std::vector<ServeOption> options;  // the simulator's own
  // Called once, with everything read; the clock outlives the server.
  std::function<Result<Served>(const ServeArguments&, SimClock&)> start;
};

// Reads the command line (`argv[0]` is the command's name), prints {"url": ..., "pid": ...} as one line when it
// listens, and serves until SIGINT or SIGTERM. The exit code: 0, 2 for a wrong command line, 1 when it cannot start.
// Made for the main thread before there are others, since they inherit that the signals are blocked.
int Serve(int argc, const char* const* argv, const ServeCommand& command);

// The bytes of an estate file. kNotFound, kTooLarge.
Result<std::string> ReadEstateFile(const std::string& path);

// For a `main`: what still escapes ends the program with a line and not with a signal.
template <class Run>
int Guarded(const char* name, Run run) {
  try {
    return run();
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "%s: %s\n", name, failed.what());
    return 1;
  }
}

}  // namespace sallyport::sim

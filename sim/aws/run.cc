// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/run.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "sim/aws/buckets.h"
#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "sim/serve.h"

namespace sallyport::aws_sim {
namespace {

struct Arguments {
  SimulatorOptions options;
  std::string estate_file;
  std::string limits = "estate";
  std::int64_t latency_ms = 0;
  double speed = 1;
  GenerateOptions generate{1, 0};
};

void Define(CLI::App& app, Arguments& arguments) {
  app.add_option("--port", arguments.options.port, "port on 127.0.0.1; 0 = any free one")->check(CLI::Range(0, 65535));
  app.add_option("--estate", arguments.estate_file, "estate file; without it the demonstration estate");
  app.add_option("--generate", arguments.generate.hosts, "make up so many hosts instead")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", arguments.generate.seed, "of --generate");
  app.add_option("--speed", arguments.speed, "simulated seconds per second; 0 = only /_sim/advance moves time")
      ->check(CLI::Range(0.0, 1e6));
  app.add_option("--page-limit", arguments.options.page_limit, "no page of an answer is larger; 0 = as the services");
  app.add_option("--latency-ms", arguments.latency_ms, "every call takes at least so long")
      ->check(CLI::Range(0, 600'000));
  app.add_option("--limits", arguments.limits, "rates: none, estate (those of the file), documented (those of AWS)")
      ->check(CLI::IsMember({"none", "estate", "documented"}));
}

Result<World> WorldOf(const Arguments& arguments) {
  if (arguments.generate.hosts > 0) return GenerateAwsWorld(arguments.generate);
  if (arguments.estate_file.empty()) return DemoAwsEstate();
  return ReadAwsEstateFile(arguments.estate_file);
}

int Complain(const Error& error) {
  std::cerr << "aws_simulator: " << error.ToText() << '\n';
  return 1;
}

std::vector<RateLimit> LimitsOf(const Arguments& arguments, const World& world) {
  if (arguments.limits == "none") return {};
  return arguments.limits == "documented" ? DocumentedLimits() : world.limits;
}

int Run(Arguments& arguments) {
  auto world = WorldOf(arguments);
  if (!world) return Complain(world.error());
  const sim::EndingSignals ending;
  SystemClock real;
  sim::SimClock clock(real.Now(), arguments.speed, real);
  arguments.options.clock = &clock;
  arguments.options.latency = Duration(arguments.latency_ms);
  arguments.options.limits = LimitsOf(arguments, *world);
  auto simulator = Simulator::Start(std::move(world).value(), arguments.options);
  if (!simulator) return Complain(simulator.error());
  sim::SayReady((*simulator)->url());
  ending.Wait();
  return 0;
}

}  // namespace

int RunAwsSimulator(int argc, const char* const* argv) {
  CLI::App app("A simulated AWS on 127.0.0.1.");
  Arguments arguments;
  try {
    Define(app, arguments);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  } catch (const std::exception& failed) {
    return Complain({ErrorCode::kInternal, failed.what(), ""});
  }
  return Run(arguments);
}

}  // namespace sallyport::aws_sim

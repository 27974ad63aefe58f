// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/run.h"

#include "sim/aws/buckets.h"
#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "sim/serve.h"

namespace sallyport::aws_sim {
namespace {

struct AwsArguments {
  SimulatorOptions options;
  std::string limits = "estate";
  std::int64_t latency_ms = 0;
  bool in_one_place = false;
};

std::vector<sim::ServeOption> Options(AwsArguments& arguments) {
  return {
      {"--page-limit", &arguments.options.page_limit, "no page of an answer is larger; 0 = as the services"},
      {.name = "--latency-ms",
       .into = &arguments.latency_ms,
       .about = "every call takes at least so long",
       .range = sim::ServeOption::Range{.least = 0, .most = 600'000}},
      {.name = "--limits",
       .into = &arguments.limits,
       .about = "rates: none, estate (those of the file), documented (those of AWS)",
       .one_of = {"none", "estate", "documented"}},
      {"--in-one-place", &arguments.in_one_place, "with --generate: all hosts in one account and region"},
  };
}

Result<World> WorldOf(const sim::ServeArguments& common, bool in_one_place) {
  if (common.generate > 0) return GenerateAwsWorld({common.seed, common.generate, in_one_place});
  if (common.estate_file.empty()) return DemoAwsEstate();
  return ReadAwsEstateFile(common.estate_file);
}

std::vector<RateLimit> LimitsOf(const AwsArguments& arguments, const World& world) {
  if (arguments.limits == "none") return {};
  return arguments.limits == "documented" ? DocumentedLimits() : world.limits;
}

Result<sim::Served> StartSimulator(const sim::ServeArguments& common, sim::SimClock& clock,
                                   const AwsArguments& arguments) {
  auto world = WorldOf(common, arguments.in_one_place);
  if (!world) return world.error();
  SimulatorOptions options = arguments.options;
  options.port = common.port;
  options.clock = &clock;
  options.latency = Duration(arguments.latency_ms);
  options.limits = LimitsOf(arguments, *world);
  auto simulator = Simulator::Start(std::move(world).value(), options);
  if (!simulator) return simulator.error();
  const std::string url = (*simulator)->url();
  return sim::Served{url, std::move(simulator).value()};
}

}  // namespace

int RunAwsSimulator(int argc, const char* const* argv) {
  AwsArguments arguments;
  return sim::Serve(argc, argv,
                    {.name = "aws_simulator",
                     .about = "A simulated AWS on 127.0.0.1.",
                     .generated = "hosts",
                     .options = Options(arguments),
                     .start = [&](const sim::ServeArguments& common, sim::SimClock& clock) {
                       return StartSimulator(common, clock, arguments);
                     }});
}

}  // namespace sallyport::aws_sim

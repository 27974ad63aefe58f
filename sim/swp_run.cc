// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_run.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "sim/serve.h"
#include "sim/swp_manager.h"

namespace sallyport::sim {
namespace {

struct Arguments {
  SwpManagerOptions options;
  std::string estate_file;
  double speed = 1;
  std::string scan_duration = "30s";
  bool no_auto_delete = false;
  int generate = 0;
  std::uint64_t seed = 1;
};

void Define(CLI::App& app, Arguments& arguments) {
  app.add_option("--port", arguments.options.port, "port on 127.0.0.1; 0 = any free one")->check(CLI::Range(0, 65535));
  app.add_option("--estate", arguments.estate_file, "estate file; without it the demonstration estate");
  app.add_option("--generate", arguments.generate, "make up so many computers instead")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", arguments.seed, "of --generate");
  app.add_option("--speed", arguments.speed, "simulated seconds per second; 0 = only /_sim/advance moves time")
      ->check(CLI::Range(0.0, 1e6));
  app.add_option("--scan-duration", arguments.scan_duration, "how long a scan takes, simulated: 30s, 10m, 2h");
  app.add_option("--rate-limit", arguments.options.calls_per_minute_and_key, "calls per minute and key; 0 = no limit")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--tenant-rate-limit", arguments.options.calls_per_minute_and_tenant, "calls per minute of all keys")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--retry-after", arguments.options.send_retry_after, "send Retry-After with 429");
  app.add_flag("--no-auto-delete", arguments.no_auto_delete, "keep run-once tasks after their run");
  app.add_option("--tls-cert", arguments.options.tls_cert, "PEM file; with --tls-key the manager speaks HTTPS");
  app.add_option("--tls-key", arguments.options.tls_key, "PEM file");
  app.get_option("--tls-cert")->needs("--tls-key");
  app.get_option("--tls-key")->needs("--tls-cert");
}

Result<SwpEstate> EstateOf(const Arguments& arguments) {
  if (arguments.generate > 0) return GenerateSwpEstate(arguments.seed, arguments.generate);
  if (arguments.estate_file.empty()) return DemoSwpEstate();
  return ReadSwpEstateFile(arguments.estate_file);
}

int Complain(const Error& error) {
  std::cerr << "swp_simulator: " << error.ToText() << '\n';
  return 1;
}

int Run(Arguments& arguments) {
  const auto scan_duration = ParseDuration(arguments.scan_duration);
  if (!scan_duration) {
    return Complain(
        {ErrorCode::kInvalidInput, "--scan-duration `" + arguments.scan_duration + "` is not a duration", ""});
  }
  auto estate = EstateOf(arguments);
  if (!estate) return Complain(estate.error());
  const EndingSignals ending;
  SystemClock real;
  SimClock clock(real.Now(), arguments.speed, real);
  arguments.options.clock = &clock;
  arguments.options.scan_duration = *scan_duration;
  arguments.options.auto_delete = !arguments.no_auto_delete;
  auto manager = SwpManager::Start(*estate, arguments.options);
  if (!manager) return Complain(manager.error());
  SayReady((*manager)->url());
  ending.Wait();
  return 0;
}

}  // namespace

int RunSwpSimulator(int argc, const char* const* argv) {
  CLI::App app("A simulated Server & Workload Protection manager on 127.0.0.1.");
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

}  // namespace sallyport::sim

// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_run.h"

#include <CLI/CLI.hpp>

#include "sim/serve.h"
#include "sim/swp_manager.h"

namespace sallyport::sim {
namespace {

struct SwpArguments {
  SwpManagerOptions options;
  std::string scan_duration = "30s";
  bool no_auto_delete = false;
};

void Define(CLI::App& app, SwpArguments& arguments) {
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

Result<SwpEstate> EstateOf(const ServeArguments& common) {
  if (common.generate > 0) return GenerateSwpEstate(common.seed, common.generate);
  if (common.estate_file.empty()) return DemoSwpEstate();
  return ReadSwpEstateFile(common.estate_file);
}

Result<Served> StartManager(const ServeArguments& common, SimClock& clock, const SwpArguments& arguments) {
  const auto scan_duration = ParseDuration(arguments.scan_duration);
  if (!scan_duration) {
    return Error{ErrorCode::kInvalidInput, "--scan-duration `" + arguments.scan_duration + "` is not a duration", ""};
  }
  const auto estate = EstateOf(common);
  if (!estate) return estate.error();
  SwpManagerOptions options = arguments.options;
  options.port = common.port;
  options.clock = &clock;
  options.scan_duration = *scan_duration;
  options.auto_delete = !arguments.no_auto_delete;
  auto manager = SwpManager::Start(*estate, options);
  if (!manager) return manager.error();
  const std::string url = (*manager)->url();
  return Served{url, std::move(manager).value()};
}

}  // namespace

int RunSwpSimulator(int argc, const char* const* argv) {
  SwpArguments arguments;
  return Serve(
      argc, argv,
      {.name = "swp_simulator",
       .about = "A simulated Server & Workload Protection manager on 127.0.0.1.",
       .generated = "computers",
       .define = [&](CLI::App& app) { Define(app, arguments); },
       .start = [&](const ServeArguments& common, SimClock& clock) { return StartManager(common, clock, arguments); }});
}

}  // namespace sallyport::sim

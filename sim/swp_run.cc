// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_run.h"

#include <limits>

#include "sim/serve.h"
#include "sim/swp_manager.h"

namespace sallyport::sim {
namespace {

struct SwpArguments {
  SwpManagerOptions options;
  std::string scan_duration = "30s";
  bool no_auto_delete = false;
};

std::vector<ServeOption> Options(SwpArguments& arguments) {
  constexpr ServeOption::Range kCalls{.least = 0, .most = std::numeric_limits<int>::max()};
  SwpManagerOptions& options = arguments.options;
  return {
      {"--scan-duration", &arguments.scan_duration, "how long a scan takes, simulated: 30s, 10m, 2h"},
      {.name = "--rate-limit",
       .into = &options.calls_per_minute_and_key,
       .about = "calls per minute and key; 0 = no limit",
       .range = kCalls},
      {.name = "--tenant-rate-limit",
       .into = &options.calls_per_minute_and_tenant,
       .about = "calls per minute of all keys",
       .range = kCalls},
      {"--retry-after", &options.send_retry_after, "send Retry-After with 429"},
      {"--no-auto-delete", &arguments.no_auto_delete, "keep run-once tasks after their run"},
      {.name = "--tls-cert",
       .into = &options.tls_cert,
       .about = "PEM file; with --tls-key the manager speaks HTTPS",
       .needs = "--tls-key"},
      {.name = "--tls-key", .into = &options.tls_key, .about = "PEM file", .needs = "--tls-cert"},
  };
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
       .options = Options(arguments),
       .start = [&](const ServeArguments& common, SimClock& clock) { return StartManager(common, clock, arguments); }});
}

}  // namespace sallyport::sim

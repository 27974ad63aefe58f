// SPDX-License-Identifier: Apache-2.0
#include "app/wire.h"

#include <cstdlib>

#include "app/version.h"

namespace sallyport {
namespace {

CurlOptions CurlOptionsFor(const SwpSettings& settings) {
  CurlOptions options;
  options.ca_file = settings.ca_file;
  options.proxy = settings.proxy;
  options.default_deadline = settings.deadline;
  options.user_agent = UserAgent();
  return options;
}

swp::ClientOptions ClientOptionsFor(const SwpSettings& settings) {
  swp::ClientOptions options;
  options.base_url = settings.url;
  options.key_header = settings.authentication == SwpAuthentication::kCloudOne ? swp::KeyHeader::kAuthorization
                                                                               : swp::KeyHeader::kApiSecretKey;
  options.api_key = settings.api_key;
  options.deadline = settings.deadline;
  return options;
}

WorkflowSettings WorkflowSettingsFor(const Settings& settings) {
  return {settings.protection,      settings.guardduty, settings.notify,
          settings.gates.cool_down, settings.apply,     settings.gates.max_hosts};
}

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string UserAgent() {
  return "sallyport/" + std::string(kVersion);
}

std::string LedgerPath(const LedgerSettings& settings) {
  if (!settings.path.empty()) return settings.path;
  if (const std::string state = FromEnvironment("XDG_STATE_HOME"); !state.empty())
    return state + "/sallyport/ledger.db";
  if (const std::string home = FromEnvironment("HOME"); !home.empty())
    return home + "/.local/state/sallyport/ledger.db";
  return "sallyport-ledger.db";
}

SwpConnection::SwpConnection(const SwpSettings& settings, Clock& clock, Random& random, Logger& log,
                             const std::function<std::unique_ptr<HttpClient>(HttpClient&)>& wrap)
    : curl_(CurlOptionsFor(settings)),
      wrapped_(wrap ? wrap(curl_) : nullptr),
      counting_(wrapped_ ? *wrapped_ : curl_, clock),
      budget_(clock, settings.requests_per_minute),
      retrying_(counting_, budget_, clock, random, log, RetryPolicy{}),
      latest_(retrying_, clock),
      client_(latest_, clock, ClientOptionsFor(settings)) {}

Result<std::unique_ptr<Program>> Program::Make(const Settings& settings, ProgramOptions options) {
  // The system's clock has no state; one for all programs of the process outlives each of them.
  static SystemClock system_clock;
  Clock& clock = options.clock != nullptr ? *options.clock : static_cast<Clock&>(system_clock);
  auto opened = SqliteLedger::Open(LedgerPath(settings.ledger), clock);
  if (!opened.ok()) return opened.error();
  std::unique_ptr<Ledger> ledger = std::move(opened).value();
  if (options.wrap_ledger) ledger = options.wrap_ledger(std::move(ledger));
  return std::unique_ptr<Program>(new Program(settings, std::move(options), clock, std::move(ledger)));
}

Program::Program(const Settings& settings, ProgramOptions options, Clock& clock, std::unique_ptr<Ledger> ledger)
    : clock_(clock),
      log_(clock_, settings.log.level, std::move(options.log_sink)),
      ledger_(std::move(ledger)),
      swp_(settings.swp, clock_, random_, log_, options.wrap_http),
      notifier_(std::move(options.show_message)),
      executor_({*ledger_, swp_.client(), swp_.client(), notifier_, clock_, random_, log_},
                {settings.gates, settings.follow_up, options.dry_run, options.force}),
      handler_({*ledger_, swp_.client(), executor_, clock_, random_, log_, WorkflowSettingsFor(settings),
                settings.follow_up, [this] { return swp_.calls(); }, "",
                [](std::string_view, TimePoint) { return false; }}) {}

}  // namespace sallyport

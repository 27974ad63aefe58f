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
  return {settings.protection, settings.guardduty, settings.notify.owners, settings.gates.cool_down};
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

SwpConnection::SwpConnection(const SwpSettings& settings, Clock& clock, Random& random, Logger& log)
    : curl_(CurlOptionsFor(settings)),
      counting_(curl_, clock),
      budget_(clock, settings.requests_per_minute),
      retrying_(counting_, budget_, clock, random, log, RetryPolicy{}),
      client_(retrying_, clock, ClientOptionsFor(settings)) {}

Result<std::unique_ptr<Program>> Program::Make(const Settings& settings, ProgramOptions options) {
  // The ledger outlives this function inside the Program; its clock must too, and the system's clock has no state.
  static SystemClock ledger_clock;
  auto ledger = SqliteLedger::Open(LedgerPath(settings.ledger), ledger_clock);
  if (!ledger.ok()) return ledger.error();
  return std::unique_ptr<Program>(new Program(settings, std::move(options), std::move(ledger).value()));
}

Program::Program(const Settings& settings, ProgramOptions options, std::unique_ptr<SqliteLedger> ledger)
    : log_(clock_, settings.log.level, WriteToStandardError),
      ledger_(std::move(ledger)),
      swp_(settings.swp, clock_, random_, log_),
      notifier_(std::move(options.show_message)),
      executor_(*ledger_, swp_.client(), notifier_, clock_, log_, {settings.gates, options.dry_run, options.force}),
      handler_({*ledger_, swp_.client(), executor_, clock_, log_, WorkflowSettingsFor(settings),
                [this] { return swp_.calls(); }}) {}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "app/wire.h"

#include <cstdio>
#include <cstdlib>

#include "app/version.h"
#include "base/process.h"
#include "config/channel_secrets.h"
#include "config/load.h"
#include "notify/make_channel.h"

extern "C" char** environ;  // POSIX

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
  return {settings.protection, settings.notify.owners,   settings.gates.cool_down,
          settings.apply,      settings.gates.max_hosts, settings.rows};
}

bool WriteOut(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

CurlOptions CurlOptionsForChannels() {
  CurlOptions options;
  options.user_agent = UserAgent();
  options.max_answer_bytes = std::size_t{256} * 1024;  // an answer says yes or no
  return options;
}

std::vector<Dispatcher::Entry> ChannelsFor(const NotifySettings& settings, HttpClient& http, const Clock& clock) {
  const Environment environment = ReadEnvironment(environ);
  std::vector<Dispatcher::Entry> entries;
  for (const ChannelSettings& channel : settings.channels) {
    entries.push_back(MakeChannel(channel, ReadChannelSecrets(channel, environment), {http, clock, WriteOut}));
  }
  return entries;
}

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

Result<std::unique_ptr<Program>> Program::Make(const Settings& settings, Tables tables, ProgramOptions options) {
  if (const Status in_order = CheckTables(tables); !in_order.ok()) return in_order.error();
  // The system's clock has no state; one for all programs of the process outlives each of them.
  static SystemClock system_clock;
  Clock& clock = options.clock != nullptr ? *options.clock : static_cast<Clock&>(system_clock);
  auto opened = SqliteLedger::Open(LedgerPath(settings.ledger), clock);
  if (!opened.ok()) return opened.error();
  std::unique_ptr<Ledger> ledger = std::move(opened).value();
  if (options.wrap_ledger) ledger = options.wrap_ledger(std::move(ledger));
  return std::unique_ptr<Program>(
      new Program(settings, std::move(tables), std::move(options), clock, std::move(ledger)));
}

Program::Program(const Settings& settings, Tables tables, ProgramOptions options, Clock& clock,
                 std::unique_ptr<Ledger> ledger)
    : tables_(std::move(tables)),
      clock_(clock),
      random_(options.random != nullptr ? *options.random : system_random_),
      log_(clock_, settings.log.level, std::move(options.log_sink)),
      ledger_(std::move(ledger)),
      swp_(settings.swp, clock_, random_, log_, options.wrap_http),
      channel_http_(CurlOptionsForChannels()),
      directory_(settings.notify.owners.directory),
      dispatcher_(ChannelsFor(settings.notify, channel_http_, clock_), clock_),
      messenger_({*ledger_, dispatcher_, directory_, clock_, log_, std::move(options.show_message)}),
      executor_({*ledger_, swp_.client(), swp_.client(), messenger_, clock_, random_, log_},
                {settings.gates, settings.follow_up, options.dry_run, options.force, directory_}),
      reach_(settings.aws, std::move(options.aws_environment), clock_, random_, log_),
      handler_({*ledger_, swp_.client(), executor_, clock_, random_, log_, tables_, WorkflowSettingsFor(settings),
                settings.follow_up, [this] { return swp_.calls(); }, ThisProcess(),
                [this](std::string_view owner, TimePoint since) { return MayStillRun(owner, since, clock_.Now()); },
                &reach_}) {}

}  // namespace sallyport

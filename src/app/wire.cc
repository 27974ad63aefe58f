// SPDX-License-Identifier: Apache-2.0
#include "app/wire.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "action/notify_owner.h"
#include "app/commands.h"
#include "app/compliance_line.h"
#include "app/edge_line.h"
#include "app/version.h"
#include "base/process.h"
#include "config/channel_secrets.h"
#include "config/load.h"
#include "executor/actions/update_web_acl.h"
#include "ledger/look.h"
#include "ledger/rehearsal.h"
#include "notify/make_channel.h"
#include "swp/remembered_reads.h"

extern "C" char** environ;  // POSIX

namespace sallyport {
namespace {

WorkflowSettings WorkflowSettingsFor(const Settings& settings) {
  return {settings.protection, settings.notify.owners, settings.gates.cool_down,
          settings.apply,      settings.gates,         settings.rows};
}

MayWrite UnlessStopped(const GateSettings& gates) {
  return [path = gates.kill_switch_file] { return KillSwitchAllows(path); };
}

// Whether a message that was not delivered may still be sent: what a person decides about the first try holds for the
// others.
MayWrite WhileMessagesAreAllowed(const GateSettings& gates) {
  return [path = gates.kill_switch_file, allowed = gates.allowed_actions.contains(std::string(NotifyOwner::kKind))] {
    if (!allowed) {
      return Status(Error{ErrorCode::kRefused,
                          "allow-list: `" + std::string(NotifyOwner::kKind) + "` is not in gates.allow", ""});
    }
    return KillSwitchAllows(path);
  };
}

// So long SWP may still be at a request after nobody waits for its answer any more, beyond the request's own deadline.
constexpr Duration kManagerIsAtIt = std::chrono::seconds(30);

ExecutorOptions ExecutionFor(const Settings& settings, const ProgramOptions& options, const OwnerDirectory& directory,
                             const ActionTable& actions) {
  ExecutorOptions made{settings.gates, settings.follow_up, options.dry_run, options.force, directory, actions};
  made.may_arrive = settings.swp.deadline + kManagerIsAtIt;
  return made;
}

NoticeSettings NoticesFor(const NotifySettings& settings) {
  NoticeSettings notices = settings.notices;
  notices.anyone_hears = !settings.channels.empty();
  notices.opened_from = 10.1;
  for (const ChannelSettings& channel : settings.channels) {
    const bool hears = channel.hears.empty() || channel.hears.contains(MessageKind::kOpened);
    if (hears) notices.opened_from = std::min(notices.opened_from, std::max(channel.opened_from, channel.min_severity));
  }
  return notices;
}

bool WriteToStandardOutput(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The way to the channels: their answers are small.
CurlOptions CurlOptionsForChannels() {
  CurlOptions options;
  options.user_agent = UserAgent();
  options.max_answer_bytes = std::size_t{256} * 1024;  // an answer says yes or no
  return options;
}

// The channels of the settings, each with its secrets, or one that says what is wrong with it.
std::vector<Dispatcher::Entry> ChannelsFor(const NotifySettings& settings, HttpClient& http, const Clock& clock) {
  const Environment environment = ReadEnvironment(environ);
  std::vector<Dispatcher::Entry> entries;
  for (const ChannelSettings& channel : settings.channels) {
    entries.push_back(
        MakeChannel(channel, ReadChannelSecrets(channel, environment), {http, clock, WriteToStandardOutput}));
  }
  return entries;
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

// One event's ways out.
class Program::ProgramWork final : public Work {
 public:
  ProgramWork(Program& program, const EdgeScope& edge, std::optional<TimePoint> stop_at)
      : program_(program),
        log_(Logger::For(program.log_)),
        swp_(program.swp_, log_, stop_at),
        facts_(swp_.client()),
        aws_(program.aws_, program.clock_, log_, stop_at),
        edge_(program.aws_, &swp_.client(), edge, program.clock_, log_, stop_at),
        reach_(aws_, edge_),
        messenger_({*program.ledger_, program.dispatcher_, program.directory_, program.kinds_, program.clock_, log_,
                    ShownBy(), stop_at}),
        compliance_(program.aws_, program.clock_, log_, stop_at, swp_.client(), reach_),
        teller_(messenger_, compliance_, program.may_write_) {}

  swp::Reads& facts() override { return facts_; }
  swp::Reads& reads() override { return swp_.client(); }
  swp::Writes& writes() override { return swp_.client(); }
  reach::Reads* reach() override { return &compliance_; }
  Notifier& notifier() override { return teller_; }
  Logger& log() override { return log_; }
  int swp_calls() const override { return swp_.calls(); }
  int aws_calls() const override { return aws_.calls() + edge_.calls() + compliance_.calls(); }
  std::vector<Message> TakeShown() override { return std::exchange(shown_, {}); }

 private:
  std::function<void(const Message&)> ShownBy() {
    if (!program_.show_messages_) return {};
    return [this](const Message& message) {
      if (program_.on_message_) program_.on_message_(message);
      shown_.push_back(message);
    };
  }

  Program& program_;
  Logger log_;
  SwpLine swp_;
  swp::RememberedReads facts_;
  AwsLine aws_;
  EdgeLine edge_;
  WorkReach reach_;
  std::vector<Message> shown_;
  Messenger messenger_;
  ComplianceLine compliance_;
  ComplianceTeller teller_;
};

ProgramOptions SeamsOf(const CommonArguments& common) {
  return common.seams == nullptr ? ProgramOptions{} : *common.seams;
}

Clock& ClockOf(const ProgramOptions& options) {
  // It has no state; one for all programs of the process outlives each of them.
  static SystemClock system_clock;
  return options.clock != nullptr ? *options.clock : static_cast<Clock&>(system_clock);
}

std::unique_ptr<Ledger> Wrapped(std::unique_ptr<Ledger> ledger, const ProgramOptions& options) {
  return options.wrap_ledger ? options.wrap_ledger(std::move(ledger)) : std::move(ledger);
}

namespace {

using OpenedLedger = Result<std::unique_ptr<Ledger>>;

OpenedLedger RealLedger(const std::string& path, const ProgramOptions& options, const Clock& clock) {
  auto opened = SqliteLedger::Open(path, clock);
  if (!opened.ok()) return opened.error();
  return Wrapped(*std::move(opened), options);
}

// What a dry run reads is the ledger as it is; it makes and changes none.
OpenedLedger RehearsalOf(const std::string& path, const ProgramOptions& options, const Clock& clock) {
  const auto found = LookForLedger(path, SqliteLedger::kBusyTimeout);
  if (!found.ok()) return found.error();
  std::unique_ptr<Ledger> real;
  if (found->is_there && found->version > 0) {
    auto opened = SqliteLedger::OpenToLook(path, clock);
    if (!opened.ok()) return opened.error();
    real = Wrapped(*std::move(opened), options);
  }
  return OpenRehearsal(std::move(real), clock);
}

}  // namespace

Result<std::unique_ptr<Program>> Program::Make(const Settings& settings, ProgramTables tables, ProgramOptions options) {
  if (const Status in_order = CheckTables(tables.workflows); !in_order.ok()) return in_order.error();
  Clock& clock = ClockOf(options);
  auto opened = options.dry_run ? RehearsalOf(LedgerPath(settings.ledger), options, clock)
                                : RealLedger(LedgerPath(settings.ledger), options, clock);
  if (!opened.ok()) return opened.error();
  std::unique_ptr<Ledger> ledger = *std::move(opened);
  return std::unique_ptr<Program>(
      new Program(settings, std::move(tables), std::move(options), clock, std::move(ledger)));
}

Program::Program(const Settings& settings, ProgramTables tables, ProgramOptions options, Clock& clock,
                 std::unique_ptr<Ledger> ledger)
    : tables_({std::move(tables.workflows), BindEdge(std::move(tables.actions),
                                                     [this, scope = EdgeScopeOf(settings)](const ActorSeams& seams) {
                                                       return std::make_unique<EdgeLine>(aws_, nullptr, scope, clock_,
                                                                                         seams.log, std::nullopt,
                                                                                         may_write_);
                                                     })}),
      clock_(clock),
      kinds_(KindsOf(tables_.actions)),
      random_(options.random != nullptr ? *options.random : system_random_),
      log_(clock_, settings.log.level, std::move(options.log_sink)),
      ledger_(std::move(ledger)),
      may_write_(UnlessStopped(settings.gates)),
      swp_(settings.swp, clock_, random_, may_write_, options.wrap_http),
      channel_http_(CurlOptionsForChannels()),
      wrapped_channels_(options.wrap_channels ? options.wrap_channels(channel_http_) : nullptr),
      directory_(settings.notify.owners.directory),
      dispatcher_(ChannelsFor(settings.notify, wrapped_channels_ ? *wrapped_channels_ : channel_http_, clock_), clock_,
                  WhileMessagesAreAllowed(settings.gates)),
      messenger_({*ledger_, dispatcher_, directory_, kinds_, clock_, log_, {}}),
      execution_(ExecutionFor(settings, options, directory_, tables_.actions)),
      show_messages_(options.show_messages),
      on_message_(std::move(options.on_message)),
      aws_(settings.aws, {std::move(options.aws_environment), std::move(options.wrap_aws), may_write_}, clock_, random_,
           log_),
      sns_proof_(wrapped_channels_ ? *wrapped_channels_ : channel_http_, clock_),
      reach_(aws_, clock_, log_, std::nullopt),
      handler_({*ledger_, execution_, clock_, random_, log_, tables_.workflows, WorkflowSettingsFor(settings),
                [this, scope = EdgeScopeOf(settings)](std::optional<TimePoint> stop_at) {
                  return std::make_unique<ProgramWork>(*this, scope, stop_at);
                },
                ThisProcess(),
                [this](std::string_view owner, TimePoint since) { return MayStillRun(owner, since, clock_.Now()); },
                NoticesFor(settings.notify), options.prove_notifications ? &sns_proof_ : nullptr}) {}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// sallyport lambda, bootstrap: the custom runtime. Before the first poll it reads the settings and nothing else; the
// ledger, libcurl and the way to SWP come with the first event (docs/decisions/0012).
#include <cstdlib>
#include <memory>
#include <utility>

#include "app/commands.h"
#include "app/console.h"
#include "app/inspector_sweeper.h"
#include "app/wire.h"
#include "base/json.h"
#include "base/text.h"
#include "config/load.h"
#include "intake/deliver_again.h"
#include "lambda/http_runtime_api.h"
#include "lambda/loop.h"
#include "lambda/trace_variable.h"
#include "notify/render_text.h"
#include "workflow/swp_events_settings.h"

extern "C" char** environ;  // POSIX

namespace sallyport {
namespace {

constexpr std::size_t kFollowUpsPerRound = 10;
constexpr int kFollowUpRounds = 50;

// What has to be right before an event may be asked for.
Result<Settings> LambdaSettingsFrom(const CommonArguments& common) {
  auto settings = LoadSettingsFrom(common.config, ReadEnvironment(environ), VocabularyOf(*common.tables));
  if (!settings.ok()) return settings;
  if (!common.ledger.empty()) settings->ledger.path = common.ledger;
  if (Status can_ask = CheckCanAskSwp(settings->swp); !can_ask.ok()) return can_ask.error();
  if (settings->ledger.path.empty()) {
    return Error{ErrorCode::kInvalidInput, "the place of the ledger is not set",
                 "set `ledger.path` or SALLYPORT_LEDGER to a file on storage that outlives the sandbox; /tmp does not"};
  }
  return settings;
}

std::string MessageLine(const Message& message) {
  JsonWriter line;
  line.BeginObject().Member("case", message.case_id).Member("message", ConsoleText(message)).EndObject();
  return line.Take() + "\n";
}

// The program, made with the first event and again after it could not be made.
class LambdaProgram {
 public:
  LambdaProgram(Settings settings, ProgramTables tables, lambda::LogContext& context)
      : settings_(std::move(settings)),
        tables_(std::move(tables)),
        context_(context),
        log_(clock_, settings_.log.level, context_.Around(WriteToStandardError)),
        always_(clock_, LogLevel::kInfo, context_.Around(WriteToStandardError)) {}

  Status Prepare(std::optional<TimePoint> stop_at) {
    if (program_ == nullptr) {
      ProgramOptions options;
      options.log_sink = context_.Around(WriteToStandardError);
      options.show_messages = true;
      options.prove_notifications = settings_.rows.Get<SwpEventsSettings>().check_signatures;
      auto made = Program::Make(settings_, tables_, std::move(options));
      if (!made.ok()) return made.error();
      program_ = std::move(made).value();
      // What an earlier sandbox began and left.
      for (const EventReport& report : program_->handler().Recover(stop_at)) ShowMessages(report);
    }
    stop_at_ = stop_at;
    return Ok();
  }

  lambda::Handled Handle(const Arrival& arrival) {
    if (WantsSweep(arrival)) return Sweep();
    if (!arrival.event.ok() && arrival.nothing.empty()) {
      log_.Warning("event cannot be read", {{"origin", arrival.origin}, {"reason", arrival.event.error().ToText()}});
    }
    const EventReport report = program_->handler().Handle(arrival, stop_at_);
    ShowMessages(report);
    lambda::Handled handled{MustDeliverAgain(report), std::string(ToString(report.state)), report.reason, std::nullopt};
    if (report.number) handled.number = report.number->value;
    return handled;
  }

  // Of a schedule: everything that Inspector lists is looked at. What was handed in before the time was over stays, and
  // the next sweep passes over it.
  lambda::Handled Sweep() {
    bool again = false;
    const auto outcome = SweepInspector(*program_, settings_, {}, [&](const Arrival& arrival) {
      const EventReport report = program_->handler().Handle(arrival, stop_at_);
      ShowMessages(report);
      again = again || MustDeliverAgain(report);
    });
    if (!outcome.ok()) return {true, "failed", outcome.error().ToText(), std::nullopt};
    for (const std::string& place : outcome->listing.unread) log_.Warning("not swept", {{"place", place}});
    if (again) return {true, "failed", "not everything that the sweep met could be handed in", std::nullopt};
    return {false, "closed", CountText(outcome->handed_in, "finding") + " handed in", std::nullopt};
  }

  // Asks the follow-ups that are due. Waiting for the others would be paid for: the next invocation comes back to them.
  void AskFollowUps(TimePoint until) {
    for (int round = 0; round < kFollowUpRounds && program_->clock().Now() < until; ++round) {
      const auto reports = program_->handler().RunDue(kFollowUpsPerRound, stop_at_);
      if (!reports.ok()) {
        log_.Failure("follow-ups could not be asked", reports.error());
        break;
      }
      for (const EventReport& report : *reports) ShowMessages(report);
      if (reports->empty()) break;
    }
    program_->messenger().RetryPending();
    for (const EventReport& report : program_->handler().CatchUp(stop_at_)) ShowMessages(report);
  }

  // With which line the ledger ends: in the log, and so out of reach of whoever can write the file.
  void TellHead() {
    const auto head = program_->ledger().NewestHead();
    if (!head.ok()) return log_.Failure("the newest line of the ledger could not be read", head.error());
    if (head->has_value()) always_.Info("ledger head", {{"number", (*head)->number}, {"hash", (*head)->hash}});
  }

 private:
  void ShowMessages(const EventReport& report) {
    for (const Message& message : report.messages) {
      context_.Around([](std::string_view line) { Print(line); })(MessageLine(message));
    }
  }

  const Settings settings_;
  const ProgramTables tables_;
  lambda::LogContext& context_;
  SystemClock clock_;
  Logger log_;
  Logger always_;  // whatever log.level says
  std::unique_ptr<Program> program_;
  std::optional<TimePoint> stop_at_;  // of the invocation
};

ExitCode CannotStart(lambda::RuntimeApi& api, const Error& error) {
  Complain(error);
  const Status told = api.InitError({"Sallyport.Settings", error.ToText()});
  if (!told.ok()) Complain(told.error());
  return ExitCode::kUsage;
}

}  // namespace

ExitCode LambdaCommand(const CommonArguments& common) {
  const char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (address == nullptr) {
    Complain("`sallyport lambda` runs inside AWS Lambda, which sets AWS_LAMBDA_RUNTIME_API; see docs/lambda.md");
    return ExitCode::kUsage;
  }
  lambda::HttpRuntimeApi api(address);
  auto settings = LambdaSettingsFrom(common);
  if (!settings.ok()) return CannotStart(api, settings.error());
  SystemClock clock;
  lambda::LogContext context;
  lambda::TraceVariable trace;
  Logger log(clock, settings->log.level, context.Around(WriteToStandardError));
  LambdaProgram program(*settings, *common.tables, context);
  const lambda::Work work{[&](std::optional<TimePoint> stop_at) { return program.Prepare(stop_at); },
                          [&](const Arrival& arrival) { return program.Handle(arrival); },
                          [&](TimePoint until) { program.AskFollowUps(until); },
                          {common.tables->workflows.Forms(),
                           [&](const Event& event) { return !common.tables->workflows.WorkflowsFor(event).empty(); }},
                          [&] { program.TellHead(); }};
  const Error end = lambda::RunLoop(
      {api, clock, log, context, work, settings->lambda.deadline_margin, [&](std::string_view id) { trace.Set(id); }});
  log.Failure("the Lambda runtime API is gone", end);
  return ExitCode::kInternal;
}

}  // namespace sallyport

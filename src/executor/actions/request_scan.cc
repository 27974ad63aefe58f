// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/request_scan.h"

#include <algorithm>

#include "action/request_scan.h"
#include "base/text.h"
#include "workflow/scan_finished.h"

namespace sallyport {
namespace {

constexpr const char* kProbablyRequested =
    "probably requested before Sallyport was interrupted: a scan of this kind has finished or may be running since "
    "then, "
    "and its SWP task is gone. No second scan requested";

swp::ScanRequest ScanRequestFor(const RequestScan& scan, const PlannedAction& planned) {
  return {scan.kind, scan.computer, TokenOf(planned.key)};
}

// What two clocks, one of which has whole seconds, may make of one moment.
constexpr Duration kClocksDiffer = std::chrono::minutes(1);

// Whether a text about what the agent does may be about such a scan. SWP promises nothing about these texts: one that
// names neither this kind of scan nor other known work may be.
bool MayBeScan(swp::ScanKind kind, const std::string& agent_task) {
  struct Word {
    std::string_view word;
    std::optional<swp::ScanKind> kind;
  };
  static constexpr Word kWords[] = {{"recommend", swp::ScanKind::kRecommendation},
                                    {"integrity", swp::ScanKind::kIntegrity},
                                    {"malware", swp::ScanKind::kMalware},
                                    {"policy", std::nullopt}};
  const std::string text = ToLowerAscii(agent_task);
  bool names_other = false;
  for (const Word& word : kWords) {
    if (text.find(word.word) == std::string::npos) continue;
    if (word.kind == kind) return true;
    names_other = true;
  }
  return !names_other;
}

class ScanRequester final : public ActorOf<RequestScan> {
 public:
  ScanRequester(swp::Reads& reads, swp::ScanWrites& writes, const Clock& clock, Logger& log)
      : reads_(reads), writes_(writes), clock_(clock), log_(log) {}

 protected:
  Done Act(const RequestScan& scan, const ActorTask& task) override {
    if (scan.joins) {
      return {ActionState::kWaiting,
              "waiting for the scan already requested as SWP task " + std::to_string(scan.joins->task.value),
              AskWhetherFinished(scan, scan.joins->task, scan.joins->since, task)};
    }
    const auto accepted = writes_.RequestScan(ScanRequestFor(scan, task.planned));
    if (accepted.ok()) return Requested(scan, *accepted, task);
    log_.Failure("scan not requested", accepted.error(), {{"computer", scan.computer.value}});
    return Failed(accepted.error());
  }

  std::string WouldDo(const RequestScan& scan, const ActorTask& task) const override {
    return scan.joins ? "nothing: it waits for SWP task " + std::to_string(scan.joins->task.value)
                      : writes_.DescribeRequestScan(ScanRequestFor(scan, task.planned));
  }

  // Is its task there, or was it carried out and removed? A scan that ended, or an agent that may be at it, since we
  // meant to ask is taken for ours: none more is needed.
  std::optional<Done> FindOut(const RequestScan& scan, const ActorTask& task) override {
    if (scan.joins) return std::nullopt;
    const auto found = FindRequested(scan, task);
    if (!found.ok()) {
      return Done{ActionState::kIntended,
                  "the scan may have been requested before; this could not be checked: " + found.error().message +
                      " (look for the SWP task `" + swp::TaskName(ScanRequestFor(scan, task.planned)) + "`)",
                  {}};
    }
    if (!found->has_value()) return std::nullopt;
    return Requested(scan, **found, task);
  }

  Result<RequestScan> WithHostsOfNow(const RequestScan& scan, const ActorTask& task) override {
    auto host = HostOfNow(scan.host, scan.computer, task, reads_);
    if (!host.ok()) return host.error();
    RequestScan now = scan;
    now.host = *std::move(host);
    return now;
  }

  std::optional<Question> AsksForEnd(const RequestScan& scan, const ActorTask& task) const override {
    return Question{ScanFinished{scan.kind, scan.computer, std::nullopt, {}, scan.host}, task.plan.matter};
  }

 private:
  Result<std::optional<swp::AcceptedScan>> FindRequested(const RequestScan& scan, const ActorTask& task) {
    auto held = writes_.FindRequestedScan(ScanRequestFor(scan, task.planned));
    const TimePoint since = *task.intended_at + (writes_.ManagerNow() - clock_.Now());
    // A task that ran before we meant to ask is left over from an earlier request.
    const bool is_older = held.ok() && held->has_value() && (*held)->accepted_at < since - kClocksDiffer;
    if (!held.ok() || (held->has_value() && !is_older)) return held;
    const auto progress = reads_.CheckScan(scan.kind, scan.computer, since);
    if (!progress.ok()) return progress.error();
    const auto may_be_ours = [&](const std::string& work) { return MayBeScan(scan.kind, work); };
    const bool works = progress->computer && std::any_of(progress->computer->agent_tasks.begin(),
                                                         progress->computer->agent_tasks.end(), may_be_ours);
    if (!progress->finished && !works) return std::optional<swp::AcceptedScan>();
    return std::optional(swp::AcceptedScan{ScheduledTaskId{0}, since, true});
  }

  Done Requested(const RequestScan& scan, const swp::AcceptedScan& accepted, const ActorTask& task) {
    std::optional<ScheduledTaskId> id;
    if (accepted.task.value > 0) id = accepted.task;
    Done done{ActionState::kRequested, kProbablyRequested, AskWhetherFinished(scan, id, accepted.accepted_at, task)};
    if (id) {
      done.reason = "SWP accepted the request as scheduled task " + std::to_string(id->value) + " at " +
                    TimeText(accepted.accepted_at) + " (SWP time)" +
                    (accepted.found_again ? ", found again after a lost answer" : "");
    }
    log_.Info("scan requested", {{"computer", scan.computer.value},
                                 {"scan", swp::ApiName(scan.kind)},
                                 {"task", id.value_or(ScheduledTaskId{0}).value}});
    return done;
  }

  static std::vector<Question> AskWhetherFinished(const RequestScan& scan, std::optional<ScheduledTaskId> id,
                                                  TimePoint since, const ActorTask& task) {
    return {{ScanFinished{scan.kind, scan.computer, id, since, scan.host}, task.plan.matter}};
  }

  swp::Reads& reads_;
  swp::ScanWrites& writes_;
  const Clock& clock_;
  Logger& log_;
};

}  // namespace

ActionRow RequestScanRow() {
  return RowOf<RequestScan>([](const ActorSeams& seams) {
    return std::make_unique<ScanRequester>(seams.reads, seams.writes, seams.clock, seams.log);
  });
}

}  // namespace sallyport

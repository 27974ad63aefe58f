// SPDX-License-Identifier: Apache-2.0
//
// Handles one event from delivery to its last ledger entry. Start with handle.cc.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "event/parse.h"
#include "executor/executor.h"
#include "intake/left_events.h"
#include "intake/received.h"
#include "intake/work.h"
#include "ledger/ledger.h"
#include "workflow/follow_up.h"
#include "workflow/notice_settings.h"
#include "workflow/plan.h"
#include "workflow/tables.h"

namespace sallyport {

// One plan that an event led to, with one outcome for each of its actions.
struct PlanReport {
  Plan plan;
  CaseNumber case_number;
  std::vector<ActionOutcome> outcomes;
  // With it the event joined a question that collects; 0 as the member's number: those that are kept are full.
  struct Joined {
    FollowUpNumber follow_up;
    int member = 0;
    TimePoint due;
  };
  std::optional<Joined> joined{};
  // The question that it answers, of those that collect.
  std::optional<FollowUpNumber> answers{};
};

// All that is known about one arrival when its handling has ended.
struct EventReport {
  std::string origin;
  std::string sqs_message_id;
  std::optional<EventNumber> number;      // nothing: the ledger could not take it, or nothing had to be recorded
  std::optional<CaseNumber> case_number;  // the first of them
  EventState state = EventState::kFailed;
  std::string reason;
  std::optional<Event> event;  // nothing: unreadable
  std::vector<PlanReport> plans;
  bool gave_up = false;           // a follow-up that ended without an answer
  bool ledger_failed = false;     // something of this report is not in the ledger
  int swp_calls = 0;              // HTTP requests to SWP, retries included
  int aws_calls = 0;              // the same to AWS
  std::vector<Message> messages;  // those that were shown here
  Duration took{0};
};

// What handling needs. References outlive the handler. All of it is thread-safe.
struct HandlerParts {
  Ledger& ledger;
  const ExecutorOptions& execution;
  Clock& clock;
  Random& random;
  Logger& log;
  const Tables& tables;
  WorkflowSettings settings;
  BeginWork begin_work;
  // This process, as the ledger names it, and whether another one that it names may still be at work.
  std::string owner;
  StillRuns still_runs;
  // When people are told about cases.
  NoticeSettings notices{};
  // Asked about each notification of SNS that is to become evidence; nullptr: whoever hands them over is trusted.
  NotificationProof* proof = nullptr;
};

// Each function never fails: what went wrong is in its report, and in the ledger if that can still be written. Any
// number of threads may call, and any number of processes may have the same ledger.
class Handler {
 public:
  explicit Handler(HandlerParts parts) : parts_(std::move(parts)), steady_(parts_.clock) {}

  // What the event is about, as far as order goes: events with the same key are handled one after the other. Empty: in
  // no order with others.
  std::string OrderKeyOf(const Arrival& arrival) const;

  // Something from outside. No call of it runs beyond `stop_at`.
  EventReport Handle(const Arrival& arrival, std::optional<TimePoint> stop_at = std::nullopt) const;

  // The same event again, with today's facts, through plan and gates. An error when there is nothing to replay.
  Result<EventReport> Replay(EventNumber event) const;

  // The newest event of the case that is not ours, decided again as by Replay: what failed, was refused or was not
  // carried out is tried again through the gates; what exists already is not repeated. kNotFound; kInvalidInput: there
  // is no such event; kRefused: an operator or the finding's archiving closed the case.
  Result<EventReport> Retry(CaseNumber number) const;

  // Events that a process began and left: each is brought to its end.
  std::vector<EventReport> Recover(std::optional<TimePoint> stop_at = std::nullopt) const;

  // Follow-ups that are due, at most `limit`, for this process to ask: nobody else does for some minutes. Nothing in a
  // dry run. kStorage: the ledger cannot be asked, so it is not known whether any are due.
  Result<std::vector<FollowUpRecord>> ClaimDue(std::size_t limit) const;
  // Asks one of them and carries out the answer.
  EventReport Ask(const FollowUpRecord& record, std::optional<TimePoint> stop_at = std::nullopt) const;
  // Both, one after the other; one report for each that led to something. kStorage: as above.
  Result<std::vector<EventReport>> RunDue(std::size_t limit, std::optional<TimePoint> stop_at = std::nullopt) const;

  // What this process owes since the ledger could not be read or written: events of its own are brought to their end,
  // and cases told of which nobody could be told.
  std::vector<EventReport> CatchUp(std::optional<TimePoint> stop_at = std::nullopt) const;
  // It owes something still.
  bool IsBehind() const { return !left_->empty() || !untold_->empty(); }

  // A question that an operator asks, now and once: an event of our own, with a plan, gates and outcomes like any
  // other. Nothing is recorded when its answer is that there is nothing to decide about.
  EventReport AskOnce(const Question& question) const;

  // Approves a plan, named by the first digits of its digest. The plan is made anew: an action is carried out only
  // if it would be decided in the same way now.
  Result<EventReport> Approve(std::string_view digest, const std::string& by) const;
  Status Reject(std::string_view digest, const std::string& by, const std::string& why) const;

 private:
  // One plan on its way.
  struct PlanRun {
    Plan plan;
    CaseNumber case_number;
    PlanNumber number{};  // 0: the ledger does not have it yet
    std::string digest;   // as the ledger has it; empty: it does not yet
    PlanState state = PlanState::kPlanned;
    std::vector<ActionRecord> records;  // of its actions, those that the ledger has
    bool approved = false;
    std::vector<Step> steps;
    std::optional<PlanReport::Joined> joined{};  // of a plan that collects, once it is being recorded
    // Of an answer to a question that collects.
    struct Answered {
      FollowUpNumber question;
      int last_member = 0;
      std::string reason;
      bool gave_up = false;
    };
    std::optional<Answered> answers{};
  };
  // Some of a plan's actions, which are recorded together.
  struct Piece {
    PlanRun& run;
    std::size_t first = 0;
    std::size_t count = 0;
  };
  // One event or question on its way.
  struct Job {
    Work& work;
    Executor& executor;
    EventReport& report;
    std::vector<PlanRun> runs;
    std::optional<TimePoint> stop_at{};
    Secret answer_token{};                    // of the delivery that is being handled, where the service sends one
    bool is_part = false;                     // other plans of the event have been handled before
    const FollowUpRecord* answers = nullptr;  // the question that collects, whose answer is on its way
    bool recovers = false;  // whoever began it is gone: what he was about to do is ours to bring to its end
    // The actions whose outcome is not known and whose question rings: it is ours to bring them to their end.
    std::vector<ActionNumber> looks_for{};
    bool LooksFor(ActionNumber number) const {
      return std::find(looks_for.begin(), looks_for.end(), number) != looks_for.end();
    }
    bool is_own = false;  // the event is one of ours: nobody delivers it again
    bool ended = false;   // the end of the event is in the ledger
    bool lost = false;    // somebody else has taken over the question that rang, or keeps changing what it is about
  };
  struct Conclusion {
    EventState state = EventState::kDone;
    std::string reason;
  };
  using Do = std::function<void(Job& job)>;
  using ToMake = Result<std::vector<PlanToMake>>;

  EventReport Report(const std::string& origin, std::optional<TimePoint> stop_at, const Do& work) const;
  ToMake PlansFor(const Arrival& arrival) const;
  void HandleRecorded(const Arrival& arrival, const ToMake& plans, const std::vector<CaseNumber>& cases,
                      Job& job) const;
  bool MakePlans(const Event& event, const std::vector<PlanToMake>& plans, const std::vector<CaseNumber>& cases,
                 Job& job) const;
  void HandleRepeated(const AddedEvent& added, Job& job) const;
  Result<std::string> NewerUpdate(const ToMake& plans, const AddedEvent& added, const Event& event) const;
  void Finish(Job& job, EventState state, std::string reason) const;
  static void TellStorageFailed(const Error& error, std::string_view doing, Job& job);
  void StorageFailed(const Error& error, std::string_view doing, Job& job) const;

  // carry_out.cc: plans through gates, ledger and acts.
  void CarryOut(Job& job) const;
  void Conclude(Job& job) const;
  bool RecordPlans(Job& job, const FollowUpRecord* ringing = nullptr) const;
  bool RecordPieces(const std::vector<Piece>& pieces, bool are_all, const FollowUpRecord* ringing, Job& job) const;
  void PlanNotRecorded(const Error& error, Job& job) const;
  static bool Lose(Job& job, const std::string& why);
  void Prepare(const Piece& piece, Job& job) const;
  void AddItems(const Piece& piece, const Job& job, Batch& batch) const;
  void TakeNumbers(const std::vector<Piece>& pieces, const Committed& committed, Job& job) const;
  bool ReadAgain(const std::vector<Piece>& pieces, Job& job) const;
  Status LeaveOutWhatMoved(Batch& batch) const;
  static bool CanBeFoundAgain(const Job& job);
  bool RecordOutcomes(Job& job, const std::optional<Conclusion>& end) const;
  static bool BeginsEarlier(const std::vector<PlanRun>& runs, const PlanRun& run, std::size_t at);
  static PlanInHand InHand(const Job& job, const PlanRun& run);
  static int HostsWrittenTo(const std::vector<PlanRun>& runs);
  static Conclusion ConclusionOf(const PlanRun& run);
  static Conclusion ConclusionOf(const std::vector<PlanRun>& runs);
  static void TellReport(Job& job);

  bool StoreRuns(Job& job) const;  // runs.cc

  // attach.cc: events that are evidence in cases of others.
  struct Attaching {
    std::vector<Plan> plans;          // one for each case
    std::vector<CaseMatter> matters;  // of those
    std::size_t cases = 0;            // open ones of the hosts that are named
    std::int64_t attached = 0;        // events; one of two cases counts twice
    std::vector<std::string> left_out;
    std::string undetermined;
  };
  Result<std::string> WhyForged(const Event& event) const;
  void HandleAttachable(const Arrival& arrival, const PlanToMake& row, Job& job) const;
  Result<Attaching> WhatToAttach(const Event& event, const Attachable& attachable, const PlanToMake& row,
                                 Job& job) const;
  Result<Plan> PlanToAttach(const Event& event, const PlanToMake& to_make, const CaseToAttach& attaching,
                            Job& job) const;
  Result<std::vector<CaseNumber>> OpenCasesOf(const std::vector<std::string>& hosts) const;
  Result<CaseToAttach> CaseInQuestion(CaseNumber number, CaseRecord& record) const;
  Result<CaseToAttach> CaseToOpen(const std::string& host) const;
  std::set<std::string> RemotesOf(const CaseRecord& record) const;
  ToMake ForCases(ToMake plans, const std::vector<CaseNumber>& cases) const;
  void RecordAttached(const Arrival& arrival, Attaching& found, Job& job) const;
  void RecordPart(const Arrival& arrival, const Attaching& found, std::size_t first, std::size_t end, Job& job) const;
  void EndUnattached(EventState state, const std::string& why, const Received& received, Job& job) const;
  static void FailUnattached(const Error& error, Job& job);

  // tell_cases.cc: what people are told about cases beside what plans tell them.
  void TellCases(const EventReport& report, Work& work, Executor& executor, std::optional<TimePoint> stop_at) const;
  void TellCase(CaseNumber number, Work& work, Executor& executor, std::optional<TimePoint> stop_at) const;
  ResultFacts Reported(const Case& shown, TimePoint now) const;
  bool SendNotices(const Case& shown, Plan plan, Job& job) const;
  void TellUntold(std::optional<TimePoint> stop_at) const;
  void CouldNotTell(CaseNumber number, const Error& error) const;
  void RemindWhenNeeded(const Case& shown) const;
  void Remind(const FollowUpRecord& record, Job& job) const;
  void TellAlone(CaseNumber number, std::optional<TimePoint> stop_at) const;
  void TellRecentCases(std::optional<TimePoint> stop_at) const;

  // collected.cc: questions that collect.
  Status CheckCollecting(Plan& plan) const;
  Status AddMembers(const std::vector<Piece>& pieces, Job& job, Batch& batch) const;
  void AskCollected(const FollowUpRecord& record, Job& job) const;
  struct EarlierAnswer {
    enum class Standing { kNone, kOnItsWay, kStands, kFailed };
    Standing standing = Standing::kNone;
    EventNumber event{};
    PlanRun::Answered answered{};
  };
  Result<EarlierAnswer> EarlierAnswerTo(const FollowUpRecord& record, Job& job) const;
  Result<FollowUpContext> CollectedContext(const FollowUpRecord& record, int up_to) const;
  void CarryOutCollected(const FollowUpRecord& record, Plan plan, Job& job) const;
  Status AddEndOfQuestion(const PlanRun& run, Batch& batch) const;
  Result<EndMembers> EndOf(const FollowUpRecord& record, const PlanRun::Answered& answered) const;
  void RefuseCollected(const FollowUpRecord& record, const std::string& why, Job& job) const;
  void EndCollected(const FollowUpRecord& record, const PlanRun::Answered& answered, Job& job) const;
  static std::optional<PlanRun::Answered> AnsweredBy(const PlanRecord& record);

  // resume.cc
  Result<std::vector<EventRecord>> ClaimLeft() const;
  bool ContinueOwn(EventNumber event, const std::string& why, Job& job) const;
  void Continue(const EventRecord& record, Job& job) const;
  bool GoOnWithToken(EventNumber event, const std::string& why, Job& job) const;
  bool GoOnWaiting(const EventRecord& earlier, const std::string& why, Job& job) const;
  void GoOn(const FollowUpRecord* ringing, Job& job) const;
  Result<PlanRun> LoadRun(const PlanRecord& record) const;
  void GoOn(const PlanRecord& record, bool approved, const FollowUpRecord* ringing, Job& job) const;
  Result<Plan> PlanNow(const EventRecord& record, const Plan& approved) const;
  enum class Outdated { kSome, kAll };
  Result<Outdated> EndOutdated(const PlanRun& run, const Plan& now) const;
  Status RingSoonAfterApproval(const PlanRecord& plan) const;
  Status EndPlan(const PlanRecord& plan, PlanState state, const std::string& why) const;
  void EndApprovalTimer(const PlanRecord& plan, const std::string& why) const;

  // follow_ups.cc
  void AskNow(const FollowUpRecord& record, Job& job) const;
  bool IsAboutCase(const Question& question) const;
  Result<FollowUpContext> ContextOf(const FollowUpRecord& record) const;
  void AskWorkflow(const FollowUpRecord& record, Job& job) const;
  Result<Plan> PlanToAnswerNow(const FollowUpContext& context, Job& job) const;
  void RecoverForOthers(Job& job) const;
  bool CarryOutOwn(const NewEvent& own, Plan plan, Job& job) const;
  void CarryOutAnswer(const FollowUpRecord& record, const Answer& answer, Plan plan, Job& job) const;
  void Snooze(const FollowUpRecord& record, const std::string& why, Job& job) const;
  void EndApproval(const FollowUpRecord& record, Job& job) const;
  void GiveUpOutcome(const FollowUpRecord& record, Job& job) const;
  void LetGoOn(const FollowUpRecord& record, Job& job) const;
  std::optional<TimePoint> RingsAgain(const FollowUpRecord& record, const Job& job) const;
  void AskAgainAt(TimePoint time, const FollowUpRecord& record, Job& job) const;
  Status SettleHeld(const FollowUpRecord& record) const;
  Result<std::optional<PlanRecord>> PlanHeldBy(const FollowUpRecord& record) const;
  Result<std::vector<ActionChange>> ChangesBy(const Answer& answer, const std::vector<ActionNumber>& waiting) const;
  void EndFollowUp(const FollowUpRecord& record, FollowUpState state, const std::string& why,
                   const std::vector<ActionChange>& changes, Job& job) const;
  // An Error of these: the ledger failed, and what was to be settled is not. Whoever is asked again tries it again; who
  // is not tells it in the log, and the question about the end of the case finds it.
  Status SettlePlan(PlanNumber plan) const;
  Status Settle(EventNumber event) const;
  Status SettleCase(CaseNumber case_number) const;
  void TellUnsettled(const Status& settled, EventNumber event) const;
  void SettleAll(const std::vector<ActionNumber>& answered, const Question& question, const Job& job) const;
  void LookForEndOf(CaseNumber case_number, const Matter& matter, const Job& job) const;

  HandlerParts parts_;
  SteadyTime steady_;
  std::shared_ptr<LeftEvents> left_ = std::make_shared<LeftEvents>();
  std::shared_ptr<UntoldCases> untold_ = std::make_shared<UntoldCases>();
};

}  // namespace sallyport

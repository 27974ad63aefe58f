// SPDX-License-Identifier: Apache-2.0
//
// Executor: the only code that changes anything outside. It takes a plan whose actions are in the ledger, asks the
// gates about each, writes down that it is about to act, acts, and writes down what came of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "gates/gates.h"
#include "ledger/ledger.h"
#include "notify/notifier.h"
#include "swp/service.h"
#include "workflow/plan.h"

namespace sallyport {

struct ExecutorOptions {
  GateSettings gates;
  bool dry_run = false;  // every gate is asked, nothing is called or sent
  bool force = false;    // the age of the event does not matter
};

struct ActionOutcome {
  ActionNumber number;
  ActionState state = ActionState::kPlanned;
  std::string reason;
  bool recorded = true;  // false: the ledger does not hold this outcome
  std::vector<GateVerdict> gates;
  std::optional<swp::AcceptedScan> accepted;  // of a scan that SWP took
  // Of a dry run: the call it would make, or the message it would send.
  std::string would_do;
};

class Executor {
 public:
  // References outlive the executor.
  Executor(Ledger& ledger, swp::Writes& swp, Notifier& notifier, const Clock& clock, Logger& log,
           ExecutorOptions options);

  // Carries out the plan's actions in order; `numbers` are the ledger's, one for each. One outcome for each action. An
  // action whose intention could not be written down is not carried out: kFailed.
  std::vector<ActionOutcome> Execute(EventNumber event, const Plan& plan, const std::vector<ActionNumber>& numbers);

 private:
  ActionOutcome ExecuteOne(EventNumber event, const Plan& plan, const PlannedAction& planned, ActionNumber number);
  GateFacts FactsFor(const Plan& plan, const PlannedAction& planned, ActionNumber number);
  ActionOutcome CarryOut(EventNumber event, const Plan& plan, const PlannedAction& planned, ActionOutcome outcome);
  void Act(const RequestScan& scan, const PlannedAction& planned, ActionOutcome& outcome);
  void Act(const OwnerMessageToSend& message, ActionOutcome& outcome);
  std::string WouldDo(const Plan& plan, const PlannedAction& planned, EventNumber event) const;
  ActionOutcome Record(ActionOutcome outcome);

  Ledger& ledger_;
  swp::Writes& swp_;
  Notifier& notifier_;
  const Clock& clock_;
  Logger& log_;
  ExecutorOptions options_;
};

}  // namespace sallyport

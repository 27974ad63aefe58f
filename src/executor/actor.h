// SPDX-License-Identifier: Apache-2.0
//
// Actor: carries out one kind of action. The executor decides whether and when, and keeps the books.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "action/action.h"
#include "base/check.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "notify/notifier.h"
#include "swp/service.h"
#include "workflow/host_history.h"
#include "workflow/owner.h"
#include "workflow/plan.h"

namespace sallyport {

// One action on its way.
struct ActorTask {
  const PlannedAction& planned;
  const Plan& plan;
  CaseNumber case_number;
  // When it was about to be carried out before, and nobody wrote down what came of it: it may have been.
  std::optional<TimePoint> intended_at;
  // It was held (approval, window, wave) and goes on now: what was read about its hosts may be old.
  bool goes_on = false;
  // What the service wants to have back with an answer. Never empty for a kind that needs it (ActionRow).
  Secret answer_token{};
};

// What came of carrying it out.
struct Done {
  // kRequested, kWaiting (it waits for what runs), kApplied, kVerified, kSent; kFailed: known not to have worked;
  // kIntended: it may have worked, or may still, and that could not be found out; the executor looks again (FindOut).
  ActionState state = ActionState::kFailed;
  std::string reason;
  // What is to be asked later to learn how it ended.
  std::vector<Question> ask;
};

// What an error says of the act: it failed, a gate stopped it after all, or nobody knows (kOutcomeUnknown).
Done Failed(const Error& error);
// Of a change that was answered and does not show in what was read back (`read`: why it could not be read): kIntended,
// looked for again (FindOut). `where`: behind the word "written".
Done NotReadBack(const std::string& where, const Status& read);

// The seam of one kind, as the executor knows it. An actor of a kind derives from ActorOf<its struct>.
class Actor {
 public:
  virtual ~Actor() = default;

  virtual Done Act(const ActorTask& task) = 0;
  // The call that it would make, or the message that it would send: for a dry run. No secrets.
  virtual std::string WouldDo(const ActorTask& task) const = 0;
  // For one that may have been carried out before a crash: what came of it, also that this could not be found out.
  // Nothing: it was not carried out, or may be carried out again without harm.
  virtual std::optional<Done> FindOut(const ActorTask& task) = 0;
  // The action with its hosts as they are now: gates look at these. An Error: they could not be read, and it must not
  // be carried out.
  virtual Result<Action> WithHostsOfNow(const ActorTask& task) = 0;
  // For an exclusive kind: the question whose answer tells that such an action has ended. While one is open, an equal
  // action of another case waits for the same end. Nothing of a kind whose act is its end.
  virtual std::optional<Question> AsksForEnd(const ActorTask& task) const = 0;
};

template <ActionContent T>
class ActorOf : public Actor {
 public:
  Done Act(const ActorTask& task) final { return Act(Content(task), task); }
  std::string WouldDo(const ActorTask& task) const final { return WouldDo(Content(task), task); }
  std::optional<Done> FindOut(const ActorTask& task) final { return FindOut(Content(task), task); }
  Result<Action> WithHostsOfNow(const ActorTask& task) final {
    auto now = WithHostsOfNow(Content(task), task);
    if (!now.ok()) return now.error();
    return Action(*std::move(now));
  }
  std::optional<Question> AsksForEnd(const ActorTask& task) const final { return AsksForEnd(Content(task), task); }

 protected:
  virtual Done Act(const T& action, const ActorTask& task) = 0;
  virtual std::string WouldDo(const T& action, const ActorTask& task) const = 0;
  virtual std::optional<Done> FindOut(const T& action, const ActorTask& task) = 0;
  virtual Result<T> WithHostsOfNow(const T& action, const ActorTask& task) = 0;
  virtual std::optional<Question> AsksForEnd(const T& action, const ActorTask& task) const = 0;

 private:
  static const T& Content(const ActorTask& task) {
    const T* content = task.planned.action.As<T>();
    Check(content != nullptr, "an action of the actor's kind");
    return *content;
  }
};

// What actors are made from; each takes what it needs. References outlive the actors.
struct ActorSeams {
  swp::Reads& reads;
  swp::Writes& writes;
  Notifier& notifier;
  const Clock& clock;
  Logger& log;
  const OwnerDirectory& directory;
  HostHistory* history = nullptr;  // what findings say about hosts; nullptr: nothing is kept
};

// The host with the tags that SWP knows now, for an action that was held or interrupted; the host itself for one that
// was decided a moment ago. An error when the computer is another host now, or its agent was activated anew.
Result<Host> HostOfNow(const Host& host, ComputerId computer, const ActorTask& task, swp::Reads& reads);

}  // namespace sallyport

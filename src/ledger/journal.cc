// SPDX-License-Identifier: Apache-2.0
//
// What of the Journal holds for every store: how a batch is counted, and calls that are one item each.
#include "ledger/journal.h"

#include <algorithm>
#include <utility>

#include "base/bounds.h"

namespace sallyport {
namespace {

std::size_t CountOf(const std::vector<NewAction>& actions) {
  std::size_t count = actions.size();
  for (const NewAction& action : actions) count += action.follow_ups.size();
  return count;
}

struct ItemCounter {
  std::size_t operator()(const NewPlan& plan) const { return 1 + CountOf(plan.actions); }
  std::size_t operator()(const MoreActions& more) const { return CountOf(more.actions); }
  std::size_t operator()(const ActionChange& change) const { return 1 + change.follow_ups.size(); }
  template <class Other>
  std::size_t operator()(const Other&) const {
    return 1;
  }
};

Batch BatchOf(Item item) {
  Batch batch;
  batch.items.push_back(std::move(item));
  return batch;
}

// As many of the actions from `begin` on as fit into a batch that has `taken` items already.
std::vector<NewAction> Fitting(const std::vector<NewAction>& actions, std::size_t begin, std::size_t taken) {
  std::vector<NewAction> fitting;
  for (std::size_t i = begin; i < actions.size(); ++i) {
    taken += 1 + actions[i].follow_ups.size();
    if (taken > bounds::kCommitItems && !fitting.empty()) break;
    fitting.push_back(actions[i]);
  }
  return fitting;
}

Status StatusOf(const Result<Committed>& committed) {
  return committed ? Ok() : Status(committed.error());
}

}  // namespace

std::size_t CountItems(const Batch& batch) {
  std::size_t count = 0;
  for (const Item& item : batch.items) count += std::visit(ItemCounter{}, item);
  return count;
}

std::optional<SeenAction> SeenOf(const std::optional<ActionRecord>& record) {
  if (!record) return std::nullopt;
  return SeenAction{record->number, record->state, record->changed_at};
}

std::optional<SeenDelivery> SeenOf(const std::optional<DeliveryRecord>& record) {
  if (!record) return std::nullopt;
  return SeenDelivery{record->state, record->attempts, record->changed_at};
}

Status CheckFormat(std::string_view what, std::int64_t number, int format, int newest) {
  if (format >= 1 && format <= newest) return Ok();
  return Error{ErrorCode::kInvalidInput,
               std::string(what) + " " + std::to_string(number) + " has format " + std::to_string(format) +
                   ", and this program reads formats from 1 to " + std::to_string(newest),
               "use the newer program that wrote it"};
}

Result<std::vector<ActionNumber>> Journal::AddPlan(EventNumber event, const NewPlan& plan) {
  NewPlan first = plan;
  first.event = event;
  first.all_actions = plan.actions.size();
  first.actions = Fitting(plan.actions, 0, 1);
  auto committed = Commit(BatchOf(std::move(first)));
  if (!committed) return committed.error();
  return AddMissingActions(committed->plans.front(), std::move(committed->actions), plan.actions);
}

Result<std::vector<ActionNumber>> Journal::AddMissingActions(PlanNumber plan, std::vector<ActionNumber> recorded,
                                                             const std::vector<NewAction>& all) {
  while (recorded.size() < all.size()) {
    const auto committed = Commit(BatchOf(MoreActions{plan, Fitting(all, recorded.size(), 0)}));
    if (!committed) return committed.error();
    recorded.insert(recorded.end(), committed->actions.begin(), committed->actions.end());
  }
  return recorded;
}

// Changes that do not fit beside the follow-up come before it: until it has ended it is asked again.
Status Journal::ChangeFollowUp(FollowUpChange change, const std::vector<ActionChange>& changes) {
  constexpr std::size_t kFit = bounds::kCommitItems - 1;
  std::size_t done = 0;
  for (; changes.size() - done > kFit; done += kFit) {
    Batch batch;
    for (std::size_t i = done; i < done + kFit; ++i) batch.items.emplace_back(changes[i]);
    if (const auto committed = Commit(batch); !committed) return committed.error();
  }
  Batch last;
  last.items.emplace_back(std::move(change));
  for (; done < changes.size(); ++done) last.items.emplace_back(changes[done]);
  return StatusOf(Commit(last));
}

Result<std::optional<PlanRecord>> Journal::FindPlanOf(EventNumber event) {
  auto plans = PlansOf(event);
  if (!plans) return plans.error();
  if (plans->empty()) return std::optional<PlanRecord>();
  return std::optional<PlanRecord>(std::move(plans->back()));
}

Status Journal::SetPlanState(EventNumber event, PlanState state, std::string_view reason,
                             std::optional<TimePoint> expires_at) {
  const auto plan = FindPlanOf(event);
  if (!plan) return plan.error();
  if (!*plan) {
    return Error{ErrorCode::kNotFound,
                 "cannot record the state of a plan: there is no plan of event " + std::to_string(event.value), ""};
  }
  return SetPlanState((*plan)->number, state, reason, expires_at);
}

Status Journal::SetPlanState(PlanNumber plan, PlanState state, std::string_view reason,
                             std::optional<TimePoint> expires_at) {
  return StatusOf(Commit(BatchOf(PlanChange{plan, state, std::string(reason), expires_at})));
}

Status Journal::SetEventState(EventNumber event, EventState state, std::string_view reason) {
  return StatusOf(Commit(BatchOf(EventChange{event, state, std::string(reason)})));
}

Status Journal::SetActionState(ActionNumber action, ActionState state, std::string_view reason,
                               const std::vector<NewFollowUp>& follow_ups) {
  return StatusOf(Commit(BatchOf(ActionChange{action, state, std::string(reason), "", follow_ups})));
}

Status Journal::HoldAction(ActionNumber action, std::string_view held_by, std::string_view reason,
                           const std::vector<NewFollowUp>& follow_ups) {
  return StatusOf(
      Commit(BatchOf(ActionChange{action, ActionState::kHeld, std::string(reason), std::string(held_by), follow_ups})));
}

Result<bool> Journal::IntendUnlessOvertaken(ActionNumber action, std::string_view reason, TimePoint since,
                                            const std::optional<ActionRecord>& seen) {
  const auto own = GetAction(action);
  if (!own) return own.error();
  Batch batch = BatchOf(ActionChange{action, ActionState::kIntended, std::string(reason), "", {}});
  batch.claims.emplace_back(
      DeedIs{own->action.kind, own->action.what, own->action.subject, since, SeenOf(seen), action});
  const auto committed = Commit(batch);
  if (!committed) return committed.error();
  return committed->recorded();
}

Result<FollowUpNumber> Journal::AddFollowUp(const NewFollowUp& follow_up) {
  const auto committed = Commit(BatchOf(follow_up));
  if (!committed) return committed.error();
  return committed->follow_ups.front();
}

Status Journal::SnoozeFollowUp(FollowUpNumber follow_up, TimePoint due, std::string_view reason,
                               const std::vector<ActionChange>& changes) {
  return ChangeFollowUp({follow_up, FollowUpState::kOpen, std::string(reason), due}, changes);
}

Status Journal::EndFollowUp(FollowUpNumber follow_up, FollowUpState state, std::string_view reason,
                            const std::vector<ActionChange>& changes) {
  // With kOpen it would be asked again; an end it is not.
  if (state == FollowUpState::kOpen) {
    return Error{ErrorCode::kInvalidInput, "cannot record the end of a follow-up: `open` is no end", ""};
  }
  return ChangeFollowUp({follow_up, state, std::string(reason), {}}, changes);
}

Status Journal::RecordDelivery(const DeliveryRecord& delivery) {
  return StatusOf(Commit(BatchOf(delivery)));
}

Result<bool> Journal::RecordDeliveryUnlessOvertaken(const DeliveryRecord& delivery,
                                                    const std::optional<SeenDelivery>& seen) {
  Batch batch = BatchOf(delivery);
  batch.claims.emplace_back(DeliveryIs{delivery.case_number, delivery.message, delivery.channel, seen});
  const auto committed = Commit(batch);
  if (!committed) return committed.error();
  return committed->recorded();
}

}  // namespace sallyport

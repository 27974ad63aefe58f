// SPDX-License-Identifier: Apache-2.0
#include "base/bounds.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

struct ItemWriter {
  Writing& writing;
  Committed& committed;

  Status operator()(const NewPlan& plan) const { return InsertPlan(writing, plan, committed); }
  Status operator()(const MoreActions& more) const { return InsertMoreActions(writing, more, committed); }
  Status operator()(const PlanChange& change) const { return ChangePlan(writing, change); }
  Status operator()(const ActionChange& change) const { return ChangeAction(writing, change, committed); }
  Status operator()(const EventChange& change) const { return ChangeEvent(writing, change); }
  Status operator()(const NewFollowUp& follow_up) const {
    const Result<FollowUpNumber> number = InsertFollowUp(writing, follow_up);
    if (!number) return number.error();
    committed.follow_ups.push_back(*number);
    return Ok();
  }
  Status operator()(const FollowUpChange& change) const { return ChangeFollowUp(writing, change); }
  Status operator()(const NewMember& member) const { return InsertMember(writing, member, committed); }
  Status operator()(const EndMembers& end) const { return EndQuestion(writing, end, committed); }
  Status operator()(const DeliveryRecord& delivery) const { return UpsertDelivery(writing, delivery); }
};

Status CheckSize(const Batch& batch) {
  const std::size_t count = CountItems(batch);
  if (count <= bounds::kCommitItems && batch.claims.size() <= bounds::kCommitItems) return Ok();
  return Error{ErrorCode::kTooLarge,
               "a commit of " + std::to_string(count) + " items and " + std::to_string(batch.claims.size()) +
                   " claims is over the bound of " + std::to_string(bounds::kCommitItems) + " each",
               "record it in several"};
}

}  // namespace

Result<Committed> WriteBatch(Writing& writing, const Batch& batch) {
  if (Status good = CheckSize(batch); !good) return good.error();
  Committed committed;
  for (std::size_t i = 0; i < batch.claims.size(); ++i) {
    const Result<bool> holds = Holds(writing.database, batch.claims[i]);
    if (!holds) return holds.error();
    if (*holds) continue;
    committed.overtaken = i;
    return committed;
  }
  const ItemWriter write{writing, committed};
  for (const Item& item : batch.items) {
    if (Status written = std::visit(write, item); !written) return written.error();
  }
  if (Status settled = SettleCases(writing); !settled) return settled.error();
  return committed;
}

}  // namespace sallyport

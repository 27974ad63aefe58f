// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/put_evaluations.h"

#include "action/put_evaluations.h"
#include "base/text.h"
#include "compliance/seams.h"

namespace sallyport {
namespace {

// Those that AWS Config did not take are sent again at once; what waits longer waits for the next delivery.
constexpr int kMostPuts = 4;
// Enough that a call's way there and back is not what a schedule waits for; few enough for a service that says nothing
// of how many calls it takes.
constexpr int kPutsAtATime = 2;

class EvaluationPutter final : public ActorOf<PutEvaluations> {
 public:
  EvaluationPutter(compliance::Writes* writes, Logger& log) : writes_(writes), log_(log) {}

 protected:
  Done Act(const PutEvaluations& put, const ActorTask& task) override {
    if (writes_ == nullptr) return Failed({ErrorCode::kUnavailable, "no access to AWS Config is set up", ""});
    std::vector<compliance::Evaluation> left = put.evaluations;
    for (int tries = 1; tries <= kMostPuts && !left.empty(); ++tries) {
      auto failed = writes_->PutEvaluations(put.place, left, put.ordering, task.answer_token, put.test);
      if (!failed.ok()) return CannotPut(put, left.size(), WithTaken(put, left.size(), failed.error()));
      // All of them again is no progress; some of them again is.
      left = *std::move(failed);
    }
    const std::size_t all = put.evaluations.size();
    if (!left.empty()) {
      return CannotPut(
          put, left.size(),
          {ErrorCode::kUnavailable,
           "AWS Config did not take " + std::to_string(left.size()) + " of " + std::to_string(all) + " verdicts in " +
               std::to_string(kMostPuts) + " tries, the first for " + Printable(left.front().resource_id, 100),
           "the next delivery of the event sends them again"});
    }
    return {ActionState::kSent,
            put.test ? "AWS Config checked " + Counted(all) + " and stored none (test mode)"
                     : "AWS Config took " + Counted(all),
            {}};
  }

  std::string WouldDo(const PutEvaluations& put, const ActorTask&) const override {
    JsonWriter out;
    out.BeginObject().Member("TestMode", put.test).Member("OrderingTimestamp", FormatTime(put.ordering));
    out.Key("Evaluations").BeginArray();
    for (const compliance::Evaluation& one : put.evaluations) {
      out.BeginObject().Member("ComplianceResourceType", one.resource_type);
      out.Member("ComplianceResourceId", one.resource_id);
      out.Member("ComplianceType", compliance::ToString(one.compliance))
          .Member("Annotation", one.annotation)
          .EndObject();
    }
    out.EndArray().EndObject();
    return "config:PutEvaluations in " + put.place.account + ", " + put.place.region + " " + out.Take();
  }

  // Told again it is the same.
  std::optional<Done> FindOut(const PutEvaluations&, const ActorTask&) override { return std::nullopt; }
  Result<PutEvaluations> WithHostsOfNow(const PutEvaluations& put, const ActorTask&) override { return put; }
  std::optional<Question> AsksForEnd(const PutEvaluations&, const ActorTask&) const override { return std::nullopt; }

 private:
  static std::string Counted(std::size_t count) {
    return count == 1 ? "the verdict" : std::to_string(count) + " verdicts";
  }

  // What an earlier try of the batch came to is known, whatever became of this one.
  static Error WithTaken(const PutEvaluations& put, std::size_t left, Error error) {
    const std::size_t all = put.evaluations.size();
    if (left == all) return error;
    error.message = "AWS Config took " + std::to_string(all - left) + " of " + std::to_string(all) +
                    " verdicts; of the others: " + error.message;
    return error;
  }

  Done CannotPut(const PutEvaluations& put, std::size_t left, const Error& error) const {
    log_.Failure("verdicts not put", error,
                 {{"rule", put.rule}, {"batch", put.batch}, {"left", static_cast<std::int64_t>(left)}});
    // Told again it does no harm, so a lost answer is a failure that the next delivery mends.
    Error plain = error;
    if (plain.code == ErrorCode::kOutcomeUnknown) plain.code = ErrorCode::kUnavailable;
    return Failed(plain);
  }

  compliance::Writes* writes_;
  Logger& log_;
};

}  // namespace

ActionRow PutEvaluationsRow() {
  ActionRow row = RowOf<PutEvaluations>([](const ActorSeams& seams) {
    return std::make_unique<EvaluationPutter>(compliance::OfferedBy<compliance::Writes>(&seams.notifier), seams.log);
  });
  row.needs_answer_token = true;
  row.side_by_side = kPutsAtATime;
  return row;
}

}  // namespace sallyport

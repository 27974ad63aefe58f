// SPDX-License-Identifier: Apache-2.0
//
// The token that comes with an event (Event::answer_token) and is needed for its answer: it is carried, and never kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/crash_for_test.h"
#include "workflow/config_rule.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// An answer that only whoever has the token may give.
struct GiveAnswer {
  static constexpr std::string_view kKind = "give-answer";
  std::string about;
  bool operator==(const GiveAnswer&) const = default;

  std::string What() const { return ""; }
  std::string Subject() const { return about; }
  std::string Describe() const { return "answer about " + about; }
  WritesTo Writes() const { return WritesTo::Elsewhere(); }
  std::string Undo() const { return "another answer"; }
  const Host* About() const { return nullptr; }
  bool OwnerHears() const { return false; }
  Targets Touches() const { return {}; }
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const { return {}; }
  bool SameDecision(const GiveAnswer& now) const { return about == now.about; }
  void DescribeJson(Members& json) { json("about", about); }
};

class AnswerGiver final : public ActorOf<GiveAnswer> {
 public:
  explicit AnswerGiver(std::vector<std::string>& given) : given_(given) {}

 protected:
  Done Act(const GiveAnswer&, const ActorTask& task) override {
    given_.push_back(task.answer_token.RevealForRequest());
    return {ActionState::kVerified, "answered", {}};
  }
  std::string WouldDo(const GiveAnswer&, const ActorTask&) const override { return "answer"; }
  std::optional<Done> FindOut(const GiveAnswer&, const ActorTask&) override { return std::nullopt; }
  Result<GiveAnswer> WithHostsOfNow(const GiveAnswer& answer, const ActorTask&) override { return answer; }
  std::optional<Question> AsksForEnd(const GiveAnswer&, const ActorTask&) const override { return std::nullopt; }

 private:
  std::vector<std::string>& given_;
};

// As AWS Config sends it, by way of EventBridge.
std::string Invocation(const std::string& token) {
  return R"({"version":"0","id":"e1","detail-type":"AWS Config Rule Invocation","source":"aws.config",)"
         R"("account":"111122223333","region":"us-east-1","time":"2025-11-24T16:00:00Z",)"
         R"("detail":{"invokingEvent":"{}","resultToken":")" +
         token + R"("}})";
}

struct TokenWorld : FileWorld {
  TokenWorld() {
    ActionRow row =
        RowOf<GiveAnswer>([this](const ActorSeams&) { return std::make_unique<AnswerGiver>(given); }, {true, true});
    row.needs_answer_token = true;
    options.actions.push_back(std::move(row));
    options.gates = DefaultGates(KindsOf(options.actions));
    options.gates.mode = Mode::kEnforce;
    Plan plan;
    plan.decision = Decision::kAct;
    PlannedAction planned;
    planned.action = GiveAnswer{"rule 1"};
    planned.key = IdempotencyKey({"give-answer", "rule 1"});
    plan.actions = {planned};
    // In place of the product's own row for these events, whose form takes the token out of them.
    tables.other_forms.push_back(ConfigRuleBareForm());
    tables.workflows = {MadeUpRow("answers", plan, "aws.config")};
  }
  std::vector<std::string> given;
};

TEST(AnswerToken, ReachesTheActAndNoByteOfItTheLedger) {
  TokenWorld world;
  const EventReport report = world.Handle(Invocation("SECRET-first-token"));
  EXPECT_EQ(report.state, EventState::kDone) << report.reason;
  EXPECT_THAT(world.given, ElementsAre("SECRET-first-token"));
  EXPECT_THAT(world.Bytes(), Not(HasSubstr("SECRET-first-token")));
  EXPECT_THAT(world.Bytes(), HasSubstr("invokingEvent")) << "these are the bytes of the ledger";
  // A repetition brings another one.
  EXPECT_EQ(world.Handle(Invocation("SECRET-second-token")).state, EventState::kDuplicate);
  EXPECT_THAT(world.given, SizeIs(1));
  EXPECT_THAT(world.Bytes(), Not(HasSubstr("SECRET-second-token")));
}

TEST(AnswerToken, WithoutOneARecoveredActionFailsWithASentence) {
  TokenWorld world;
  world.HandleAndDie(Invocation("SECRET-first-token"));
  world.given.clear();
  world.With([](Handler& handler) { return handler.Recover(); });
  // It may be under way for some time; then it would have to be given anew.
  world.RunFollowUps();
  EXPECT_THAT(world.given, IsEmpty());
  EXPECT_EQ(world.Event(1).state, EventState::kFailed);
  EXPECT_THAT(world.Event(1).reason, HasSubstr("it needs the token that came with the event, which is never recorded; "
                                               "deliver the event again"));
  // Delivered again it is decided anew.
  EXPECT_EQ(world.Handle(Invocation("SECRET-second-token")).state, EventState::kDone);
  EXPECT_THAT(world.given, ElementsAre("SECRET-second-token"));
}

TEST(AnswerToken, OfARedeliveryLetsAnEventThatWasLeftGoOn) {
  TokenWorld world;
  world.HandleAndDie(Invocation("SECRET-first-token"));
  ASSERT_EQ(world.Event(1).state, EventState::kPlanned);
  world.given.clear();
  // The answer that was about to be given may be under way.
  EXPECT_EQ(world.Handle(Invocation("SECRET-second-token")).state, EventState::kWaiting);
  EXPECT_THAT(world.given, IsEmpty());
  EXPECT_EQ(world.Event(2).state, EventState::kDuplicate);
  EXPECT_THAT(world.Event(2).reason, HasSubstr("same content as event 1"));
  world.clock.Advance(world.options.may_arrive);
  const EventReport report = world.Handle(Invocation("SECRET-third-token"));
  EXPECT_THAT(world.given, ElementsAre("SECRET-third-token"));
  EXPECT_EQ(report.number->value, 1);
  EXPECT_EQ(report.state, EventState::kDone) << report.reason;
  EXPECT_EQ(world.Event(1).state, EventState::kDone);
  EXPECT_THAT(world.Bytes(), Not(HasSubstr("SECRET")));
}

TEST(AnswerToken, OfARedeliveryLetsAnActionThatWasHeldGoOn) {
  TokenWorld world;
  // It is Monday, 16:00.
  world.options.gates.windows = {ParseMaintenanceWindow("mon 18:00-20:00").value()};
  ASSERT_EQ(world.Handle(Invocation("SECRET-first-token")).state, EventState::kWaiting);
  EXPECT_THAT(world.given, IsEmpty());
  world.clock.Advance(std::chrono::hours(1));
  EXPECT_EQ(world.Handle(Invocation("SECRET-second-token")).state, EventState::kWaiting) << "the window is closed";
  EXPECT_THAT(world.given, IsEmpty());
  world.clock.Advance(std::chrono::hours(1) + std::chrono::minutes(1));
  EXPECT_EQ(world.Handle(Invocation("SECRET-third-token")).state, EventState::kDone);
  EXPECT_THAT(world.given, ElementsAre("SECRET-third-token"));
  EXPECT_EQ(world.Event(1).state, EventState::kDone);
  EXPECT_EQ(world.Event(3).state, EventState::kDuplicate);
  EXPECT_THAT(world.StatesOf(1), ElementsAre("give-answer verified"));
  world.RunFollowUps();
  EXPECT_THAT(world.given, SizeIs(1));
  EXPECT_THAT(world.Bytes(), Not(HasSubstr("SECRET")));
}

TEST(AnswerToken, WithoutOneAHeldActionFailsWhenItsTimeComes) {
  TokenWorld world;
  world.options.gates.windows = {ParseMaintenanceWindow("mon 18:00-20:00").value()};
  ASSERT_EQ(world.Handle(Invocation("SECRET-first-token")).state, EventState::kWaiting);
  world.RunFollowUps();
  EXPECT_THAT(world.given, IsEmpty());
  EXPECT_EQ(world.Event(1).state, EventState::kFailed);
  EXPECT_THAT(world.Event(1).reason, HasSubstr("it needs the token"));
}

}  // namespace
}  // namespace sallyport

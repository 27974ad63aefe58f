// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every request and every set of policies, tried on thousands of made-up ones with fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "policy/explain.h"
#include "policy/who_can.h"
#include "tests/policy/reference.h"
#include "tests/policy/world.h"

namespace sallyport::policy {
namespace {

// The sanitizers see no more in the second thousand than in the first hundreds, and are slow.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SALLYPORT_SANITIZED
#endif
#endif
#ifdef SALLYPORT_SANITIZED
constexpr std::uint64_t kWorlds = 500;
constexpr std::uint64_t kCrowds = 8;
#else
constexpr std::uint64_t kWorlds = 2'500;
constexpr std::uint64_t kCrowds = 25;
#endif

std::string Describe(const World& world) {
  std::string text = world.principal + " " + world.action + " " + world.resource + " of " + world.resource_account;
  for (const auto& [key, value] : world.context) text += "\n  " + key + "=" + value.values.front();
  const auto add = [&text](const char* name, const std::vector<Document>& documents) {
    for (const Document& document : documents) text += std::string("\n") + name + ": " + PrintDocument(document);
  };
  add("identity", world.identity);
  add("boundary", world.boundary);
  add("session", world.session);
  add("endpoint", world.endpoint);
  add("resource", world.resource_policy);
  for (const auto& level : world.scps) add("scp", level);
  for (const auto& level : world.rcps) add("rcp", level);
  return text;
}

// Of the comparison with the reference evaluator; SALLYPORT_WORLDS=1000000 for a long run by hand.
std::uint64_t WorldsToCompare() {
  const char* wanted = std::getenv("SALLYPORT_WORLDS");
  return wanted == nullptr ? kWorlds : std::strtoull(wanted, nullptr, 10);
}

template <class Check>
void ForWorlds(std::uint64_t first_seed, Check check, std::uint64_t count = kWorlds) {
  for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
    RandomChoices choices(seed);
    const World world = MakeWorld(choices);
    check(world, choices);
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << "\n" << Describe(world);
      return;
    }
  }
}

TEST(PolicyProperty, TheEngineAndTheReferenceAgree) {
  std::map<std::string, std::uint64_t> counts;
  const auto compare = [&counts](const World& world, Choices&) {
    const Context context = ContextOf(world);
    const std::string got(ToString(Decide(RequestOf(world, context), CompileWorld(world))));
    ++counts[got];
    EXPECT_EQ(got, ReferenceDecide(world));
  };
  ForWorlds(1, compare, WorldsToCompare());
  for (const auto& [decision, count] : counts) RecordProperty(decision, std::to_string(count));
  // Worlds that all end alike would show nothing.
  EXPECT_GT(counts["Allowed"], kWorlds / 30);
  EXPECT_GT(counts["ExplicitlyDenied"], kWorlds / 12);
  EXPECT_GT(counts["ImplicitlyDenied"], kWorlds / 12);
  EXPECT_GT(counts["CouldNotDecide"], kWorlds / 1'000);
}

void Shuffle(std::vector<Document>& documents, Choices& choices) {
  const auto shuffle = [&choices](auto& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[choices.Below(i)]);
  };
  shuffle(documents);
  for (Document& document : documents) {
    shuffle(document.statements);
    for (Statement& statement : document.statements) {
      shuffle(statement.conditions);
      shuffle(statement.action.patterns);
    }
  }
}

TEST(PolicyProperty, OrderNeverMatters) {
  ForWorlds(100'000, [](const World& world, Choices& choices) {
    World shuffled = world;
    for (auto* list :
         {&shuffled.identity, &shuffled.boundary, &shuffled.session, &shuffled.endpoint, &shuffled.resource_policy}) {
      Shuffle(*list, choices);
    }
    for (auto& level : shuffled.scps) Shuffle(level, choices);
    const Context context = ContextOf(world);
    EXPECT_EQ(Decide(RequestOf(world, context), CompileWorld(world)),
              Decide(RequestOf(shuffled, context), CompileWorld(shuffled)));
  });
}

int AccessOf(Decision decision) {
  return decision == Decision::kAllowed ? 2 : decision == Decision::kUndecided ? 1 : 0;
}

TEST(PolicyProperty, OneDenyMoreNeverGivesAccess) {
  ForWorlds(500'000, [](const World& world, Choices& choices) {
    World more = world;
    Document deny = MakeDocument(choices, PolicyType::kIdentity, 1);
    deny.statements.front().effect = Effect::kDeny;
    more.identity.push_back(deny);
    const Context context = ContextOf(world);
    EXPECT_LE(AccessOf(Decide(RequestOf(more, context), CompileWorld(more))),
              AccessOf(Decide(RequestOf(world, context), CompileWorld(world))));
  });
}

// Of an identity policy: in a bucket's an Allow may make the policy public.
TEST(PolicyProperty, OneAllowMoreNeverTakesAccess) {
  ForWorlds(600'000, [](const World& world, Choices& choices) {
    World more = world;
    Document allow = MakeDocument(choices, PolicyType::kIdentity, 1);
    allow.statements.front().effect = Effect::kAllow;
    more.identity.push_back(allow);
    const Context context = ContextOf(world);
    const Decision before = Decide(RequestOf(world, context), CompileWorld(world));
    const Decision after = Decide(RequestOf(more, context), CompileWorld(more));
    EXPECT_GE(AccessOf(after), AccessOf(before));
    EXPECT_EQ(after == Decision::kExplicitlyDenied && before == Decision::kAllowed, false);
  });
}

TEST(PolicyProperty, TheExplanationComesToTheSameDecision) {
  ForWorlds(200'000, [](const World& world, Choices&) {
    const Context context = ContextOf(world);
    const Request request = RequestOf(world, context);
    const PolicySet policies = CompileWorld(world);
    const Explanation explanation = Explain(request, policies);
    EXPECT_EQ(explanation.decision, Decide(request, policies));
    // The expression is computed apart from the decision, by the pass that records.
    EXPECT_EQ(explanation.condition.IsTrue(), explanation.decision == Decision::kAllowed);
    // Nobody can say what such a condition comes to.
    if (explanation.decision == Decision::kUndecided) {
      EXPECT_FALSE(explanation.reason.empty());
    } else {
      EXPECT_EQ(explanation.condition.IsFalse(), explanation.decision != Decision::kAllowed);
    }
    const std::string text = ExplanationText(request, explanation);
    std::size_t column = 0;
    for (const char c : text) {
      column = c == '\n' ? 0 : column + 1;
      ASSERT_LE(column, 100U) << text;
    }
  });
}

TEST(PolicyProperty, ADocumentReadsBackAsItWasPrinted) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    RandomChoices choices(seed);
    Document document = MakeDocument(choices, PolicyType::kResource, 4);
    // Reading puts the conditions of one operator together.
    for (Statement& statement : document.statements) {
      std::stable_sort(statement.conditions.begin(), statement.conditions.end(),
                       [](const ConditionElement& a, const ConditionElement& b) { return a.op < b.op; });
    }
    const Result<Document> again = ParseDocument(PrintDocument(document));
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(*again, document) << PrintDocument(document);
  }
}

// Some keys are forgotten; what the engine then says must hold for whatever they turn out to be.
struct Forgotten {
  Context context;
  std::vector<std::string> unknown;
  std::vector<std::string> present;
};

Forgotten Forget(const World& world, Choices& choices) {
  Forgotten forgotten{ContextOf(world), {}, {}};
  for (const std::string& key : WorldKeys()) {
    if (choices.OneIn(2)) continue;
    if (world.context.count(key) != 0 && choices.OneIn(3)) {
      forgotten.context.SetPresent(key);
      forgotten.present.push_back(key);
    } else {
      forgotten.context.SetUnknown(key);
      forgotten.unknown.push_back(key);
    }
  }
  return forgotten;
}

World Complete(const World& world, const Forgotten& forgotten, Choices& choices) {
  World complete = world;
  // A key has one type.
  const auto value_of = [&choices](const std::string& key) {
    WorldValue value = MakeValue(choices, key);
    value.several = IsWorldList(key);
    if (!value.several) value.values.resize(1);
    return value;
  };
  for (const std::string& key : forgotten.present) complete.context[key] = value_of(key);
  for (const std::string& key : forgotten.unknown) {
    if (choices.OneIn(3)) {
      complete.context.erase(key);
    } else {
      complete.context[key] = value_of(key);
    }
  }
  return complete;
}

World With(const World& world, const Forgotten& forgotten, const Assignment& assignment) {
  World complete = world;
  for (const std::string& key : forgotten.unknown) complete.context.erase(key);
  for (const auto& [name, values] : assignment) {
    const std::string key = KeyName(name).lower;
    complete.context.erase(key);
    if (values) complete.context[key] = WorldValue{values->size() > 1, *values};
  }
  return complete;
}

bool Contradicts(Decision three_valued, Decision completed) {
  switch (three_valued) {
    case Decision::kAllowed:
    case Decision::kExplicitlyDenied:
      return completed != three_valued;
    case Decision::kImplicitlyDenied:
      return completed == Decision::kAllowed;
    case Decision::kConditional:
    case Decision::kUndecided:
      break;
  }
  return false;
}

TEST(PolicyProperty, NoCompletionContradictsTheThreeValuedAnswer) {
  std::uint64_t conditional = 0;
  std::uint64_t both = 0;
  ForWorlds(300'000, [&](const World& world, Choices& choices) {
    const PolicySet policies = CompileWorld(world);
    const Forgotten forgotten = Forget(world, choices);
    Request request = RequestOf(world, forgotten.context);
    request.three_valued = true;
    const Explanation explanation = Explain(request, policies);
    EXPECT_EQ(explanation.decision, Decide(request, policies));
    for (int i = 0; i < 12; ++i) {
      const World complete = Complete(world, forgotten, choices);
      const Context context = ContextOf(complete);
      const Decision completed = Decide(RequestOf(complete, context), policies);
      EXPECT_FALSE(Contradicts(explanation.decision, completed)) << ToString(completed);
      EXPECT_FALSE(Contradicts(explanation.settled, completed)) << ToString(completed) << Describe(complete);
    }
    if (explanation.settled != Decision::kConditional) return;
    ++conditional;
    if (!explanation.settled_is_certain) return;
    ++both;
    // A certain "allowed if" can be both, and the reference says so too.
    EXPECT_EQ(ReferenceDecide(With(world, forgotten, *explanation.allowed_when)), "Allowed");
    EXPECT_NE(ReferenceDecide(With(world, forgotten, *explanation.not_allowed_when)), "Allowed");
    EXPECT_FALSE(explanation.condition.IsTrue() || explanation.condition.IsFalse());
  });
  EXPECT_GT(conditional, kWorlds / 60);
  EXPECT_GT(both, conditional / 2);
}

TEST(PolicyProperty, AFullContextGivesTheSameThroughBothWays) {
  ForWorlds(400'000, [](const World& world, Choices&) {
    const PolicySet policies = CompileWorld(world);
    const Context context = ContextOf(world);
    Request request = RequestOf(world, context);
    const Decision two = Decide(request, policies);
    request.three_valued = true;
    const Explanation three = Explain(request, policies);
    EXPECT_EQ(three.decision, two);
  });
}

TEST(PolicyProperty, TheIndexFindsWhatAskingEverybodyFinds) {
  std::size_t rows = 0;
  std::size_t evaluated = 0;
  for (std::uint64_t seed = 0; seed < kCrowds; ++seed) {
    RandomChoices choices(seed);
    const CrowdedAccount crowd = MakeCrowdedAccount(choices, 25);
    const WhoCanIndex index(crowd.principals, crowd.scps);
    const std::vector<WhoCanRow> found = index.Ask(crowd.question);
    EXPECT_EQ(found, index.AskEveryone(crowd.question)) << "seed " << seed;
    rows += found.size();
    evaluated += index.CountCandidates(crowd.question);
  }
  EXPECT_GT(rows, 2 * kCrowds);
  EXPECT_LT(evaluated, kCrowds * 25);
}

}  // namespace
}  // namespace sallyport::policy

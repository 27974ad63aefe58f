// SPDX-License-Identifier: Apache-2.0
#include "policy/condition.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::policy {
namespace {

Tri EvaluateOne(const char* op, const std::vector<std::string>& values, const char* request, Why* why_out = nullptr) {
  Context context;
  context.Set("k", request);
  context.Set("aws:PrincipalTag/team", "a*b");
  Why why = Why::kCompared;
  const Tri result = Condition({op, "K", values}, true).Evaluate(context, why);
  if (why_out != nullptr) *why_out = why;
  return result;
}

struct ConditionCase {
  const char* op;
  std::vector<std::string> values;
  const char* request;
  bool holds;
};

TEST(Condition, EveryOperatorComparesAsItIsDocumented) {
  const ConditionCase cases[] = {
      {"StringEquals", {"a", "b"}, "b", true},
      {"stringequals", {"a"}, "A", false},
      {"StringEquals", {"*"}, "x", false},
      {"StringNotEquals", {"a", "b"}, "c", true},
      {"StringNotEquals", {"a", "b"}, "b", false},
      {"StringEqualsIgnoreCase", {"aB"}, "Ab", true},
      {"StringNotEqualsIgnoreCase", {"aB"}, "Ab", false},
      {"StringLike", {"a*c"}, "abc", true},
      {"StringLike", {"*"}, "", true},
      {"StringNotLike", {"a*c", "x"}, "abd", true},
      {"StringLike", {"${aws:PrincipalTag/team}"}, "a*b", true},
      {"StringLike", {"${aws:PrincipalTag/team}"}, "axb", false},
      {"StringEquals", {"x${*}y${$}"}, "x*y$", true},
      {"StringEquals", {"${none, 'd'}"}, "d", true},
      {"StringEquals", {"${none}"}, "${none}", false},
      {"StringLike", {"${open*"}, "${openly", true},
      {"NumericEquals", {"1.20"}, "1.2", true},
      {"NumericEquals", {"ten"}, "10", false},
      {"NumericNotEquals", {"1"}, "2", true},
      {"NumericNotEquals", {"1"}, "x", false},
      {"NumericLessThan", {"-1"}, "-2", true},
      {"NumericLessThanEquals", {"5"}, "5", true},
      {"NumericGreaterThan", {"1e3"}, "1001", true},
      {"NumericGreaterThanEquals", {"5"}, "4.9", false},
      {"DateEquals", {"2025-01-01"}, "2025-01-01T01:00:00+01:00", true},
      {"DateEquals", {"1735689600"}, "2025-01-01T00:00:00Z", true},
      {"DateNotEquals", {"2025-01-01"}, "2025-01-02", true},
      {"DateNotEquals", {"2025-01-01"}, "soon", false},
      {"DateLessThan", {"2025-01-01T00:00:00.5Z"}, "2025-01-01T00:00Z", true},
      {"DateGreaterThan", {"2025-01"}, "2025-01-01T00:00:01", true},
      {"Bool", {"TRUE"}, "true", true},
      {"Bool", {"true", "false"}, "false", true},
      {"Bool", {"true"}, "yes", false},
      {"BinaryEquals", {"YWJj"}, "YWJj", true},
      {"BinaryEquals", {"YWJj"}, "YWI=", false},
      {"BinaryEquals", {"?"}, "?", false},
      {"IpAddress", {"10.1.2.3/8"}, "10.200.0.1", true},
      {"IpAddress", {"10.0.0.1"}, "10.0.0.1", true},
      {"IpAddress", {"10.0.0.1"}, "10.0.0.2", false},
      {"IpAddress", {"0.0.0.0/0"}, "2001:db8::1", false},
      {"IpAddress", {"2001:db8::/33"}, "2001:db8:7fff::1", true},
      {"IpAddress", {"2001:db8::/33"}, "2001:db8:8000::1", false},
      {"IpAddress", {"10.0.0.0/33"}, "10.0.0.1", false},
      {"NotIpAddress", {"10.0.0.0/8", "192.0.2.0/24"}, "192.0.2.7", false},
      {"NotIpAddress", {"10.0.0.0/8"}, "203.0.113.9", true},
      {"ArnEquals", {"arn:aws:s3:::b*"}, "arn:aws:s3:::b/k:x", true},
      {"ArnLike", {"arn:aws:*:*:*"}, "arn:aws:s3:::b", false},
      {"ArnLike", {"arn:aws:*:*:*:*"}, "arn:aws:s3:::b", true},
      {"ArnLike", {"*"}, "arn:aws:s3:::b", false},
      {"ArnNotLike", {"arn:aws:s3:::c"}, "arn:aws:s3:::b", true},
      {"ArnNotEquals", {"arn:aws:s3:::b"}, "arn:aws:s3:::b", false},
      {"Null", {"false"}, "x", true},
      {"Null", {"true"}, "x", false},
  };
  for (const ConditionCase& one : cases) {
    EXPECT_EQ(EvaluateOne(one.op, one.values, one.request), ToTri(one.holds)) << one.op << " " << one.request;
  }
}

TEST(Condition, AKeyThatIsMissing) {
  const std::pair<const char*, bool> cases[] = {{"StringEquals", false},
                                                {"StringNotEquals", true},
                                                {"StringEqualsIfExists", true},
                                                {"NumericNotEquals", true},
                                                {"DateLessThan", false},
                                                {"NotIpAddress", true},
                                                {"ArnNotLike", true},
                                                {"ForAllValues:StringEquals", true},
                                                {"ForAnyValue:StringEquals", false},
                                                {"ForAnyValue:StringNotEquals", false},
                                                {"ForAnyValue:StringEqualsIfExists", false},
                                                {"ForAnyValue:StringNotEqualsIfExists", false},
                                                {"ForAllValues:StringEqualsIfExists", true},
                                                {"Null", false}};
  const Context context;
  for (const auto& [op, holds] : cases) {
    Why why = Why::kCompared;
    EXPECT_EQ(Condition({op, "k", {"x"}}, true).Evaluate(context, why), ToTri(holds)) << op;
    EXPECT_EQ(why, Why::kKeyAbsent);
  }
}

TEST(Condition, SetOperatorsTestEveryValue) {
  Context context;
  context.SetList("k", {"a", "b"});
  context.SetList("empty", {});
  const auto holds = [&context](const char* op, const char* key, std::vector<std::string> values) {
    Why why = Why::kCompared;
    return Condition({op, key, std::move(values)}, true).Evaluate(context, why);
  };
  EXPECT_EQ(holds("ForAllValues:StringEquals", "k", {"a", "b", "c"}), Tri::kTrue);
  EXPECT_EQ(holds("ForAllValues:StringEquals", "k", {"a"}), Tri::kFalse);
  EXPECT_EQ(holds("ForAnyValue:StringEquals", "k", {"b"}), Tri::kTrue);
  EXPECT_EQ(holds("ForAnyValue:StringNotEquals", "k", {"a"}), Tri::kTrue);
  EXPECT_EQ(holds("ForAllValues:StringNotEquals", "k", {"a"}), Tri::kFalse);
  EXPECT_EQ(holds("ForAllValues:StringEquals", "empty", {"a"}), Tri::kTrue);
  EXPECT_EQ(holds("StringEquals", "k", {"a"}), Tri::kFalse);
  EXPECT_EQ(holds("StringNotEquals", "k", {"x"}), Tri::kFalse);
}

TEST(Condition, AnUnknownOperatorIsNeverTrueOrFalse) {
  for (const char* op : {"StringMatches", "ForSomeValues:StringEquals", "NullIfExists", ""}) {
    Why why = Why::kCompared;
    EXPECT_EQ(EvaluateOne(op, {"x"}, "x", &why), Tri::kUnknown) << op;
    EXPECT_EQ(why, Why::kOperatorUnsupported) << op;
  }
}

TEST(Condition, AVariableWithoutValueMatchesNothingAndDiffersFromEverything) {
  Why why = Why::kCompared;
  EXPECT_EQ(EvaluateOne("StringEquals", {"${none}", "y"}, "x", &why), Tri::kFalse);
  EXPECT_EQ(why, Why::kVariableMissing);
  EXPECT_EQ(EvaluateOne("StringNotEquals", {"${none}"}, "x", &why), Tri::kTrue);
  EXPECT_EQ(EvaluateOne("StringNotLike", {"${none}*"}, "x", &why), Tri::kTrue);
  EXPECT_EQ(EvaluateOne("ArnNotLike", {"arn:aws:iam::1:role/${none}"}, "arn:aws:iam::1:role/a", &why), Tri::kTrue);
  // One that is empty has no value either; a default counts then.
  Context context;
  context.Set("k", "x");
  context.Set("empty", "");
  EXPECT_EQ(Condition({"StringNotEquals", "k", {"x${empty}"}}, true).Evaluate(context, why), Tri::kTrue);
  EXPECT_EQ(Condition({"StringEquals", "k", {"${empty, 'x'}"}}, true).Evaluate(context, why), Tri::kTrue);
  EXPECT_EQ(EvaluateOne("StringNotEquals", {"${none}", "x"}, "x", &why), Tri::kFalse);
}

TEST(Condition, WhatIsNotOfTheOperatorsTypeIsNotKnownToDiffer) {
  const std::pair<const char*, const char*> cases[] = {{"NumericNotEquals", "5"},
                                                       {"DateNotEquals", "2025-01-01"},
                                                       {"NotIpAddress", "10.0.0.1"},
                                                       {"ArnNotLike", "arn:aws:iam::1:role/a"}};
  for (const auto& [op, request] : cases) {
    Why why = Why::kCompared;
    EXPECT_EQ(EvaluateOne(op, {"none of these"}, request, &why), Tri::kUnknown) << op;
    EXPECT_EQ(why, Why::kValueInvalid) << op;
    EXPECT_EQ(EvaluateOne(op, {"none of these", request}, request, &why), Tri::kFalse) << op;
  }
  for (const char* op : {"NumericEquals", "NumericLessThan", "DateEquals", "IpAddress", "ArnLike", "Bool"}) {
    Why why = Why::kCompared;
    EXPECT_EQ(EvaluateOne(op, {"none of these"}, "5", &why), Tri::kFalse) << op;
  }
}

TEST(Condition, NumbersCompareExactly) {
  Why why = Why::kCompared;
  const auto holds = [&why](const char* op, const char* value, const char* request) {
    return EvaluateOne(op, {value}, request, &why) == Tri::kTrue;
  };
  EXPECT_FALSE(holds("NumericEquals", "9007199254740993", "9007199254740992"));
  EXPECT_TRUE(holds("NumericGreaterThan", "18446744073709551616", "18446744073709551617"));
  EXPECT_TRUE(holds("NumericLessThan", "-9007199254740992", "-9007199254740993"));
  EXPECT_TRUE(holds("NumericEquals", "0.10", "1e-1"));
  EXPECT_TRUE(holds("NumericEquals", "-0", "+0.00"));
  EXPECT_TRUE(holds("NumericLessThan", "0.30000000000000000001", "0.3"));
  EXPECT_TRUE(holds("NumericLessThan", "100", "99.9"));
  EXPECT_TRUE(holds("NumericGreaterThan", "-100", "-99.9"));
  for (const char* text : {"", ".", "1.2.3", "0x10", "1e", "e5", "1e99999", "--1", "1 ", "inf"}) {
    EXPECT_FALSE(ParseNumber(text).has_value()) << text;
  }
}

TEST(Condition, IgnoringCaseFoldsLettersOfEveryScript) {
  Why why = Why::kCompared;
  const std::pair<const char*, const char*> same[] = {{"\xC3\x84RZTE", "\xC3\xA4rzte"},
                                                      {"\xCE\xA3", "\xCF\x82"},
                                                      {"\xD0\x96", "\xD0\xB6"},
                                                      {"\xE1\xBA\x9E", "\xC3\x9F"},
                                                      {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"}};
  for (const auto& [a, b] : same) {
    EXPECT_EQ(EvaluateOne("StringEqualsIgnoreCase", {a}, b, &why), Tri::kTrue) << a;
    EXPECT_EQ(EvaluateOne("StringNotEqualsIgnoreCase", {a}, b, &why), Tri::kFalse) << a;
    EXPECT_EQ(EvaluateOne("StringEquals", {a}, b, &why), Tri::kFalse) << a;
  }
  EXPECT_EQ(EvaluateOne("StringEqualsIgnoreCase", {"\xC3\xA4"}, "a", &why), Tri::kFalse);
  EXPECT_EQ(EvaluateOne("StringEqualsIgnoreCase", {"A\xFF"}, "a\xFF", &why), Tri::kTrue);  // no UTF-8
}

TEST(Condition, AnEmptyTextIsANullSet) {
  Context context;
  context.Set("k", "");
  context.SetList("list", {"", ""});
  context.SetList("mixed", {"", "a"});
  const auto holds = [&context](const char* op, const char* key) {
    Why why = Why::kCompared;
    return Condition({op, key, {"a"}}, true).Evaluate(context, why);
  };
  for (const char* key : {"k", "list"}) {
    EXPECT_EQ(holds("ForAllValues:StringEquals", key), Tri::kTrue) << key;
    EXPECT_EQ(holds("ForAnyValue:StringNotEquals", key), Tri::kFalse) << key;
  }
  EXPECT_EQ(holds("ForAllValues:StringEquals", "mixed"), Tri::kFalse);
  EXPECT_EQ(holds("StringEquals", "k"), Tri::kFalse);
}

TEST(Condition, OfAValueThatBeginsInAKnownWayMuchIsKnown) {
  Context context(KeyState::kUnknown);
  context.SetBeginning(KeyName("k"), "AROA1:");
  const auto evaluate = [&context](const char* op, std::vector<std::string> values) {
    Why why = Why::kCompared;
    return Condition({op, "k", std::move(values)}, true).Evaluate(context, why);
  };
  EXPECT_EQ(evaluate("StringLike", {"AROA1:*"}), Tri::kTrue);
  EXPECT_EQ(evaluate("StringLike", {"*"}), Tri::kTrue);
  EXPECT_EQ(evaluate("StringNotLike", {"AROA1:*"}), Tri::kFalse);
  EXPECT_EQ(evaluate("StringLike", {"AROA2:*"}), Tri::kFalse);
  EXPECT_EQ(evaluate("StringNotLike", {"AROA2:*", "x"}), Tri::kTrue);
  EXPECT_EQ(evaluate("StringLike", {"AROA1:i-*"}), Tri::kUnknown);
  EXPECT_EQ(evaluate("StringNotEquals", {"AROA1:i-1"}), Tri::kUnknown);
  EXPECT_EQ(evaluate("StringEquals", {"AROA1"}), Tri::kFalse);
  EXPECT_EQ(evaluate("StringEquals", {"AROA1:"}), Tri::kUnknown);
  EXPECT_EQ(evaluate("Null", {"false"}), Tri::kTrue);
  EXPECT_EQ(evaluate("StringEqualsIgnoreCase", {"x"}), Tri::kUnknown);
}

// How long they take: bench/hostile_bench.cc.
TEST(Condition, TwentyKilobytesOfQuestionMarksAreDecided) {
  std::string runs;
  while (runs.size() < 20'000) runs += "a?";
  std::string letters;
  while (letters.size() < 16'000) letters += "b?";
  Context context(KeyState::kUnknown);
  context.SetBeginning(KeyName("k"), std::string(1'024, 'a'));
  for (const std::string& pattern : {runs, letters, "*" + runs + "*", "*" + letters + "*"}) {
    Why why = Why::kCompared;
    EXPECT_EQ(EvaluateOne("StringLike", {pattern}, std::string(1'024, 'a').c_str(), &why), Tri::kFalse);
    EXPECT_NE(Condition({"StringLike", "k", {pattern}}, true).Evaluate(context, why), Tri::kTrue);
  }
}

TEST(Condition, WithoutAValueOnlyNullIsDecidedByPresence) {
  Context context(KeyState::kUnknown);
  context.SetPresent("p");
  const auto evaluate = [&context](const char* op, const char* key) {
    Why why = Why::kCompared;
    return Condition({op, key, {"false"}}, true).Evaluate(context, why);
  };
  EXPECT_EQ(evaluate("Null", "p"), Tri::kTrue);
  EXPECT_EQ(evaluate("Null", "u"), Tri::kUnknown);
  EXPECT_EQ(evaluate("Bool", "p"), Tri::kUnknown);
  EXPECT_EQ(evaluate("BoolIfExists", "u"), Tri::kUnknown);
}

TEST(Context, AsksItsBaseAndItsPrefixes) {
  Context base(KeyState::kUnknown);
  base.Set("a", "1");
  base.SetAbsentWithPrefix("aws:PrincipalTag/");
  const Context context(KeyState::kAbsent, &base);
  EXPECT_EQ(context.Find(KeyName("A")).values.front(), "1");
  EXPECT_EQ(context.Find(KeyName("other")).state, KeyState::kUnknown);
  EXPECT_EQ(context.Find(KeyName("aws:principaltag/x")).state, KeyState::kAbsent);
}

}  // namespace
}  // namespace sallyport::policy

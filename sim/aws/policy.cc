// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/policy.h"

#include <algorithm>

#include "base/text.h"
#include "sim/aws/world.h"

namespace sallyport::aws_sim {
namespace {

// Actions are compared without case, as IAM does.
bool ActionIn(const std::vector<std::string>& patterns, const std::string& action) {
  const auto low = ToLowerAscii(action);
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return WildcardMatch(ToLowerAscii(pattern), low); });
}

bool ResourceIn(const std::vector<std::string>& patterns, const std::string& resource) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return WildcardMatch(pattern, resource); });
}

bool AwsPrincipalFits(const std::string& named, const std::string& caller) {
  if (named == "*" || named == caller) return true;
  const auto who = SplitArn(caller);
  const auto parts = SplitArn(named);
  if (named == who.account) return true;
  if (parts.account != who.account) return false;
  if (parts.rest == "root") return true;
  // A role stands for its sessions.
  return who.service == "sts" && parts.service == "iam" && parts.rest.starts_with("role/") &&
         who.rest.starts_with("assumed-role/" + LastPart(parts.rest) + "/");
}

bool PrincipalFits(const json::object& statement, const std::string& caller) {
  const json::value* principal = statement.if_contains("Principal");
  if (principal == nullptr) return false;
  if (principal->is_string()) return principal->get_string() == "*";
  if (!principal->is_object()) return false;
  const json::object& named = principal->get_object();
  if (caller.starts_with("service:")) return Contains(TextsOf(named, "Service"), caller.substr(8));
  if (caller.starts_with("federated:")) return Contains(TextsOf(named, "Federated"), caller.substr(10));
  const auto all = TextsOf(named, "AWS");
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return AwsPrincipalFits(one, caller); });
}

bool AnyPair(const std::vector<std::string>& wanted, const std::vector<std::string>& present, bool fold, bool wild) {
  for (const std::string& want : wanted) {
    for (const std::string& have : present) {
      const auto a = fold ? ToLowerAscii(want) : want;
      const auto b = fold ? ToLowerAscii(have) : have;
      if (wild ? WildcardMatch(a, b) : a == b) return true;
    }
  }
  return false;
}

std::vector<std::string> ConditionValues(const json::value& value) {
  if (value.is_bool()) return {value.get_bool() ? "true" : "false"};
  return TextsIn(value);
}

struct ConditionCheck {
  const PolicyQuestion& question;

  bool One(std::string_view op, const std::string& key, const std::vector<std::string>& wanted) const {
    const auto found = question.context.find(ToLowerAscii(key));
    const bool there = found != question.context.end();
    if (op == "Null") return Contains(wanted, there ? "false" : "true");
    const bool if_exists = op.ends_with("IfExists");
    if (if_exists) op.remove_suffix(8);
    if (!there) {
      return if_exists || op == "StringNotEquals" || op == "StringNotLike" || op == "ArnNotEquals" ||
             op == "ArnNotLike";
    }
    if (op == "StringEquals" || op == "StringNotEquals") {
      return AnyPair(wanted, found->second, false, false) == (op == "StringEquals");
    }
    if (op == "StringEqualsIgnoreCase" || op == "Bool") return AnyPair(wanted, found->second, true, false);
    const bool like = op == "StringLike" || op == "ArnLike" || op == "ArnEquals";
    const bool unlike = op == "StringNotLike" || op == "ArnNotLike" || op == "ArnNotEquals";
    return (like || unlike) && AnyPair(wanted, found->second, false, true) == like;
  }

  bool All(const json::object& conditions) const {
    bool met = true;
    for (const auto& by_op : conditions) {
      if (!by_op.value().is_object()) return false;
      for (const auto& by_key : by_op.value().get_object()) {
        met = One(by_op.key(), by_key.key(), ConditionValues(by_key.value())) && met;
      }
    }
    return met;
  }
};

bool Applies(const json::object& statement, const PolicyQuestion& question) {
  const bool action = Has(statement, "NotAction") ? !ActionIn(TextsOf(statement, "NotAction"), question.action)
                                                  : ActionIn(TextsOf(statement, "Action"), question.action);
  if (!action) return false;
  if (!question.resource.empty()) {
    const bool resource = Has(statement, "NotResource")
                              ? !ResourceIn(TextsOf(statement, "NotResource"), question.resource)
                              : ResourceIn(TextsOf(statement, "Resource"), question.resource);
    if (!resource) return false;
  }
  if (!question.principal.empty() && !PrincipalFits(statement, question.principal)) return false;
  return ConditionCheck{question}.All(ObjectOf(statement, "Condition"));
}

Verdict Stronger(Verdict a, Verdict b) {
  if (a == Verdict::kDeny || b == Verdict::kDeny) return Verdict::kDeny;
  return a == Verdict::kAllow ? a : b;
}

}  // namespace

Verdict Judge(std::string_view document, const PolicyQuestion& question) {
  Verdict verdict = Verdict::kNone;
  json::error_code failed;
  const json::value parsed = json::parse(document, failed);
  if (failed || !parsed.is_object()) return verdict;
  const json::value* statements = parsed.get_object().if_contains("Statement");
  if (statements == nullptr) return verdict;
  const json::array all = statements->is_array() ? statements->get_array() : json::array{*statements};
  for (const json::value& statement : all) {
    if (!statement.is_object() || !Applies(statement.get_object(), question)) continue;
    const bool deny = TextOf(statement.get_object(), "Effect") == "Deny";
    verdict = Stronger(verdict, deny ? Verdict::kDeny : Verdict::kAllow);
  }
  return verdict;
}

}  // namespace sallyport::aws_sim

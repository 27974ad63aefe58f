// SPDX-License-Identifier: Apache-2.0
#include "reach/answer.h"

#include <algorithm>

#include "base/text.h"
#include "policy/arn.h"
#include "policy/object_set.h"
#include "policy/s3.h"
#include "policy/who_can.h"

namespace sallyport::reach {
namespace {

constexpr std::size_t kLongestBucketName = 63;
constexpr std::size_t kLongestKey = 1024;  // S3: of an object, in UTF-8

Error Invalid(std::string message, std::string advice = "") {
  return Error{ErrorCode::kInvalidInput, std::move(message), std::move(advice)};
}

Status CheckAction(const std::string& action) {
  std::string known;
  for (const policy::S3Action& one : policy::S3Actions()) {
    if (one.resource == policy::S3Resource::kAccessPoint) continue;
    if (EqualsIgnoreCase(one.name, action)) return Ok();
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  return Invalid("`" + Printable(action, 100) + "` is not an action on a bucket or its objects that is known here",
                 "known: " + known);
}

}  // namespace

bool IsBucketName(std::string_view name) {
  return name.size() >= 3 && name.size() <= kLongestBucketName && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

std::vector<std::string> Ask::DefaultActions() {
  return {"s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject"};
}

Status CheckAsk(const Ask& ask) {
  if (!IsBucketName(ask.bucket)) {
    return Invalid("`" + Printable(ask.bucket, 100) + "` is not the name of a bucket",
                   "give the name alone: 3 to 63 of lower case letters, digits, `.` and `-`");
  }
  if (!ask.account.empty() && !policy::IsAccountId(ask.account)) {
    return Invalid("`" + Printable(ask.account, 100) + "` is not an account: twelve digits");
  }
  if (ask.prefix.size() > kLongestKey || !IsUtf8(ask.prefix)) {
    return Invalid("the prefix is not text of at most 1024 bytes, so no object's key begins with it");
  }
  if (ask.prefix.find_first_of("*?") != std::string::npos) {
    return Invalid("the prefix `" + Printable(ask.prefix, 100) + "` has a wildcard",
                   "give what the keys begin with, as it is");
  }
  if (!ask.principal.empty() && !policy::SplitArn(ask.principal)) {
    return Invalid("`" + Printable(ask.principal, 200) + "` is not an ARN", "like arn:aws:iam::111122223333:role/name");
  }
  if (ask.actions.empty() || ask.actions.size() > policy::Question::kMostAsks) {
    return Invalid("no action, or more than " + std::to_string(policy::Question::kMostAsks));
  }
  for (const std::string& action : ask.actions) {
    if (Status known = CheckAction(action); !known.ok()) return known;
  }
  return Ok();
}

std::string HostAnswer::Name() const {
  const auto name = std::find_if(tags.begin(), tags.end(), [](const Tag& tag) { return tag.key == "Name"; });
  return name == tags.end() ? "" : name->value;
}

policy::Decision PrincipalAnswer::Best() const {
  policy::Decision best = policy::Decision::kImplicitlyDenied;
  for (const ActionAnswer& action : actions) best = policy::Better(best, action.decision);
  return best;
}

policy::Decision EveryoneAnswer::Best() const {
  policy::Decision best = policy::Decision::kImplicitlyDenied;
  for (const ActionAnswer& action : actions) best = policy::Better(best, action.decision);
  return best;
}

std::size_t Answer::denied() const {
  const auto has_some = [](const PrincipalAnswer& principal) {
    return std::any_of(principal.actions.begin(), principal.actions.end(),
                       [](const ActionAnswer& action) { return Word(action.without_key) != "denied"; });
  };
  return examined - unlisted_undecided -
         static_cast<std::size_t>(std::count_if(principals.begin(), principals.end(), has_some));
}

std::string_view Word(policy::Decision decision) {
  switch (decision) {
    case policy::Decision::kAllowed:
      return "allowed";
    case policy::Decision::kConditional:
      return "allowed if";
    case policy::Decision::kUndecided:
      return "undetermined";
    case policy::Decision::kExplicitlyDenied:
    case policy::Decision::kImplicitlyDenied:
      break;
  }
  return "denied";
}

}  // namespace sallyport::reach

// SPDX-License-Identifier: Apache-2.0
//
// The client's writes of policies themselves (swp/service.h, PolicyWrites). Source: contract swp-api 6.1, 6.2, 3.2.
#include <algorithm>

#include "base/text.h"
#include "swp_client/client.h"

namespace sallyport::swp {
namespace {

constexpr Operation kCreatePolicy = {"create a policy", "policyRights.canCreateNewPolicies"};
constexpr Operation kMoveComputer = {"give a computer another policy", "computerRights.canEditComputerProperties"};
constexpr std::string_view kLeastOfComputer = "?expand=none";

std::string BodyOfPolicy(const NewPolicy& policy) {
  JsonWriter out;
  out.BeginObject().Member("parentID", std::int64_t{policy.parent.value}).Member("name", policy.name);
  return out.Member("description", policy.description).EndObject().Take();
}

std::string BodyOfMove(PolicyId policy) {
  JsonWriter out;
  return out.BeginObject().Member("policyID", std::int64_t{policy.value}).EndObject().Take();
}

Error MayHaveHappened(const Error& error, const Operation& operation) {
  return {ErrorCode::kOutcomeUnknown, "SWP may have done it (" + std::string(operation.what) + "): " + error.message,
          "look in SWP before asking again"};
}

// An answer that did not come, or was too large: the request may have been carried out.
bool MayBeCarriedOut(const Error& error) {
  return error.code == ErrorCode::kOutcomeUnknown || error.code == ErrorCode::kTooLarge;
}

}  // namespace

Result<std::optional<Policy>> Client::FindChildPolicy(PolicyId parent, std::string_view name) {
  auto found = FindPolicies(name);
  if (!found.ok()) return found.error();
  // SWP compares names without regard to case.
  std::erase_if(*found, [&](const Policy& policy) { return policy.name != name || policy.parent != parent; });
  if (found->empty()) return std::optional<Policy>();
  if (found->size() == 1) return std::optional(std::move(found->front()));
  return Error{ErrorCode::kBadAnswer,
               "SWP has " + CountText(found->size(), "policy", "policies") + " called `" + std::string(name) +
                   "` below policy " + std::to_string(parent.value),
               "delete those that are left over"};
}

Result<Policy> Client::CreatePolicy(const NewPolicy& policy) {
  const auto answer = Send(MakeWrite("POST", "/policies", BodyOfPolicy(policy)));
  Error lost;
  if (!answer.ok()) {
    if (!MayBeCarriedOut(answer.error())) return answer.error().In("could not create a policy");
    lost = answer.error();
  } else {
    const auto json = ReadAnswer(*answer, kCreatePolicy);
    if (!json.ok() && IsRefusal(answer->status)) return json.error();
    auto made = json.ok() ? ReadPolicy(*json) : Result<Policy>(json.error());
    const bool is_it = made.ok() && made->name == policy.name && made->parent == policy.parent;
    if (is_it) return made;
    lost = made.ok() ? Error{ErrorCode::kBadAnswer, "SWP answered with another policy", ""} : made.error();
  }
  // It is there by its name, or it cannot be told.
  auto found = FindChildPolicy(policy.parent, policy.name);
  if (found.ok() && found->has_value()) return **std::move(found);
  return MayHaveHappened(lost, kCreatePolicy);
}

Status Client::GivePolicy(ComputerId computer, PolicyId policy) {
  const auto answer = Send(MakeWrite(
      "POST", "/computers/" + std::to_string(computer.value) + std::string(kLeastOfComputer), BodyOfMove(policy)));
  if (!answer.ok()) {
    const Error& error = answer.error();
    return MayBeCarriedOut(error) ? MayHaveHappened(error, kMoveComputer)
                                  : error.In("could not give a computer another policy");
  }
  const auto json = ReadAnswer(*answer, kMoveComputer);
  if (!json.ok()) return IsRefusal(answer->status) ? json.error() : MayHaveHappened(json.error(), kMoveComputer);
  if ((*json)["policyID"].Int64Or(0) == policy.value) return Ok();
  return Error{ErrorCode::kBadAnswer, "SWP took the change, and the computer has another policy all the same",
               "look at the computer in SWP"};
}

std::string Client::DescribeCreatePolicy(const NewPolicy& policy) const {
  return "POST " + options_.base_url + "/policies " + BodyOfPolicy(policy);
}

}  // namespace sallyport::swp

// SPDX-License-Identifier: Apache-2.0
//
// The client's reads for compliance (swp/fleet.h): a page of all computers, and the records of one instance.
#include <algorithm>

#include "swp/reading.h"
#include "swp_client/client.h"

namespace sallyport::swp {
namespace {

constexpr Operation kSearchFleet = {"search computers", ""};
constexpr const char* kFleetPath =
    "/computers/search?expand=computerStatus&expand=tasks&expand=allSecurityModules&expand=ec2VirtualMachineSummary"
    "&expand=noConnectorVirtualMachineSummary";
// More records of one instance are no answer that could be judged.
constexpr int kFleetRecords = 20;

bool FleetHasAgent(const std::vector<FleetComputer>& computers) {
  return std::any_of(computers.begin(), computers.end(),
                     [](const FleetComputer& one) { return !one.computer.agent_fingerprint.empty(); });
}

// The same list as `computers`, in its order.
std::vector<FleetComputer> WithRequests(std::vector<Computer> computers, const Json& json) {
  std::vector<FleetComputer> fleet;
  fleet.reserve(computers.size());
  const Json::List records = json["computers"].Elements();
  for (std::size_t i = 0; i < computers.size(); ++i) {
    FleetComputer one{std::move(computers[i]), std::nullopt};
    const FieldReader fields(records.at(i).AsDocument(), "", one.computer.damaged);
    one.policy_requested = fields.Time("lastSendPolicyRequest");
    fleet.push_back(std::move(one));
  }
  return fleet;
}

}  // namespace

Result<std::vector<FleetComputer>> Client::FleetSearch(const SearchBody& body) {
  const auto json = Post(kFleetPath, body.ToJson(), kSearchFleet);
  if (!json.ok()) return json.error();
  auto computers = ReadComputerPage(*json);
  if (!computers.ok()) return computers.error();
  return WithRequests(*std::move(computers), *json);
}

Result<std::vector<FleetComputer>> Client::FleetPage(std::int64_t after, int most) {
  auto page = FleetSearch(SearchBody(most).IdAbove(after));
  if (!page.ok()) return page;
  std::int64_t last = after;
  for (const FleetComputer& one : *page) {
    if (one.computer.id.value <= last) {
      return Error{ErrorCode::kBadAnswer, "SWP's list of computers does not advance past id " + std::to_string(last),
                   "try again"};
    }
    last = one.computer.id.value;
  }
  return page;
}

// As FindComputers: an agent in an account without a connector reports its instance itself (edge case X4).
Result<std::vector<FleetComputer>> Client::FleetOf(const InstanceId& instance) {
  const auto named = [&](const char* field) -> Result<std::vector<FleetComputer>> {
    auto records = FleetSearch(SearchBody(kFleetRecords).StringEquals(field, instance.value));
    if (records.ok() && records->size() >= kFleetRecords) {
      return Error{ErrorCode::kTooLarge,
                   "SWP has " + std::to_string(kFleetRecords) + " records or more of " + instance.value,
                   "remove the stale records in SWP"};
    }
    return records;
  };
  auto found = named("ec2VirtualMachineSummary/instanceID");
  if (!found.ok() || FleetHasAgent(*found)) return found;
  auto reported = named("noConnectorVirtualMachineSummary/instanceID");
  if (!reported.ok()) return reported;
  for (FleetComputer& one : *reported) {
    const auto same = [&](const FleetComputer& other) { return other.computer.id == one.computer.id; };
    if (std::none_of(found->begin(), found->end(), same)) found->push_back(std::move(one));
  }
  return found;
}

}  // namespace sallyport::swp

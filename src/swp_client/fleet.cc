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

constexpr const char* kConnectorField = "ec2VirtualMachineSummary/instanceID";
constexpr const char* kReportedField = "noConnectorVirtualMachineSummary/instanceID";

// Whether records of this kind tell enough about the instance.
bool SaysEnough(const std::vector<FleetComputer>& computers, RecordKind kind) {
  return std::any_of(computers.begin(), computers.end(), [&](const FleetComputer& one) {
    const bool may_be_old = kind == RecordKind::kReported;
    return !one.computer.agent_fingerprint.empty() &&
           (!may_be_old || one.computer.agent_status.status == AgentStatus::kActive);
  });
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
Result<std::vector<FleetComputer>> Client::FleetOf(const InstanceId& instance, RecordKind first) {
  const auto named = [&](const char* field) -> Result<std::vector<FleetComputer>> {
    auto records = FleetSearch(SearchBody(kFleetRecords).StringEquals(field, instance.value));
    if (records.ok() && records->size() >= kFleetRecords) {
      return Error{ErrorCode::kTooLarge,
                   "SWP has " + std::to_string(kFleetRecords) + " records or more of " + instance.value,
                   "remove the stale records in SWP"};
    }
    return records;
  };
  const bool connector_first = first == RecordKind::kOfConnector;
  auto found = named(connector_first ? kConnectorField : kReportedField);
  if (!found.ok() || SaysEnough(*found, first)) return found;
  auto others = named(connector_first ? kReportedField : kConnectorField);
  if (!others.ok()) return others;
  for (FleetComputer& one : *others) {
    const auto same = [&](const FleetComputer& other) { return other.computer.id == one.computer.id; };
    if (std::none_of(found->begin(), found->end(), same)) found->push_back(std::move(one));
  }
  return found;
}

}  // namespace sallyport::swp

// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_remotes.h"

#include "base/json.h"
#include "workflow/guardduty_forms.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostRemotes = 100;

void AddRemote(const Json& remote, std::set<std::string>& remotes) {
  for (const std::string_view member : {"ipAddressV4", "ipAddressV6"}) {
    const std::string address = remote[member].StringOr("");
    if (!address.empty() && remotes.size() < kMostRemotes) remotes.insert(address);
  }
}

}  // namespace

std::set<std::string> GuardDutyRemotes(const Event& event) {
  std::set<std::string> remotes;
  Json finding = event.detail;
  if (finding["Service"].IsObject()) {
    auto named = WithEventNames(finding);
    if (named.ok()) finding = *std::move(named);
  }
  // Each kind of action has its details under a name of its own.
  for (const Json::Member& action : finding["service"]["action"].Members()) {
    AddRemote(action.value["remoteIpDetails"], remotes);
    for (const Json& probe : action.value["portProbeDetails"].Elements()) {
      if (remotes.size() >= kMostRemotes) break;
      AddRemote(probe["remoteIpDetails"], remotes);
    }
  }
  return remotes;
}

}  // namespace sallyport

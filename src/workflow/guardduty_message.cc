// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_message.h"

#include <algorithm>

#include "base/text.h"
#include "workflow/console_links.h"

namespace sallyport {
namespace {

// GuardDuty ids are hexadecimal; anything else does not go into a link.
bool IsPlainId(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
  });
}

std::vector<std::string> WhyNow(const GuardDutyFinding& finding) {
  std::vector<std::string> why;
  why.push_back("GuardDuty finding " + Printable(finding.type, 120) + ", severity " +
                std::to_string(finding.severity).substr(0, 3));
  std::string seen = "seen " + std::to_string(std::max<std::int64_t>(finding.count, 1)) + " times";
  if (finding.count <= 1) seen = "seen once";
  if (finding.first_seen) seen += ", first " + FormatTime(*finding.first_seen);
  if (finding.last_seen) seen += ", last " + FormatTime(*finding.last_seen);
  why.push_back(seen);
  return why;
}

void AddUnlessEmpty(std::vector<std::string>& list, std::string text) {
  if (!text.empty()) list.push_back(std::move(text));
}

}  // namespace

std::string FindingLink(const GuardDutyFinding& finding) {
  if (!ParseRegion(finding.region).ok() || !IsPlainId(finding.id)) return "";
  return "https://" + std::string(ConsoleDomain(finding.partition)) + "/guardduty/home?region=" + finding.region +
         "#/findings?search=id%3D" + finding.id;
}

NotifyOwner OwnerMessage(const GuardDutyFinding& finding, const HostDecision& decision, const OwnerSettings& settings) {
  NotifyOwner message;
  message.host = decision.host;
  const Owner owner = FindOwner(decision.host.tags, decision.host.account, settings);
  message.owner = owner.name;
  message.owner_source = owner.source;
  message.headline = "Server & Workload Protection does not protect " + decision.host.instance.value +
                     ", and GuardDuty has a finding about it";
  message.protection_state = ToString(decision.protection.state);
  message.why_now = WhyNow(finding);
  for (const ProtectionNote& note : decision.protection.decisive) {
    if (message.reason.empty()) message.reason = ToString(note.reason);
    message.protection.push_back(note.text);
    AddUnlessEmpty(message.to_do, note.advice);
  }
  message.to_do.emplace_back("then investigate the finding itself: nothing was scanned");
  AddUnlessEmpty(message.links, FindingLink(finding));
  AddUnlessEmpty(message.links, InstanceLink(finding.partition, decision.host));
  return message;
}

}  // namespace sallyport

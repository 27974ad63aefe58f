// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_message.h"

#include <algorithm>

#include "base/severity.h"
#include "base/text.h"
#include "workflow/console_links.h"
#include "workflow/host_plan.h"

namespace sallyport {
namespace {

std::vector<std::string> WhyNow(const GuardDutyFinding& finding) {
  std::vector<std::string> why;
  why.push_back("GuardDuty finding " + Printable(finding.type, 120) + ", severity " + SeverityText(finding.severity));
  std::string seen = "seen " + std::to_string(std::max<std::int64_t>(finding.count, 1)) + " times";
  if (finding.count <= 1) seen = "seen once";
  if (finding.first_seen) seen += ", first " + FormatTime(*finding.first_seen);
  if (finding.last_seen) seen += ", last " + FormatTime(*finding.last_seen);
  why.push_back(seen);
  return why;
}

}  // namespace

Link FindingLink(const GuardDutyFinding& finding) {
  return FindingPage(finding.partition, "guardduty", finding.region, "#/findings?search=id%3D", finding.id);
}

NotifyOwner OwnerMessage(const GuardDutyFinding& finding, const HostDecision& decision, const OwnerSettings& settings) {
  NotifyOwner message = MessageAbout(decision, settings);
  message.headline = "Server & Workload Protection does not protect " + decision.host.instance.value +
                     ", and GuardDuty has a finding about it";
  message.why_now = WhyNow(finding);
  message.to_do.emplace_back("then investigate the finding itself: nothing was scanned");
  AddLink(message.links, FindingLink(finding));
  AddLink(message.links, InstanceLink(finding.partition, decision.host));
  return message;
}

}  // namespace sallyport

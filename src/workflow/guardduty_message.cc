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
  std::string seen = "seen once";
  if (finding.count > 1) seen = "seen " + CountText(static_cast<std::uint64_t>(finding.count), "time");
  if (finding.first_seen) seen += ", first " + TimeText(*finding.first_seen);
  if (finding.last_seen) seen += ", last " + TimeText(*finding.last_seen);
  why.push_back(seen);
  return why;
}

}  // namespace

Link FindingLink(const GuardDutyFinding& finding) {
  return FindingPage(finding.partition, "guardduty", finding.region, "#/findings?search=id%3D", finding.id);
}

NotifyOwner OwnerMessage(const GuardDutyFinding& finding, const HostDecision& decision, const OwnerSettings& settings) {
  NotifyOwner message = MessageAbout(decision, settings);
  message.headline = TitleOf(decision.host) + " not protected, GuardDuty " +
                     std::string(DisplayName(BandOf(finding.severity))) + ": " + Printable(finding.type, 120);
  message.why_now = WhyNow(finding);
  message.to_do.emplace_back(decision.protection.CanScan()
                                 ? "Then investigate the finding"
                                 : "Then investigate the finding: Sallyport could not scan this host");
  AddLink(message.links, FindingLink(finding));
  AddLink(message.links, InstanceLink(finding.partition, decision.host));
  return message;
}

}  // namespace sallyport

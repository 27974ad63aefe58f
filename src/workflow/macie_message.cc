// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie_message.h"

#include "base/text.h"
#include "workflow/console_links.h"
#include "workflow/host_plan.h"

namespace sallyport {
namespace {

std::string Buckets(const MacieFinding& finding) {
  std::string text;
  for (const std::string& bucket : finding.buckets) text += (text.empty() ? "`" : ", `") + bucket + "`";
  return finding.buckets.size() == 1 ? "bucket " + text : "buckets " + text;
}

}  // namespace

std::string MacieTitle(const MacieFinding& finding) {
  const std::string type = Printable(finding.type, 160);
  return finding.buckets.empty() ? type : type + " about " + Buckets(finding);
}

Link MacieLink(const MacieFinding& finding) {
  return FindingPage(finding.partition, "macie", finding.region, "#findings?itemId=", finding.id);
}

NotifyOwner MacieOwnerMessage(const MacieFinding& finding, const ExposedHost& exposed, const HostDecision& decision,
                              const OwnerSettings& settings) {
  NotifyOwner message = MessageAbout(decision, settings);
  message.headline = TitleOf(decision.host) + " not protected, " + (exposed.certain ? "can" : "may") + " reach " +
                     Buckets(finding) + (exposed.certain ? "" : " under conditions") + " (Macie " +
                     std::string(DisplayName(MacieBand(finding.severity))) + ": " + Printable(finding.type, 120) + ")";
  message.why_now.push_back("Macie finding " + MacieTitle(finding) + ", severity " +
                            std::string(DisplayName(MacieBand(finding.severity))));
  for (const std::string& what : finding.what) message.why_now.push_back("Macie found: " + what);
  if (!finding.exposure.empty()) {
    message.why_now.push_back("Bucket access (Macie): " + Printable(finding.exposure, 60));
  }
  for (const std::string& way : exposed.ways) message.why_now.push_back(way);
  message.to_do.emplace_back("Check whether this host needs access to the bucket; if not, remove it from its role");
  message.to_do.emplace_back(decision.protection.CanScan()
                                 ? "Then investigate the finding"
                                 : "Then investigate the finding: Sallyport could not scan this host");
  AddLink(message.links, MacieLink(finding));
  AddLink(message.links, InstanceLink(finding.partition, decision.host));
  return message;
}

}  // namespace sallyport

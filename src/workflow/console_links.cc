// SPDX-License-Identifier: Apache-2.0
#include "workflow/console_links.h"

#include <algorithm>

namespace sallyport {

std::string_view ConsoleDomain(std::string_view partition) {
  if (partition == "aws-cn") return "console.amazonaws.cn";
  if (partition == "aws-us-gov") return "console.amazonaws-us-gov.com";
  return "console.aws.amazon.com";
}

Link FindingPage(std::string_view partition, std::string_view service, const std::string& region, std::string_view page,
                 const std::string& id) {
  const bool is_plain = !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
  });
  if (!is_plain || !ParseRegion(region).ok()) return {};
  return {"Finding", "https://" + std::string(ConsoleDomain(partition)) + "/" + std::string(service) +
                         "/home?region=" + region + std::string(page) + id};
}

Link InstanceLink(std::string_view partition, const Host& host) {
  if (!ParseRegion(host.region).ok()) return {};
  return {"Instance", "https://" + std::string(ConsoleDomain(partition)) + "/ec2/home?region=" + host.region +
                          "#InstanceDetails:instanceId=" + host.instance.value};
}

void AddLink(std::vector<Link>& links, Link link) {
  if (!link.url.empty()) links.push_back(std::move(link));
}

}  // namespace sallyport

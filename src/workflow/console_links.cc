// SPDX-License-Identifier: Apache-2.0
#include "workflow/console_links.h"

namespace sallyport {

std::string_view ConsoleDomain(std::string_view partition) {
  if (partition == "aws-cn") return "console.amazonaws.cn";
  if (partition == "aws-us-gov") return "console.amazonaws-us-gov.com";
  return "console.aws.amazon.com";
}

std::string InstanceLink(std::string_view partition, const Host& host) {
  if (!ParseRegion(host.region).ok()) return "";
  return "https://" + std::string(ConsoleDomain(partition)) + "/ec2/home?region=" + host.region +
         "#InstanceDetails:instanceId=" + host.instance.value;
}

void AddLink(std::vector<std::string>& links, std::string link) {
  if (!link.empty()) links.push_back(std::move(link));
}

}  // namespace sallyport

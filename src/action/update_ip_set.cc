// SPDX-License-Identifier: Apache-2.0
#include "action/update_ip_set.h"

#include "base/text.h"

namespace sallyport {
namespace {

void DescribeIpSetHost(Members& json, Host& host) {
  json("host", host);
}

std::string Count(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " block" : " blocks");
}

}  // namespace

std::string UpdateIpSet::Describe() const {
  std::string text = "IP set " + Printable(name, 128) + " (" + Printable(account, 20) +
                     (region.empty() ? "" : ", " + Printable(region, 30)) + ") as SWP's IP list " +
                     Printable(list, 200) + ": ";
  if (!add.empty()) text += Count(add.size()) + " added";
  if (!remove.empty()) text += std::string(add.empty() ? "" : ", ") + Count(remove.size()) + " removed";
  return text + (used_by.empty() ? "; no web ACL read uses it" : "; used by web ACL " + Listed(used_by, 5));
}

std::string UpdateIpSet::Undo() const {
  return "change the IP list in SWP, then run sallyport waf ip-list again";
}

Targets UpdateIpSet::Touches() const {
  if (!unknown_hosts.empty()) return Targets::Unknown(unknown_hosts);
  Targets targets;
  for (const Host& host : hosts) targets.hosts.push_back({{}, host});
  return targets;
}

std::vector<Effect> UpdateIpSet::Effects() const {
  return {{"blocks of IP set " + arn, "those of IP list " + list}};
}

bool UpdateIpSet::SameDecision(const UpdateIpSet& now) const {
  return arn == now.arn && add == now.add && remove == now.remove;
}

void UpdateIpSet::DescribeJson(Members& json) {
  json("account", account)("region", region)("scope", scope)("name", name)("id", id)("arn", arn)("version", version);
  json("list", list)("add", add)("remove", remove)("used_by", used_by);
  json.List("hosts", hosts, DescribeIpSetHost)("unknown_hosts", unknown_hosts);
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "action/update_web_acl.h"

#include "base/text.h"

namespace sallyport {
namespace {

void DescribeAclHost(Members& json, Host& host) {
  json("host", host);
}

std::string GroupText(const UpdateWebAcl& update) {
  return Printable(update.vendor, 60) + "/" + Printable(update.group, 128);
}

}  // namespace

std::string UpdateWebAcl::Subject() const {
  return arn + " " + vendor + "/" + group;
}

std::string UpdateWebAcl::Describe() const {
  const std::string where = "web ACL " + Printable(acl, 128) + " (" + Printable(account, 20) +
                            (region.empty() ? "" : ", " + Printable(region, 30)) + ")";
  const std::string front = in_front_of.empty() ? "" : "; it guards " + Listed(in_front_of, 5);
  if (change == "promote") return GroupText(*this) + " of " + where + " enforces" + front;
  if (change == "remove") return GroupText(*this) + " taken out of " + where + front;
  return GroupText(*this) + " added to " + where + ", counting" + front;
}

std::string UpdateWebAcl::Undo() const {
  return "sallyport waf --revert " + arn + " --group " + vendor + "/" + group;
}

Targets UpdateWebAcl::Touches() const {
  if (!unknown_hosts.empty()) return Targets::Unknown(unknown_hosts);
  Targets targets;
  for (const Host& host : hosts) targets.hosts.push_back({{}, host});
  return targets;
}

std::vector<Effect> UpdateWebAcl::Effects() const {
  const std::string state = change == "promote" ? "enforcing" : change == "remove" ? "absent" : "counting";
  return {{"managed rule group " + vendor + "/" + group + " of " + arn, state}};
}

bool UpdateWebAcl::SameDecision(const UpdateWebAcl& now) const {
  return change == now.change && arn == now.arn && vendor == now.vendor && group == now.group;
}

void UpdateWebAcl::DescribeJson(Members& json) {
  json("change", change)("account", account)("region", region)("arn", arn)("acl", acl)("vendor", vendor);
  json("group", group)("in_front_of", in_front_of).List("hosts", hosts, DescribeAclHost);
  json("unknown_hosts", unknown_hosts)("watch_until", watch_until);
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/waf_settings.h"

namespace sallyport {

std::vector<OwnKey> WafKeys() {
  using std::chrono::hours;
  return OwnKeys<WafSettings>("waf")
      .List("schedules", &WafSettings::schedules, 20,
            "names of EventBridge rules and schedules that start a run; empty: those with `waf` in their name")
      .List("accounts", &WafSettings::accounts, 1'000,
            "accounts that are read beside our own and those of `aws.accounts`")
      .List("resource_types", &WafSettings::resource_types, 10,
            "what else web ACLs may be on, beside ALBs and distributions: one call for each ACL and type, one a second")
      .List("groups", &WafSettings::groups, 50,
            "`CLASS=VENDOR/NAME`, several with `+`: managed rule groups for a class instead of those of docs/waf.md")
      .Text("team_tag", &WafSettings::team_tag, 128, "the tag whose value is a host's team in reports")
      .Flag("tell_owners", &WafSettings::tell_owners,
            "write to owners about hosts that are new without an enforcing web ACL, or lost it")
      .Flag("change", &WafSettings::change,
            "plan `update-web-acl` for groups that would add protection; they are added in Count")
      .Whole("max_changes", &WafSettings::max_changes, 1, 50, "so many web ACLs are changed because of one run")
      .Time("watch", &WafSettings::watch, hours(3), hours(24 * 30),
            "how long a group counts before its promotion is proposed")
      .Time("keep_rules", &WafSettings::keep_rules, Duration{0}, hours(24 * 30),
            "so long what a run read of SWP's rules is good for the next runs")
      .Take();
}

}  // namespace sallyport

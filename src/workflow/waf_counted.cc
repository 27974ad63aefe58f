// SPDX-License-Identifier: Apache-2.0
#include "workflow/waf_counted.h"

#include <chrono>

#include "action/update_web_acl.h"
#include "base/text.h"
#include "edge/change.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

using std::chrono::hours;

// WAF keeps samples for three hours.
constexpr Duration kSampledTime = hours(3);

void DescribeCountedHost(Members& json, Host& host) {
  json("host", host);
}

WafCountedFacts GatherCounted(const FollowUpContext&, const WafCounted& ask, Sources& sources,
                              const WorkflowSettings&) {
  WafCountedFacts facts;
  edge::Reads* reads = sources.reach == nullptr ? nullptr : sources.reach->Edge();
  if (reads == nullptr) {
    facts.acl = Error{ErrorCode::kUnavailable, "AWS cannot be asked here", ""};
    return facts;
  }
  const edge::AclPlace place{ask.account, ask.region, ask.arn};
  facts.acl = reads->ReadAcl(place);
  const std::string metric = edge::RuleNameFor({ask.vendor, ask.group});
  if (facts.acl.ok()) facts.sampled = reads->ReadSampled(place, metric, sources.now - kSampledTime, sources.now);
  return facts;
}

const edge::AclRule* FindOurs(const edge::AclNow& now, const WafCounted& ask) {
  const std::string name = edge::RuleNameFor({ask.vendor, ask.group});
  for (const edge::AclRule& rule : now.facts.rules) {
    if (rule.place == edge::AclRule::Place::kRules && rule.name == name && rule.group == ask.group) return &rule;
  }
  return nullptr;
}

std::string CountedText(const edge::Sampled& sampled) {
  std::string text = std::to_string(sampled.requests) + " requests of the last 3 hours would have been stopped";
  std::size_t listed = 0;
  for (const auto& [rule, count] : sampled.by_rule) {
    if (listed++ >= 10) break;
    text += (listed == 1 ? ": " : ", ") + Printable(rule, 100) + " " + std::to_string(count);
  }
  return text;
}

void AddPromotion(const WafCounted& ask, const std::string& counted, const Matter& matter, Plan& plan) {
  UpdateWebAcl update;
  update.change = "promote";
  update.account = ask.account;
  update.region = ask.region;
  update.arn = ask.arn;
  update.acl = ask.acl;
  update.vendor = ask.vendor;
  update.group = ask.group;
  update.hosts = ask.hosts;
  update.unknown_hosts = ask.unknown_hosts;
  PlannedAction planned;
  planned.action = std::move(update);
  planned.key = IdempotencyKey({std::string(UpdateWebAcl::kKind), "promote", ask.Subject(matter), ask.until});
  planned.why = {counted};
  planned.needs_person = "from counting to enforcing: what it stops then, it stops for everybody";
  plan.actions.push_back(std::move(planned));
}

void DecideCounted(const FollowUpContext& context, const WafCounted& ask, const WafCountedFacts& facts,
                   const WorkflowSettings&, TimePoint now, Plan& plan) {
  if (!facts.acl.ok())
    return NotYet(context, now, "the web ACL could not be read: " + facts.acl.error().ToText(), plan);
  const edge::AclRule* rule = FindOurs(*facts.acl, ask);
  if (rule == nullptr) {
    return Answered(Answer::Kind::kNotVerifiable, "the web ACL no longer has the rule", plan);
  }
  if (rule->mode == edge::RuleMode::kEnforce)
    return Answered(Answer::Kind::kVerified, "the group enforces already", plan);
  if (!rule->sampled) {
    return Answered(Answer::Kind::kNotVerifiable,
                    "sampled requests of the rule are off: what it counts cannot be judged", plan);
  }
  if (!facts.sampled.ok()) {
    return NotYet(context, now, "the counted requests could not be read: " + facts.sampled.error().ToText(), plan);
  }
  const std::string counted = CountedText(*facts.sampled);
  const auto until = ParseTime(ask.until);
  if (until && now < *until) return NotYet(context, now, counted + "; watched until " + ask.until, plan);
  AddPromotion(ask, counted, context.question.matter, plan);
  return Answered(Answer::Kind::kVerified, counted + "; its promotion waits for a yes", plan);
}

}  // namespace

const Schedule& WafCounted::ScheduleIn(const FollowUpSettings&) {
  static const Schedule daily = {hours(3), 2.0, hours(24), hours(35 * 24)};
  return daily;
}

void WafCounted::DescribeJson(Members& json) {
  json("account", account)("region", region)("arn", arn)("acl", acl)("vendor", vendor)("group", group)("until", until);
  json.List("hosts", hosts, DescribeCountedHost)("unknown_hosts", unknown_hosts);
}

QuestionOf<WafCounted, WafCountedFacts> WafCountedQuestion() {
  return {GatherCounted, DecideCounted};
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/waf_ip_list.h"

#include <algorithm>
#include <utility>

#include "action/update_ip_set.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "edge/addresses.h"
#include "workflow/waf_hosts.h"

namespace sallyport {
namespace {

constexpr std::size_t kBlocksShown = 20;  // of each sort, in the reasons; the action has all

edge::IpSetPlace PlaceOfSet(const IpListAsk& ask, const std::string& name) {
  return {ask.account, ask.region, ask.scope, name, ""};
}

void CannotSay(std::string id, std::string name, const Error& error, Plan& plan) {
  OtherSubject subject;
  subject.kind = "list";
  subject.id = std::move(id);
  subject.name = std::move(name);
  subject.found_in = "command";
  subject.summary = "not read: no IP set is changed";
  subject.undetermined_why = error.ToText();
  plan.others.push_back(std::move(subject));
}

void ShowBlocks(std::string_view sign, const std::vector<std::string>& blocks, std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < blocks.size() && i < kBlocksShown; ++i) {
    lines.push_back(std::string(sign) + " " + Printable(blocks[i], 60));
  }
  if (blocks.size() > kBlocksShown) {
    lines.push_back(std::string(sign) + " and " + std::to_string(blocks.size() - kBlocksShown) + " more (--json)");
  }
}

// Web ACLs that name the set, and those with rule groups of one's own, which may.
bool MayUse(const edge::RunAcl& acl, const std::string& set) {
  return acl.has_own_groups || std::find(acl.ip_sets.begin(), acl.ip_sets.end(), set) != acl.ip_sets.end();
}

void AddUsers(const std::optional<edge::Run>& run, const std::string& run_unread, UpdateIpSet& update) {
  if (!run) {
    update.unknown_hosts = run_unread.empty() ? "there is no map yet (sallyport waf --now)" : run_unread;
    return;
  }
  if (!run->gaps.empty()) update.unknown_hosts = "the map of " + FormatTime(run->at) + " has gaps";
  std::vector<std::string> acls;
  for (const edge::RunAcl& acl : run->acls) {
    if (acl.scope != update.scope || acl.account != update.account || acl.region != update.region) continue;
    if (!acl.unread_why.empty()) update.unknown_hosts = "web ACL " + Printable(acl.name, 128) + " was not read";
    if (!MayUse(acl, update.arn)) continue;
    acls.push_back(acl.arn);
    update.used_by.push_back(acl.name);
  }
  AddHostsBehind(*run, nullptr, acls, update.hosts, update.unknown_hosts);
}

struct SetToFill {
  const edge::IpSetNow& set;
  const std::vector<std::string>& wanted;
  std::string_view version;
};

void PlanSet(const IpListAsk& ask, const SetToFill& fill, const std::optional<edge::Run>& run,
             const std::string& run_unread, TimePoint now, Plan& plan) {
  const std::string name = "IP set " + Printable(fill.set.name, 128);
  if (fill.set.version != fill.version) {
    const Error error{ErrorCode::kInvalidInput,
                      "it is of " + fill.set.version + ", not of " + std::string(fill.version), "name another set"};
    return CannotSay(fill.set.arn, fill.set.name, error, plan);
  }
  auto difference = edge::DifferenceOfBlocks(fill.set.addresses, fill.wanted);
  if (difference.empty()) {
    plan.reasons.push_back(name + " has the " + std::to_string(fill.wanted.size()) + " blocks of the list already");
    return;
  }
  plan.reasons.push_back(name + ": " + std::to_string(difference.add.size()) + " to add, " +
                         std::to_string(difference.remove.size()) + " to remove");
  ShowBlocks("+", difference.add, plan.reasons);
  ShowBlocks("-", difference.remove, plan.reasons);
  UpdateIpSet update;
  update.arn = fill.set.arn;
  const auto parts = PartsOfArn(update.arn);
  update.region = parts.size() == 6 ? parts[3] : ask.region;
  update.account = parts.size() == 6 ? parts[4] : ask.account;
  update.scope = ask.scope;
  update.name = fill.set.name;
  update.id = fill.set.id;
  update.version = fill.version;
  update.list = ask.list;
  update.add = std::move(difference.add);
  update.remove = std::move(difference.remove);
  AddUsers(run, run_unread, update);
  PlannedAction planned;
  planned.key = IdempotencyKey({std::string(UpdateIpSet::kKind), update.arn, FormatTime(now)});
  planned.why = {"IP list " + Printable(ask.list, 200) + " has " + std::to_string(fill.wanted.size()) + " blocks of " +
                 std::string(fill.version)};
  if (fill.wanted.empty()) {
    planned.needs_person =
        "nothing would be left in the set: a list that blocks stops blocking, one that allows stops "
        "allowing";
  }
  planned.action = std::move(update);
  plan.actions.push_back(std::move(planned));
}

}  // namespace

Result<IpListAsk> ReadIpListAsk(const Json& detail) {
  JsonFields fields;
  IpListAsk ask;
  ask.list = fields.RequiredText(detail["ip_list"]);
  ask.scope = fields.RequiredText(detail["scope"]);
  ask.account = fields.Text(detail["account"]);
  ask.region = fields.Text(detail["region"]);
  ask.v4 = fields.Text(detail["v4"]);
  ask.v6 = fields.Text(detail["v6"]);
  if (!fields.status().ok()) return fields.status().error();
  if (!ask.v4.empty() || !ask.v6.empty()) return ask;
  return Error{ErrorCode::kInvalidInput, "no IP set is named", "name one with --v4, --v6 or both"};
}

IpListFacts GatherIpList(const IpListAsk& ask, Sources& sources) {
  IpListFacts facts;
  edge::Reads* reads = sources.reach == nullptr ? nullptr : sources.reach->Edge();
  if (reads == nullptr) {
    facts.list = Error{ErrorCode::kUnavailable, "AWS cannot be asked here", ""};
    return facts;
  }
  facts.list = reads->ReadIpList(ask.list);
  if (!facts.list.ok()) return facts;
  if (!ask.v4.empty()) facts.v4 = reads->ReadIpSet(PlaceOfSet(ask, ask.v4));
  if (!ask.v6.empty()) facts.v6 = reads->ReadIpSet(PlaceOfSet(ask, ask.v6));
  return facts;
}

void DecideIpList(const IpListAsk& ask, const IpListFacts& facts, const std::optional<edge::Run>& run,
                  const std::string& run_unread, TimePoint now, Plan& plan) {
  const auto give_up = [&plan] { plan.decision = Decision::kUndetermined; };
  const auto blocks = facts.list.ok() ? edge::BlocksOf(facts.list->items) : facts.list.error();
  if (!blocks.ok()) {
    CannotSay(ask.list, "IP list " + ask.list, blocks.error(), plan);
    return give_up();
  }
  const auto unread = [&](const std::optional<Result<edge::IpSetNow>>& set, const std::string& name) {
    if (set && !set->ok()) CannotSay(name, "IP set " + name, set->error(), plan);
    return set && !set->ok();
  };
  const bool unread4 = unread(facts.v4, ask.v4);
  if (unread(facts.v6, ask.v6) || unread4) return give_up();
  if (!blocks->v4.empty() && !facts.v4) {
    plan.reasons.push_back("no set for the " + std::to_string(blocks->v4.size()) + " blocks of IPv4 (--v4)");
  }
  if (!blocks->v6.empty() && !facts.v6) {
    plan.reasons.push_back("no set for the " + std::to_string(blocks->v6.size()) + " blocks of IPv6 (--v6)");
  }
  if (facts.v4) PlanSet(ask, {**facts.v4, blocks->v4, "IPV4"}, run, run_unread, now, plan);
  if (facts.v6) PlanSet(ask, {**facts.v6, blocks->v6, "IPV6"}, run, run_unread, now, plan);
  if (!plan.others.empty()) {
    plan.actions.clear();
    return give_up();
  }
  plan.decision = plan.actions.empty() ? Decision::kNothing : Decision::kAct;
}

}  // namespace sallyport

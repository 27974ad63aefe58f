// SPDX-License-Identifier: Apache-2.0
#include "action/host.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownHostName = 60;

}  // namespace

std::string Host::Subject() const {
  return instance.value.empty() ? name : account + "/" + region + "/" + instance.value;
}

std::optional<std::vector<swp::Tag>> TagsOfBoth(const std::optional<std::vector<swp::Tag>>& first,
                                                const std::optional<std::vector<swp::Tag>>& second) {
  if (!first) return second;
  std::vector<swp::Tag> both = *first;
  for (const swp::Tag& tag : second.value_or(std::vector<swp::Tag>())) {
    if (std::find(first->begin(), first->end(), tag) == first->end()) both.push_back(tag);
  }
  return both;
}

void AddTags(const Host& source, Host& host) {
  const bool is_unreadable = host.tags_unreadable || source.tags_unreadable;
  host.tags = is_unreadable ? std::nullopt : TagsOfBoth(host.tags, source.tags);
  host.tags_unreadable = is_unreadable;
}

std::optional<std::vector<swp::Tag>> TagsNow(const Host& decided, const swp::Computer& now) {
  if (decided.tags_unreadable || now.tags_unreadable) return std::nullopt;
  return TagsOfBoth(now.tags, decided.tags);
}

void KeepTags(const std::vector<Target>& before, std::vector<Target>& now) {
  std::map<std::int32_t, const Host*> known;
  for (const Target& target : before) known[target.computer.value] = &target.host;
  for (Target& target : now) {
    const auto found = known.find(target.computer.value);
    if (found == known.end() || found->second->instance != target.host.instance) continue;
    AddTags(*found->second, target.host);
  }
}

std::string NameOf(const Host& host) {
  return TitleOf(host);
}

std::string TitleOf(const Host& host) {
  if (host.name.empty() || host.instance.value.empty())
    return Printable(host.name, kShownHostName) + host.instance.value;
  return Printable(host.name, kShownHostName) + " (" + host.instance.value + ")";
}

std::string NameOf(ComputerId computer) {
  return "computer " + std::to_string(computer.value);
}

std::string NameOf(const Target& target) {
  if (!target.host.instance.value.empty()) return NameOf(target.host);
  const std::string computer = NameOf(target.computer);
  return target.host.name.empty() ? computer : Printable(target.host.name, kShownHostName) + ", " + computer;
}

Targets Targets::One(ComputerId computer, Host host) {
  Targets targets;
  targets.hosts.push_back({computer, std::move(host)});
  return targets;
}

Target TargetOf(const swp::Computer& computer) {
  Host host{computer.account_id, computer.region,          InstanceId{computer.instance_id}, computer.display_name,
            computer.tags,       computer.tags_unreadable, computer.agent_fingerprint};
  if (host.name.empty()) host.name = computer.host_name;
  // What SWP's connectors to clouds do not know has no EC2 tags.
  if (computer.instance_source == swp::InstanceSource::kNone) host.tags.emplace();
  return {computer.id, std::move(host)};
}

std::string ChangeOf(const Host& decided, const swp::Computer& now) {
  const std::string computer = NameOf(now.id);
  if (decided.instance.value != now.instance_id) {
    const auto named = [](const std::string& id) {
      return id.empty() ? "no instance" : "instance " + Printable(id, 40);
    };
    return computer + " is the record of " + named(now.instance_id) + " now, not of " + named(decided.instance.value);
  }
  if (!decided.account.empty() && !now.account_id.empty() && decided.account != now.account_id) {
    return computer + " is in AWS account " + Printable(now.account_id, 40) + " now, not in " + decided.account;
  }
  if (decided.activation.empty() || decided.activation == now.agent_fingerprint) return "";
  return now.agent_fingerprint.empty() ? "the agent of " + computer + " is no longer activated"
                                       : "the agent of " + computer + " has been activated again since";
}

void WriteHost(JsonWriter& out, const Host& host) {
  out.BeginObject().Member("account", host.account).Member("region", host.region);
  out.Member("instance", host.instance.value).Member("name", host.name).Key("tags");
  if (!host.tags) {
    out.Null();
  } else {
    out.BeginArray();
    for (const swp::Tag& tag : *host.tags) {
      out.BeginObject().Member("name", tag.name).Member("value", tag.value).EndObject();
    }
    out.EndArray();
  }
  if (host.tags_unreadable) out.Member("tags_unreadable", true);
  if (!host.activation.empty()) out.Member("activation", host.activation);
  out.EndObject();
}

Result<Host> HostFromJson(const Json& json) {
  Host host;
  const auto instance = json["instance"].AsString();
  if (!instance.ok()) return instance.error();
  host.account = json["account"].StringOr("");
  host.region = json["region"].StringOr("");
  host.instance = InstanceId{*instance};
  host.name = json["name"].StringOr("");
  host.activation = json["activation"].StringOr("");
  host.tags_unreadable = json["tags_unreadable"].BoolOr(false);
  // Tags that are not a list stay unknown, which the exclusion gate refuses.
  if (json["tags"].IsArray()) {
    host.tags.emplace();
    for (const Json& tag : json["tags"].Elements()) {
      host.tags->push_back({tag["name"].StringOr(""), tag["value"].StringOr("")});
    }
  }
  return host;
}

std::string Listed(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// The hosts that actions are about and touch, as data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "swp/computer.h"

namespace sallyport {

// One EC2 instance, as AWS names it.
struct Host {
  std::string account;
  std::string region;
  InstanceId instance;
  std::string name;  // for people; may be empty, may be anything
  // Nothing: not known, which is not the same as none.
  std::optional<std::vector<swp::Tag>> tags;
  // Somebody brought tags that cannot be read, or too many: one that says to leave the host alone may be among them, so
  // whatever others say of them they stay unknown (TagsNow).
  bool tags_unreadable = false;
  // The fingerprint that the agent got with its activation, when this was decided about; empty: not known.
  std::string activation{};
  // Why what is installed there must stay as it is: a finding whose case is not settled calls the host probably
  // compromised. Empty: none does, or the action changes nothing there. Read anew before each action, and never in
  // JSON.
  std::string evidence{};
  bool operator==(const Host&) const = default;

  // "111122223333/us-east-1/i-0123456789abcdef0"; of what is no EC2 instance its name.
  std::string Subject() const;
};

// What two sources say about the tags of one host: those of `first`, then what only `second` has. A source that does
// not know is no source.
std::optional<std::vector<swp::Tag>> TagsOfBoth(const std::optional<std::vector<swp::Tag>>& first,
                                                const std::optional<std::vector<swp::Tag>>& second);

// Gives `host` what another source says of its tags.
void AddTags(const Host& source, Host& host);

// What is known of the tags of a host that was decided about, now that SWP's record says this: who is excluded by any
// source is left alone. Nothing: one of them cannot be read, or none knows.
std::optional<std::vector<swp::Tag>> TagsNow(const Host& decided, const swp::Computer& now);

// "web-01, i-0123456789abcdef0"; made printable.
std::string NameOf(const Host& host);
// As messages and lists name it: "web-01 (i-0123456789abcdef0)", or the id alone.
std::string TitleOf(const Host& host);
// "computer 34"
std::string NameOf(ComputerId computer);

// What makes SWP's record of a computer now another one than what was decided about: its instance, its account or the
// activation of its agent; empty: nothing. What the decision did not know is not compared.
std::string ChangeOf(const Host& decided, const swp::Computer& now);

void WriteHost(JsonWriter& out, const Host& host);
// kInvalidInput, with the path, without an instance. Tags that are not a list stay unknown.
Result<Host> HostFromJson(const Json& json);

// One host that an action touches. Not every computer of SWP is an EC2 instance: one without a cloud record has no
// instance and no account, and its tags are known to be none.
struct Target {
  ComputerId computer;  // 0: SWP has no part in it
  Host host;
  bool operator==(const Target&) const = default;
};

// The hosts of `now` with what `before` knows of the tags of the same computers.
void KeepTags(const std::vector<Target>& before, std::vector<Target>& now);

// A computer of SWP as a target.
Target TargetOf(const swp::Computer& computer);
// "web-01, i-0123456789abcdef0", or "db-02, computer 35" when it is no EC2 instance.
std::string NameOf(const Target& target);

// Every host that an action touches: all of them, or why they are not known.
struct Targets {
  std::vector<Target> hosts;
  std::string unknown;  // why they are not known; empty: `hosts` are all
  bool Known() const { return unknown.empty(); }
  bool operator==(const Targets&) const = default;

  static Targets One(ComputerId computer, Host host);
  static Targets Unknown(std::string why) { return {{}, std::move(why)}; }
};

// "a, b, c and 4 more": at most `most` are named.
std::string Listed(const std::vector<std::string>& names, std::size_t most);

}  // namespace sallyport

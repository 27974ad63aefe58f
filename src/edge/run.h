// SPDX-License-Identifier: Apache-2.0
//
// Run: what one sweep found out, as data that can be stored in pieces, shown and compared with the run before it.
//
// Stored as the State document kRunDocument (decision 0029). Its pieces are JSON objects:
//   0     {"kind":"header","format":1,"at":TIME,"hosts":N,"states":{"behind":N,...},"gaps":[...],...}: FindRunHeader
//   reads
//         this piece alone
//   1..   {"kind":"hosts","hosts":[...]}, {"kind":"acls",...}, {"kind":"things",...}, {"kind":"candidates",...},
//         {"kind":"rules",...}, {"kind":"breaks",...}, {"kind":"last_hosts",...}, {"kind":"last_acls",...}; each at
//         most kHostsEachPiece and the like
// Whoever wants to know whether one host is behind a web ACL that enforces (a rule of AWS Config, say) uses
// FindRunHost. Age: DocumentInfo::at.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/documents.h"
#include "base/result.h"
#include "base/time.h"
#include "edge/candidates.h"
#include "edge/estate.h"
#include "edge/map.h"

namespace sallyport::edge {

inline constexpr std::string_view kRunDocument = "waf/map";
inline constexpr std::int64_t kRunFormat = 1;

struct RunHop {
  std::string kind;  // "distribution", "balancer"
  std::string id;    // ARN
  std::string acl;   // ARN; empty: none
  bool operator==(const RunHop&) const = default;
};
struct RunWay {
  std::string state;  // "enforced", "counted", "open", "undetermined"
  std::string entry;
  std::vector<RunHop> hops;
  std::string group;         // name of the target group; empty: none
  std::string target_state;  // "healthy", ...
  std::string why;
  bool operator==(const RunWay&) const = default;
};
struct RunHost {
  std::string account;
  std::string region;
  std::string id;
  std::string name;
  HostState state = HostState::kUndetermined;
  std::string runs;  // of the instance: "running", ...
  std::string owner;
  std::string team;
  SwpFacts swp;
  std::vector<RunWay> ways;
  std::size_t more_ways = 0;
  std::vector<std::string> why;
  bool operator==(const RunHost&) const = default;
};
struct RunAcl {
  std::string arn;
  std::string name;
  std::string id;
  std::string scope;
  std::string account;
  std::string region;
  std::string strength;  // "enforced", "counted", "undetermined"
  std::int64_t capacity = 0;
  std::string owner;            // "anybody", "firewall-manager", "code", "undetermined"
  std::string managed_by;       // of code
  std::string tags_unread_why;  // of undetermined
  std::optional<bool> logs;
  std::vector<std::string> groups;     // "AWS/AWSManagedRulesCommonRuleSet: count", in the order of the rules
  std::vector<std::string> resources;  // ARNs
  std::vector<std::string> ip_sets;    // ARNs of those that its own rules name
  std::vector<std::string> expired;    // "VENDOR/NAME VERSION": WAF refuses every update
  bool has_own_groups = false;         // rule groups of one's own, which may name IP sets too
  std::string unread_why;
  bool operator==(const RunAcl&) const = default;
};
// A distribution or a load balancer.
struct RunThing {
  std::string kind;  // "distribution", "ALB", "NLB", ...
  std::string id;    // ARN
  std::string name;
  std::string account;
  std::string region;
  std::string acl;     // ARN; empty: none
  std::string direct;  // how the internet reaches a load balancer itself; empty: it does not
  bool operator==(const RunThing&) const = default;
};
struct RunCandidate {
  CandidateKind kind = CandidateKind::kAdd;
  std::string acl;         // ARN; of kNeedsAcl and kNotPossible empty
  std::string thing;       // ARN, of these two
  std::string thing_name;  // name of the ACL or the thing
  std::string account;
  std::string region;
  GroupName group;
  bool advice_only = false;
  std::vector<std::string> classes;
  std::vector<std::string> hosts;  // instance ids
  std::optional<std::int64_t> capacity_before;
  std::optional<std::int64_t> capacity_after;
  std::string where;
  std::vector<std::string> shared_with;
  std::vector<std::string> owners;
  std::vector<std::string> notes;
  bool operator==(const RunCandidate&) const = default;
};

// What an earlier run said of a host of which a later one could not tell.
struct LastHost {
  std::string account;
  std::string region;
  std::string id;
  std::string name;
  HostState state = HostState::kUndetermined;
  bool operator==(const LastHost&) const = default;
};

struct Run {
  TimePoint at{};
  std::vector<Place> places;         // that were looked at; empty: stored before they were kept
  std::optional<TimePoint> before;   // of the run that it was compared with; nothing: with none
  std::vector<std::string> changes;  // since then: DifferenceLines
  std::vector<Gap> gaps;
  std::vector<std::string> notes;
  std::vector<Break> breaks;
  std::vector<RunHost> hosts;
  std::vector<RunAcl> acls;
  std::vector<RunThing> things;
  std::vector<RunCandidate> candidates;
  // What earlier runs said last of what this one could not tell (Remember), so that the next one that can is compared
  // with that: neither is a loss overlooked nor an old state taken for a new one.
  std::vector<LastHost> last_hosts;
  std::vector<RunAcl> last_acls;
  std::map<std::int32_t, IpsRule> rules;  // of SWP, as they were read: the next run does not ask again
  TimePoint rules_at{};
  std::map<std::string, std::size_t> calls;  // of AWS, by operation
};

// What is shown and stored of what was found out.
Run MakeRun(const Estate& estate, const Map& map, const std::vector<Candidate>& candidates, TimePoint at);

std::vector<std::string> PiecesOf(const Run& run);
// kInvalidInput, with what is wrong, when these are no pieces of a run that this release knows.
Result<Run> RunFromPieces(const std::vector<std::string>& pieces);

// The newest run; nothing: there is none. Errors: kStorage, kInvalidInput.
Result<std::optional<Run>> ReadRun(DocumentReads& reads);

struct RunHeader {
  TimePoint at{};
  std::size_t hosts = 0;
  std::map<HostState, std::size_t> states;
  std::vector<Gap> gaps;
};
// The first piece alone.
Result<std::optional<RunHeader>> FindRunHeader(DocumentReads& reads);
// One host of the newest run, with its state and why; nothing: there is no run, or the run does not have the host.
Result<std::optional<RunHost>> FindRunHost(DocumentReads& reads, std::string_view account, std::string_view region,
                                           std::string_view instance);

// --- one run after the other

// At most so many hosts and web ACLs are remembered of earlier runs.
inline constexpr std::size_t kMostRemembered = 20'000;

// What the runs up to one say last of hosts.
class LastStates {
 public:
  LastStates() = default;  // there was no run
  explicit LastStates(const Run& run);
  // Nothing: no run saw it, or none of them could tell.
  std::optional<HostState> Of(const RunHost& host) const;

 private:
  std::map<std::string, HostState> states_;
};

// What changed since what the runs up to `before` said last. Only what was read then and now is compared: a host or web
// ACL of which a run could not tell is compared with what the last one that could said of it.
struct RunDifference {
  std::vector<std::string> lost;  // hosts that were behind an enforcing ACL and are not any more: "ID: behind -> not"
  std::vector<std::string> exposed;  // hosts that are new, and not behind one
  std::vector<std::string> found;    // hosts that are not behind one, and that no run before could tell anything of
  std::vector<std::string> gained;   // hosts that are behind one now
  std::vector<std::string> gone;     // hosts that are no more
  std::vector<std::string> acls;     // "web ACL shop: group AWS/... is gone", "... now only counts", ...
  std::vector<std::string> places;   // "444455556666 eu-west-1 (3 hosts)": no longer looked at
  bool empty() const {
    return lost.empty() && exposed.empty() && found.empty() && gained.empty() && gone.empty() && acls.empty() &&
           places.empty();
  }
};
RunDifference DifferenceOf(const Run& before, const Run& now);

// Takes over into `now` what it could not tell itself.
void Remember(const Run& before, Run& now);

}  // namespace sallyport::edge

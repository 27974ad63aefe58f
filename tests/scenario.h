// SPDX-License-Identifier: Apache-2.0
//
// The full run that the tests of the whole program share: a finding about a protected host, another one that joins its
// scans, and one about a host without an agent; what they have to come to, and how to see that in the ledger and in the
// simulated manager.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "app/wire.h"
#include "base/random.h"
#include "base/result.h"
#include "base/test_files.h"
#include "base/time.h"
#include "config/settings.h"
#include "ledger/ledger.h"
#include "sim/swp_manager.h"

namespace sallyport {

// No jitter that a test could not repeat.
class EvenRandom final : public Random {
 public:
  double Uniform() override { return 0.5; }
};

// The demonstration estate; read once.
const sim::SwpEstate& ScenarioEstate();
inline constexpr Duration kScenarioScan = std::chrono::minutes(2);
Settings ScenarioSettings(const std::string& url, const std::string& ledger_path);
sim::SwpManagerOptions ScenarioManager(sim::SimClock& clock);

// The findings as EventBridge events that were made at that time.
std::vector<std::string> ScenarioFindings(TimePoint made_at);

// One event of the demonstration, made at that time.
std::string ScenarioEvent(const std::string& name, TimePoint made_at);
// What EventBridge Scheduler sends for a schedule of that name. `detail` is JSON.
std::string ScheduledEvent(const std::string& name, const std::string& detail, TimePoint made_at);
// The update of a finding (of severity 8) that has risen since.
std::string RisenFinding(std::string finding, TimePoint made_at);

// Findings about the first `hosts` computers with a working agent of a generated estate, `of_each` about each: brute
// force against different services, so that all of them want the same scans. One event a line.
std::vector<std::string> StormFindings(TimePoint made_at, const sim::SwpEstate& estate, int hosts, int of_each);

// A finding about the first computer of an estate that has no agent. On one line.
std::string FindingAboutUnprotected(TimePoint made_at, const sim::SwpEstate& estate);

// What is to be compared of a ledger in which everything has ended. Lines for people.
struct Ending {
  std::set<std::string> outcomes;     // of each case: what was done to what, and how it ended; without the refused
  std::vector<std::string> problems;  // what has not ended, a chain that is broken, ...
};
Ending EndingOf(Ledger& ledger);
// The same outcomes whichever case they belong to: of two cases about one host either may be the one that acted.
std::set<std::string> WithoutCases(const std::set<std::string>& outcomes);
// Whether nothing but the return of an unprotected host is awaited.
bool OnlyAwaitsHosts(Ledger& ledger);

// Asks every follow-up and delivers again until only the return of hosts is awaited. kStorage: the ledger failed;
// kTimeout: it does not end within three days. `meanwhile`: what else happens all the time; its errors end it.
Status DriveToTheEnd(Program& program, int workers = 1, const std::function<Status(Program&)>& meanwhile = {});

// Scans asked for twice, rules added twice. Empty: none.
std::vector<std::string> DoneTwice(const sim::SwpManager& manager);
// What was asked of SWP: scans and rules, each with how often. Lines for people.
std::set<std::string> DoneIn(const sim::SwpManager& manager);
// How many scheduled tasks it holds.
std::int64_t TasksIn(const sim::SwpManager& manager);

}  // namespace sallyport

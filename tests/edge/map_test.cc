// SPDX-License-Identifier: Apache-2.0
//
// The map against twenty estates that were drawn by hand, and against a slow reference on made-up ones.
#include "edge/map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "edge/candidates.h"
#include "tests/edge/estate_text.h"
#include "tests/edge/random_estate.h"
#include "tests/edge/reference.h"

namespace sallyport::edge {
namespace {

std::string ReadWhole(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> Drawn() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = SALLYPORT_SOURCE_DIR "/tests/edge/estates";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(EdgeMap, SaysOfEachDrawnEstateWhatWasWanted) {
  const auto files = Drawn();
  ASSERT_GE(files.size(), 20U);
  for (const auto& file : files) {
    const std::string text = ReadWhole(file);
    constexpr std::string_view kLine = "--- wanted\n";
    const auto at = text.find(kLine);
    ASSERT_NE(at, std::string::npos) << file;
    const Estate estate = EstateFromText(text.substr(0, at));
    const Map map = MakeMap(estate);
    EXPECT_EQ(TextOfMap(estate, map, FindCandidates(estate, map, {})), text.substr(at + kLine.size())) << file;
  }
}

std::vector<std::string> LinesOf(const Estate& estate, const std::vector<Candidate>& candidates) {
  std::set<std::string> lines;
  for (const Candidate& candidate : candidates) {
    const std::string kind(ToString(candidate.kind));
    for (const std::size_t host : candidate.hosts) {
      lines.insert(candidate.acl ? kind + " " + estate.acls[*candidate.acl].name + " " + ToString(candidate.group) +
                                       " " + estate.hosts[host].id
                                 : kind + " " + candidate.thing + " " + estate.hosts[host].id);
    }
  }
  return {lines.begin(), lines.end()};
}

TEST(EdgeMap, AgreesWithTheReferenceOnTenThousandMadeUpEstates) {
  std::map<std::string, int> seen;
  std::map<std::string, int> kinds;
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    const std::string text = RandomEstateText(seed);
    const Estate estate = EstateFromText(text);
    const Map map = MakeMap(estate);
    std::vector<std::string> states;
    for (const HostVerdict& verdict : map.hosts) states.emplace_back(ToString(verdict.state));
    for (const std::string& state : states) ++seen[state];
    ASSERT_EQ(states, ReferenceStates(estate)) << "seed " << seed << "\n" << text;
    // What is not listed cannot be compared.
    if (std::any_of(map.hosts.begin(), map.hosts.end(), [](const auto& host) { return host.more_ways > 0; })) continue;
    const auto candidates = FindCandidates(estate, map, {});
    for (const Candidate& candidate : candidates) ++kinds[std::string(ToString(candidate.kind))];
    ASSERT_EQ(LinesOf(estate, candidates), ReferenceCandidates(estate)) << "seed " << seed << "\n" << text;
  }
  // All states and kinds were met, and often.
  for (const HostState state : kHostStates) EXPECT_GT(seen[std::string(ToString(state))], 100) << ToString(state);
  for (const CandidateKind kind : kCandidateKinds) EXPECT_GT(kinds[std::string(ToString(kind))], 50) << ToString(kind);
}

TEST(EdgeMap, OriginNamesAreComparedWithoutCaseAndDualstack) {
  EXPECT_EQ(PlainDns("dualstack.Web-1.us-east-1.elb.amazonaws.com."), "web-1.us-east-1.elb.amazonaws.com");
  EXPECT_EQ(PlainDns(""), "");
}

TEST(EdgeMap, WaysThatMakeNoDifferenceLeaveAHostItsState) {
  EXPECT_EQ(StateOf({}), HostState::kNoWay);
  EXPECT_EQ(StateOf({kEnforced, kOpen, kEnforced | kOpen | kNone}), HostState::kPartly);
  EXPECT_EQ(StateOf({kOpen, kCounted | kNone}), HostState::kNot);
  EXPECT_EQ(StateOf({kOpen, kEnforced | kNone}), HostState::kUndetermined);
  EXPECT_EQ(StateOf({kEnforced, kEnforced | kNone}), HostState::kBehind);
}

TEST(EdgeMap, HostsWithManyWaysKeepTheirStateAndSayHowManyAreNotListed) {
  std::string text = "acl shop enforce on=lb0\n";
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    text.append("alb lb").append(n).append("\ngroup g").append(n).append(" instance lb=lb").append(n);
    text += " targets=i-a\n";
  }
  const Estate estate = EstateFromText(text + "host i-a\n");
  const Map map = MakeMap(estate);
  EXPECT_EQ(map.hosts[0].state, HostState::kPartly);
  EXPECT_EQ(map.hosts[0].ways.size(), kMostWays);
  EXPECT_EQ(map.hosts[0].more_ways, 200U - kMostWays);
}

}  // namespace
}  // namespace sallyport::edge

// SPDX-License-Identifier: Apache-2.0
#include "workflow/swp_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sallyport {
namespace {

using Kind = SwpEventKind;
using swp::ScanKind;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const TimePoint kScanEnded = *ParseTime("2026-11-28T00:41:00Z");
const TimePoint kAsked = *ParseTime("2026-11-28T00:51:00Z");

struct Reported {
  Kind kind;
  SwpOutcome outcome;
  int count;
};

SwpEvidence EvidenceWith(const std::vector<Reported>& reported) {
  SwpEvidence evidence;
  int next = 0;
  for (const Reported& one : reported) {
    for (int i = 0; i < one.count; ++i) evidence.ids[{one.kind, one.outcome}].insert("id" + std::to_string(next++));
  }
  return evidence;
}

ResultFacts FactsWith(const std::vector<ScanSeen>& scans, const std::vector<Reported>& reported, bool forwarded = true,
                      std::optional<TimePoint> heard = kAsked) {
  ResultFacts facts;
  facts.forwarded = forwarded;
  facts.heard = heard;
  facts.scans = scans;
  facts.evidence = EvidenceWith(reported);
  facts.until = kAsked;
  return facts;
}

TEST(SwpEvidence, SaysWhatWasReportedAndNoMore) {
  const ScanSeen finished{ScanKind::kMalware, kScanEnded};
  const ScanSeen running{ScanKind::kMalware, std::nullopt};
  const ScanSeen integrity{ScanKind::kIntegrity, kScanEnded};
  struct Row {
    ResultFacts facts;
    std::vector<std::string> words;
  };
  const std::vector<Row> rows = {
      {FactsWith({}, {}), {}},
      {FactsWith({finished}, {{Kind::kMalware, SwpOutcome::kQuarantined, 1}, {Kind::kMalware, SwpOutcome::kPassed, 1}}),
       {"malware scan finished: 2 detections, 1 quarantined, 1 passed (nothing done)"}},
      {FactsWith({finished}, {{Kind::kMalware, SwpOutcome::kDeleted, 1}}),
       {"malware scan finished: 1 detection, 1 deleted"}},
      {FactsWith({finished}, {}),
       {"malware scan finished: no detections were reported until 00:51:00 UTC on 2026-11-28"}},
      {FactsWith({finished}, {}, true, kScanEnded - std::chrono::seconds(1)),
       {"malware scan finished: no detections were reported until 00:51:00 UTC on 2026-11-28, but no event of SWP has "
        "come since the scan ended: see SWP"}},
      {FactsWith({finished}, {}, true, std::nullopt),
       {"malware scan finished: no detections were reported until 00:51:00 UTC on 2026-11-28, but no event of SWP has "
        "come since the scan ended: see SWP"}},
      {FactsWith({finished}, {}, false, std::nullopt),
       {"malware scan finished: results are not forwarded to Sallyport: see SWP"}},
      {FactsWith({running}, {}), {"malware scan in progress"}},
      {FactsWith({running, finished}, {{Kind::kMalware, SwpOutcome::kUnknown, 2}}),
       {"malware scan in progress: 2 detections, 2 with an unknown result so far"}},
      {FactsWith({}, {{Kind::kMalware, SwpOutcome::kFailed, 1}}), {"malware: 1 detection, 1 not removed (SWP failed)"}},
      {FactsWith({finished, integrity}, {{Kind::kIntegrity, SwpOutcome::kReported, 3}}),
       {"malware scan finished: no detections were reported until 00:51:00 UTC on 2026-11-28",
        "integrity scan finished: 3 integrity changes"}},
      {FactsWith({}, {{Kind::kIntrusion, SwpOutcome::kBlocked, 4},
                      {Kind::kIntrusion, SwpOutcome::kDetected, 1},
                      {Kind::kFirewall, SwpOutcome::kBlocked, 1},
                      {Kind::kSystem, SwpOutcome::kReported, 1},
                      {Kind::kSystem, SwpOutcome::kScanCompleted, 1},
                      {Kind::kUnknown, SwpOutcome::kReported, 2}}),
       {"intrusion prevention: 4 blocked, 1 detected and let through", "firewall: 1 blocked",
        "system events: 1 scan completed, 1 event", "events of an unknown kind: 2 events"}}};
  for (const Row& row : rows) EXPECT_THAT(WordsOf(row.facts), ElementsAreArray(row.words));
}

TEST(SwpEvidence, NamesWhatWasBlocked) {
  ResultFacts facts = FactsWith({}, {{Kind::kIntrusion, SwpOutcome::kBlocked, 1}});
  facts.evidence.blocked = {"198.51.100.7"};
  EXPECT_THAT(WordsOf(facts),
              ElementsAre("blocked: intrusion prevention stopped traffic with 198.51.100.7, which the finding names",
                          "intrusion prevention: 1 blocked"));
}

TEST(SwpEvidence, WhatCannotBeReadIsUndetermined) {
  ResultFacts facts = FactsWith({{ScanKind::kMalware, kScanEnded}}, {});
  facts.unread = "the ledger is locked";
  EXPECT_THAT(WordsOf(facts),
              ElementsAre("malware scan finished: whether detections were reported is undetermined: the "
                          "ledger is locked"));
}

TEST(SwpEvidence, OnlyScansThatBeganCount) {
  struct Row {
    const char* kind;
    const char* what;
    const char* state;
    bool seen;
    bool finished;
  };
  for (const Row& row : {Row{"request-scan", "scan-for-malware", "verified", true, true},
                         Row{"request-scan", "scan-for-integrity-changes", "requested", true, false},
                         Row{"request-scan", "scan-for-malware", "refused", false, false},
                         Row{"request-scan", "scan-for-malware", "would", false, false},
                         Row{"request-scan", "scan-for-malware", "not-verifiable", false, false},
                         Row{"request-scan", "scan-for-recommendations", "verified", false, false},
                         Row{"assign-rules", "scan-for-malware", "verified", false, false}}) {
    const auto scan = ScanSeenOf(row.kind, row.what, row.state, kScanEnded);
    EXPECT_EQ(scan.has_value(), row.seen) << row.what << " " << row.state;
    EXPECT_EQ(scan && scan->finished_at, row.finished) << row.state;
  }
}

// Whatever comes first, twice or together with what: the same is known in the end.
TEST(SwpEvidence, AddingIsAUnion) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<SwpEvidence> parts(5);
    SwpEvidence all;
    for (int i = 0; i < 40; ++i) {
      const SwpEvidence::Group group{static_cast<Kind>(random() % kSwpEventKinds),
                                     static_cast<SwpOutcome>(random() % 4)};
      const std::string id = "id" + std::to_string(i);
      parts[random() % 5].ids[group].insert(id);
      parts[random() % 5].ids[group].insert(id);
      all.ids[group].insert(id);
    }
    SwpEvidence merged;
    std::shuffle(parts.begin(), parts.end(), random);
    for (const SwpEvidence& part : parts) Merge(part, merged);
    for (const SwpEvidence& part : parts) Merge(part, merged);
    EXPECT_EQ(merged, all);
    EXPECT_EQ(merged.CountAll(), 40);
  }
}

TEST(SwpEvidence, AWholeKeepsItsCounts) {
  SwpEvidence many = EvidenceWith({{Kind::kFirewall, SwpOutcome::kBlocked, static_cast<int>(kEvidenceIds) + 7}});
  const SwpEvidence whole = Whole(many);
  EXPECT_TRUE(whole.whole);
  EXPECT_EQ(whole.ids.at({Kind::kFirewall, SwpOutcome::kBlocked}).size(), kEvidenceIds);
  EXPECT_EQ(whole.CountAll(), many.CountAll());
}

TEST(SwpEvidence, IsReadBackAsItWasWritten) {
  SwpEvidence evidence = Whole(EvidenceWith({{Kind::kMalware, SwpOutcome::kQuarantined, 2}}));
  evidence.more[{Kind::kMalware, SwpOutcome::kQuarantined}] = 3;
  evidence.lines = {"a", "b"};
  evidence.blocked = {"198.51.100.7"};
  evidence.computers = {{"i-0123456789abcdef0", 34}};
  evidence.hosts = {"111122223333/us-east-1/i-0123456789abcdef0"};
  evidence.newest = kAsked;
  JsonWriter out;
  WriteEvidence(out, evidence);
  EXPECT_EQ(EvidenceFromJson(Json::Parse(out.text()).value()).value(), evidence);
}

TEST(SwpEvidence, WhatItDoesNotKnowIsAnError) {
  for (const char* text : {"[]", R"({"groups":[{"kind":"new","outcome":"passed","ids":[]}]})",
                           R"({"groups":[{"kind":"malware","outcome":"new","ids":[]}]})", R"({"lines":7})"}) {
    EXPECT_FALSE(EvidenceFromJson(Json::Parse(text).value()).ok()) << text;
  }
}

}  // namespace
}  // namespace sallyport

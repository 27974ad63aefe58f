// SPDX-License-Identifier: Apache-2.0
#include "workflow/inspector_finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/test_files.h"
#include "event/parse.h"
#include "workflow/inspector.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Event InspectorEvent(const std::string& name) {
  const std::string path = std::string(SALLYPORT_SOURCE_DIR) + "/tests/events/inspector/" + name + ".json";
  auto arrivals = ParseInput(ReadFile(path), name, ProductTables().Forms());
  EXPECT_EQ(arrivals.size(), 1U) << name;
  EXPECT_TRUE(arrivals.at(0).event.ok()) << name << ": " << arrivals.at(0).event.error().message;
  return *arrivals.at(0).event;
}

// A list as an earlier release recorded it.
Event ListedEvent() {
  Event event;
  event.source = kInspectorSource;
  event.detail_type = kInspectorListDetailType;
  event.detail =
      *Json::Parse(ReadFile(std::string(SALLYPORT_SOURCE_DIR) + "/tests/events/inspector/list-findings.json"));
  return event;
}

InspectorFinding OneFinding(const std::string& name) {
  const auto findings = ReadInspectorFindings(InspectorEvent(name));
  EXPECT_TRUE(findings.ok()) << name << ": " << findings.error().message;
  EXPECT_EQ(findings->size(), 1U) << name;
  return findings->at(0);
}

InspectorFinding OneOf(const Arrival& arrival) {
  EXPECT_TRUE(arrival.event.ok()) << arrival.event.error().message;
  return ReadInspectorFindings(*arrival.event).value().at(0);
}

TEST(CveId, IsAWholeIdInAnyCase) {
  EXPECT_EQ(CveId("CVE-2021-44228"), "CVE-2021-44228");
  EXPECT_EQ(CveId(" cve-2021-4422 "), "CVE-2021-4422");
  EXPECT_EQ(CveId("CVE-2021-1234567890123456789"), "CVE-2021-1234567890123456789");
  for (const char* none : {"", "CVE-2021-442", "CVE-21-44228", "CVE-2021-44228a", "XCVE-2021-44228", "CVE-2021-",
                           "CVE-2021-44228 ,", "CVE-2021-12345678901234567890", "GHSA-jfh8-c2jp-5v3q"}) {
    EXPECT_EQ(CveId(none), std::nullopt) << none;
  }
}

TEST(CveId, InTextEachOnce) {
  EXPECT_THAT(CvesInText("CVE-2022-22965, cve-2022-22963 and CVE-2022-22965: x"),
              ElementsAre("CVE-2022-22965", "CVE-2022-22963"));
  EXPECT_THAT(CvesInText("XCVE-2022-22965 CVE-2022-22965x"), IsEmpty());
}

TEST(InspectorTime, HasThreeForms) {
  const TimePoint want = FromEpochMilliseconds(1'795'489'200'250);
  EXPECT_EQ(ReadInspectorTime(*Json::Parse("1795489200.25")), want);
  EXPECT_EQ(ReadInspectorTime(*Json::Parse("\"Tue Nov 24 03:00:00.250 UTC 2026\"")), want);
  EXPECT_EQ(ReadInspectorTime(*Json::Parse("\"2026-11-24T03:00:00.250000+00:00\"")), want);
  for (const char* none : {"\"\"", "\"yesterday\"", "null", "-1", "1e300", "\"Tue Foo 24 03:00:00 UTC 2026\""}) {
    EXPECT_EQ(ReadInspectorTime(*Json::Parse(none)), std::nullopt) << none;
  }
}

TEST(InspectorFinding, OfAPackageOnAHost) {
  const InspectorFinding finding = OneFinding("package-active");
  EXPECT_THAT(finding.cves, ElementsAre("CVE-2021-44228"));
  EXPECT_FALSE(finding.cves_from_title);
  EXPECT_EQ(finding.status, FindingStatus::kActive);
  EXPECT_DOUBLE_EQ(finding.severity, 9.8);
  EXPECT_EQ(finding.fixed_in, "log4j-core 2.17.1");
  EXPECT_EQ(finding.fix_available, "YES");
  ASSERT_EQ(finding.hosts.size(), 1U);
  EXPECT_EQ(finding.hosts[0].Subject(), "111122223333/us-east-1/i-0123456789abcdef0");
  EXPECT_EQ(finding.hosts[0].name, "web-01");
  EXPECT_EQ(finding.platform, "UBUNTU_22_04");
  EXPECT_EQ(finding.updated_at, FromEpochMilliseconds(1'795'489'200'250));
}

TEST(InspectorFinding, StatusMovesItsUpdateAlone) {
  EXPECT_EQ(OneFinding("package-closed").status, FindingStatus::kClosed);
  EXPECT_EQ(OneFinding("package-suppressed").status, FindingStatus::kSuppressed);
  EXPECT_GT(OneFinding("package-closed").updated_at, OneFinding("package-active").updated_at);
}

// Edge case I2: the id may be of another kind, and the CVEs stand in the related ones.
TEST(InspectorFinding, CvesComeFromAllIdsEachOnceInAnyCase) {
  const InspectorFinding finding = OneFinding("package-advisory-id");
  EXPECT_THAT(finding.cves, ElementsAre("CVE-2023-1829", "CVE-2023-1998"));
  EXPECT_THAT(finding.advisories, ElementsAre("ALAS2-2023-2222", "GHSA-jfh8-c2jp-5v3q", "USN-6940-1"));
  EXPECT_THAT(finding.notes, ElementsAre("`CVE-2023-12` is not a CVE id: left out"));
}

TEST(InspectorFinding, TheTitleIsTheLastResortAndIsSaid) {
  const InspectorFinding finding = OneFinding("package-cve-in-title");
  EXPECT_THAT(finding.cves, ElementsAre("CVE-2022-22965", "CVE-2022-22963"));
  EXPECT_TRUE(finding.cves_from_title);
  EXPECT_THAT(finding.notes, ElementsAre("no id of it is a CVE: taken from its title"));
  EXPECT_THAT(OneFinding("package-advisory-alone").cves, IsEmpty());
}

TEST(InspectorFinding, WithoutAHostSaysWhatItIsAbout) {
  EXPECT_THAT(OneFinding("ecr-image").no_host_reason, HasSubstr("container image"));
  EXPECT_THAT(OneFinding("lambda-function").no_host_reason, HasSubstr("Lambda function"));
  EXPECT_THAT(OneFinding("azure-machine").no_host_reason, HasSubstr("Microsoft.Compute/virtualMachines"));
  EXPECT_THAT(OneFinding("code-vulnerability").cves, IsEmpty());
  EXPECT_EQ(OneFinding("network-reachability").exposure, "TCP 22-22 is reachable through igw-261bab4d");
}

TEST(InspectorFinding, InAllThreeFormsIsTheSame) {
  const InspectorFinding bare = OneFinding("bare-finding");
  EXPECT_THAT(bare.cves, ElementsAre("CVE-2021-44228"));
  EXPECT_EQ(bare.region, "us-east-1");
  const auto listed = ReadInspectorFindings(ListedEvent());
  ASSERT_TRUE(listed.ok()) << listed.error().message;
  ASSERT_EQ(listed->size(), 2U);
  EXPECT_EQ(listed->at(1).hosts.at(0).instance.value, "i-0fedcba9876543210");
  const InspectorFinding hub = OneFinding("hub-active");
  EXPECT_THAT(hub.cves, ElementsAre("CVE-2023-0286", "CVE-2023-0215"));
  EXPECT_EQ(hub.through, "Security Hub");
  EXPECT_EQ(hub.hosts.at(0).Subject(), "111122223333/us-east-1/i-0123456789abcdef0");
  EXPECT_TRUE(hub.exploit_available);
  EXPECT_EQ(hub.fixed_in, "openssl 3.0.8");
  EXPECT_EQ(OneFinding("hub-archived").status, FindingStatus::kClosed);
}

TEST(InspectorFinding, OfSecurityHubOnlyInspectors) {
  EXPECT_TRUE(CarriesInspector(InspectorEvent("hub-active")));
  EXPECT_FALSE(CarriesInspector(InspectorEvent("hub-of-guardduty")));
}

TEST(InspectorFinding, MalformedOnesNameThePlace) {
  for (const auto& [name, want] :
       std::map<std::string, std::string>{{"bad-instance-id", "detail.resources[0].id"},
                                          {"bad-status", "detail.status: expected ACTIVE, CLOSED or SUPPRESSED"},
                                          {"bad-no-arn", "detail.findingArn"}}) {
    const auto read = ReadInspectorFindings(InspectorEvent(name));
    ASSERT_FALSE(read.ok()) << name;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(read.error().message, HasSubstr(want)) << name;
  }
}

// A finding with more CVEs than an event may have cases loses none of them.
TEST(InspectorTopics, OfManyCvesTheRestIsOneCase) {
  const InspectorReport report{{OneFinding("package-120-cves")}};
  const auto topics = TopicsOf(report, {});
  EXPECT_LE(topics.size(), 80U);
  std::size_t cves = 0;
  for (const InspectorTopic& topic : topics) cves += topic.cves.size();
  EXPECT_EQ(cves, 120U);
  EXPECT_GT(topics.back().cves.size(), 1U);
}

// As any list of findings: one event for each, however many there are, and one that is damaged spoils no other.
TEST(InspectorFinding, AListIsTakenApart) {
  const std::string path = std::string(SALLYPORT_SOURCE_DIR) + "/tests/events/inspector/list-findings.json";
  const auto two = ParseInput(ReadFile(path), "in", ProductTables().Forms());
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(OneOf(two[1]).hosts.at(0).instance.value, "i-0fedcba9876543210");
  const std::string bare = ReadFile(std::string(SALLYPORT_SOURCE_DIR) + "/tests/events/inspector/bare-finding.json");
  std::string list = R"({"findings":[)";
  for (int i = 0; i < 50; ++i) list += bare + ",";
  const auto many = ParseInput(list + R"({"findingArn":"arn"}]})", "in", ProductTables().Forms());
  ASSERT_EQ(many.size(), 51U);
  EXPECT_THAT(OneOf(many[49]).cves, ElementsAre("CVE-2021-44228"));
  EXPECT_FALSE(many[50].event.ok());
}

TEST(InspectorTopics, OneForEachCveAndAccount) {
  const auto listed = ReadInspectorFindings(ListedEvent());
  ASSERT_TRUE(listed.ok());
  const auto topics = TopicsOf({*listed}, {});
  ASSERT_EQ(topics.size(), 1U);
  EXPECT_EQ(topics[0].matter.subject, "CVE-2021-44228");
  EXPECT_EQ(topics[0].findings.size(), 2U);
}

TEST(InspectorTopics, OfAnAdministratorsEventTheMembersAccountCounts) {
  const auto topics = TopicsOf({{OneFinding("administrator-account")}}, {});
  EXPECT_EQ(topics.at(0).matter.account, "444455556666");
}

}  // namespace
}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// What Security Hub carries of Macie and Inspector: alone, in lists, and in its events beside others.
#include "workflow/macie_forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/parse.h"
#include "workflow/inspector_finding.h"
#include "workflow/macie_finding.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::string MacieInHub(const std::string& more = "") {
  return R"({"SchemaVersion":"2018-10-08","Id":"5be50fce24526e670df77bc00example",)"
         R"("ProductArn":"arn:aws:securityhub:us-east-1::product/aws/macie","AwsAccountId":"111122223333",)"
         R"("Region":"us-east-1","Types":["Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal"],)"
         R"("Severity":{"Label":"HIGH","Normalized":70},"Title":"t","CreatedAt":"2026-11-28T00:00:00Z",)"
         R"("UpdatedAt":"2026-11-28T00:10:00Z","Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::example-customers"},)"
         R"({"Type":"AwsS3Object","Id":"arn:aws:s3:::example-customers/a.csv"}])" +
         more + "}";
}

std::string InspectorInHub(const std::string& id) {
  return R"({"SchemaVersion":"2018-10-08","Id":"arn:aws:inspector2:us-east-1:111122223333:finding/)" + id +
         R"(","ProductArn":"arn:aws:securityhub:us-east-1::product/aws/inspector","AwsAccountId":"111122223333",)"
         R"("Region":"us-east-1","Types":["Software and Configuration Checks/Vulnerabilities/CVE"],)"
         R"("Severity":{"Label":"HIGH"},"Title":"CVE-2023-0286 - openssl","UpdatedAt":"2026-11-28T00:10:00Z",)"
         R"("Vulnerabilities":[{"Id":"CVE-2023-0286"}],"Resources":[{"Type":"AwsEc2Instance",)"
         R"("Id":"arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"}]})";
}

std::vector<Event> EventsIn(const std::string& text) {
  std::vector<Event> events;
  for (const Arrival& arrival : ParseInput(text, "in", ProductTables().Forms())) {
    EXPECT_TRUE(arrival.event.ok()) << arrival.event.error().message;
    if (arrival.event.ok()) events.push_back(*arrival.event);
  }
  return events;
}

TEST(MacieHubForm, IsReadToTheOriginalFinding) {
  for (const std::string& text : {MacieInHub(), R"({"Findings":[)" + MacieInHub() + "]}", "[" + MacieInHub() + "]"}) {
    const auto events = EventsIn(text);
    ASSERT_THAT(events, SizeIs(1));
    EXPECT_EQ(events[0].source, "aws.macie");
    const auto finding = ReadMacieFinding(events[0]);
    ASSERT_TRUE(finding.ok()) << finding.error().message;
    EXPECT_EQ(finding->id, "5be50fce24526e670df77bc00example");
    EXPECT_EQ(finding->type, "SensitiveData:S3Object/Personal");
    EXPECT_EQ(finding->severity, 8);
    EXPECT_THAT(finding->buckets, ElementsAre("example-customers"));
    EXPECT_EQ(finding->account, "111122223333");
    EXPECT_FALSE(finding->archived);
  }
  EXPECT_TRUE(ReadMacieFinding(EventsIn(MacieInHub(R"(,"RecordState":"ARCHIVED")"))[0])->archived);
  EXPECT_TRUE(ReadMacieFinding(EventsIn(MacieInHub(R"(,"Sample":true)"))[0])->sample);
}

TEST(InspectorHubForm, IsReadAloneAndInLists) {
  for (const std::string& text :
       {InspectorInHub("1"), "[" + InspectorInHub("1") + "]", R"({"Findings":[)" + InspectorInHub("1") + "]}"}) {
    const auto events = EventsIn(text);
    ASSERT_THAT(events, SizeIs(1));
    const auto findings = ReadInspectorFindings(events[0]);
    ASSERT_TRUE(findings.ok()) << findings.error().message;
    ASSERT_THAT(*findings, SizeIs(1));
    EXPECT_THAT(findings->at(0).cves, ElementsAre("CVE-2023-0286"));
    EXPECT_EQ(findings->at(0).hosts.at(0).instance.value, "i-0123456789abcdef0");
  }
}

TEST(HubEvents, WhatTheyCarryIsTakenApartOnceAndTheRestIsLeft) {
  const auto events = EventsIn(
      R"({"version":"0","id":"h1","source":"aws.securityhub","detail-type":"Security Hub Findings - Imported",)"
      R"("account":"444455556666","region":"us-east-1","time":"2026-11-28T00:11:00Z","detail":{"findings":[)" +
      InspectorInHub("1") + "," + MacieInHub() + "," + InspectorInHub("2") +
      R"(,{"ProductArn":"arn:aws:securityhub:us-east-1::product/aws/other","Id":"o"}]}})");
  ASSERT_THAT(events, SizeIs(4));
  std::vector<std::string> sources;
  for (const Event& event : events) {
    sources.push_back(event.source);
    EXPECT_EQ(event.account, "444455556666") << "who delivered it";
  }
  EXPECT_THAT(sources, ElementsAre("aws.securityhub", "aws.macie", "aws.securityhub", "aws.securityhub"));
  EXPECT_THAT(*ReadInspectorFindings(events[0]), SizeIs(1));
  EXPECT_THAT(*ReadInspectorFindings(events[2]), SizeIs(1));
  EXPECT_FALSE(CarriesInspector(events[3])) << "what was taken out is not taken again";
  EXPECT_THAT(events[3].detail["findings"].Elements(), SizeIs(1));
}

}  // namespace
}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie_finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "event/parse.h"
#include "workflow/guardduty_families.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

const std::string kSensitive =
    R"({"version":"0","id":"e1","detail-type":"Macie Finding","source":"aws.macie","account":"123456789012",)"
    R"("region":"us-east-1","time":"2025-11-24T16:00:00Z","detail":{"id":"2aa22222bb22","accountId":"111122223333",)"
    R"("partition":"aws","region":"eu-west-1","type":"SensitiveData:S3Object/Personal","title":"t",)"
    R"("severity":{"score":3,"description":"High"},"createdAt":"2025-11-24T15:00:00Z",)"
    R"("updatedAt":"2025-11-24T15:30:00Z","count":1,"sample":false,"archived":false,"resourcesAffected":{)"
    R"("s3Bucket":{"name":"example-customers","publicAccess":{"effectivePermission":"NOT_PUBLIC"}},)"
    R"("s3Object":{"key":"people/jane-doe.csv","path":"example-customers/people/jane-doe.csv"}},)"
    R"("classificationDetails":{"result":{"sensitiveData":[{"category":"PERSONAL_INFORMATION","totalCount":4,)"
    R"("detections":[{"type":"NAME","count":4,"occurrences":{"lineRanges":[{"start":1}]}}]}],)"
    R"("customDataIdentifiers":{"totalCount":2,"detections":[{"name":"our-secret-project"}]}}},"policyDetails":null}})";

Result<MacieFinding> Read(const std::string& text) {
  const auto arrivals = ParseDocument(text, "test.json", {});
  EXPECT_TRUE(arrivals.front().event.ok());
  return ReadMacieFinding(*arrivals.front().event);
}

TEST(ReadMacieFinding, TakesTheFindingsOwnAccountAndRegion) {
  const auto finding = Read(kSensitive);
  ASSERT_TRUE(finding.ok()) << finding.error().ToText();
  EXPECT_EQ(finding->account, "111122223333");
  EXPECT_EQ(finding->region, "eu-west-1");
  EXPECT_EQ(finding->severity, 8);
  EXPECT_THAT(finding->buckets, ElementsAre("example-customers"));
  EXPECT_EQ(finding->kind, "sensitive data");
  EXPECT_EQ(finding->exposure, "NOT_PUBLIC");
}

TEST(ReadMacieFinding, TakesCategoriesAndNothingOfTheObjects) {
  const auto finding = Read(kSensitive);
  ASSERT_TRUE(finding.ok());
  EXPECT_THAT(finding->what,
              ElementsAre("PERSONAL_INFORMATION (4 occurrences)", "custom data identifiers (2 occurrences)"));
}

TEST(ReadMacieFinding, KnowsTheBandsOfSeverity) {
  const std::pair<const char*, double> bands[] = {{"Low", 2}, {"Medium", 5}, {"High", 8}};
  for (const auto& [word, number] : bands) EXPECT_EQ(Read(Replaced(kSensitive, "High", word))->severity, number);
  EXPECT_THAT(Read(Replaced(kSensitive, "\"High\"", "\"Huge\"")).error().message,
              HasSubstr("severity.description: expected Low, Medium or High, found `huge`"));
}

TEST(ReadMacieFinding, NamesWhatIsMissing) {
  EXPECT_THAT(Read(Replaced(kSensitive, R"("type":"SensitiveData:S3Object/Personal",)", "")).error().message,
              HasSubstr("type"));
  EXPECT_THAT(Read(Replaced(kSensitive, R"("id":"2aa22222bb22",)", "")).error().message, HasSubstr("id"));
  EXPECT_THAT(Read(Replaced(kSensitive, R"("archived":false)", R"("archived":[])")).error().message,
              HasSubstr("archived"));
}

TEST(ReadMacieFinding, SaysWhyThereIsNoBucket) {
  const auto none = Read(Replaced(kSensitive, R"("name":"example-customers",)", ""));
  ASSERT_TRUE(none.ok());
  EXPECT_THAT(none->buckets, IsEmpty());
  EXPECT_THAT(none->no_bucket_reason, HasSubstr("names no bucket"));
  const auto odd = Read(Replaced(kSensitive, R"("name":"example-customers")", R"("name":"../etc")"));
  ASSERT_TRUE(odd.ok());
  EXPECT_THAT(odd->buckets, IsEmpty());
  EXPECT_THAT(odd->notes, ElementsAre(HasSubstr("`../etc` is not the name of a bucket")));
}

TEST(ReadMacieFinding, MapsTheSessionOfAnInstanceToIt) {
  const std::string actor = R"("policyDetails":{"actor":{"userIdentity":{"type":"AssumedRole","assumedRole":{"arn":)"
                            R"("arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0"}}}})";
  const auto finding = Read(Replaced(kSensitive, R"("policyDetails":null)", actor));
  ASSERT_TRUE(finding.ok());
  EXPECT_EQ(finding->actor,
            "AssumedRole arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0: EC2 instance "
            "i-0123456789abcdef0");
}

const std::string kClassicAlert =
    R"({"version":"0","id":"e1","detail-type":"Macie Alert","source":"aws.macie","account":"111122223333",)"
    R"("region":"us-east-1","time":"2017-04-24T22:28:49Z","detail":{"name":"Scanning bucket policies",)"
    R"("alert-arn":"arn:aws:macie:us-east-1:111122223333:trigger/t/alert/a","risk-score":8,)"
    R"("actor":"111122223333:assumed-role:web:aroa","summary":{"Bucket":{"example-customers":3,"example-site":1}}}})";

TEST(ReadMacieFinding, ReadsTheClassicAlert) {
  const auto finding = Read(kClassicAlert);
  ASSERT_TRUE(finding.ok()) << finding.error().ToText();
  EXPECT_EQ(finding->type, "Macie Alert: Scanning bucket policies");
  EXPECT_EQ(finding->severity, 8);
  EXPECT_THAT(finding->buckets, ElementsAre("example-customers", "example-site"));
  const auto none = Read(Replaced(kClassicAlert, R"({"Bucket":{"example-customers":3,"example-site":1}})", "{}"));
  EXPECT_THAT(none->no_bucket_reason, HasSubstr("names no bucket"));
}

TEST(ReadMacieFinding, TakesSoManyBucketsAndNoMore) {
  const auto with = [](int count) {
    std::string buckets;
    for (int i = 0; i < count; ++i) buckets += (i == 0 ? "\"bucket-" : ",\"bucket-") + std::to_string(i) + "\":1";
    return Read(Replaced(kClassicAlert, R"("example-customers":3,"example-site":1)", buckets))->buckets.size();
  };
  EXPECT_EQ(with(10), 10U);
  EXPECT_EQ(with(11), 10U);
}

TEST(MacieFamilies, EveryRowIsTheFirstForSomeType) {
  std::set<std::string_view> found;
  for (const char* type :
       {"SensitiveData:S3Object/Credentials", "SensitiveData:S3Object/Financial", "Policy:IAMUser/S3BucketPublic",
        "Policy:IAMUser/S3BucketSharedExternally", "Policy:IAMUser/S3BucketReplicatedExternally",
        "Policy:IAMUser/S3BucketEncryptionDisabled", "Macie Alert: x", "Something:New/Type"}) {
    found.insert(MacieFamilyOf(type).name);
  }
  EXPECT_EQ(found.size(), AllMacieFamilies().size());
  EXPECT_EQ(MacieFamilyOf("Policy:IAMUser/S3BlockPublicAccessDisabled").name, "unguarded");
  EXPECT_EQ(MacieFamilyOf("Policy:IAMUser/S3BucketSharedWithCloudFront").name, "shared");
}

}  // namespace
}  // namespace sallyport

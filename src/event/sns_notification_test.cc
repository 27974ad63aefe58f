// SPDX-License-Identifier: Apache-2.0
#include "event/sns_notification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/parse.h"

namespace sallyport {
namespace {

constexpr const char* kSnsTopic = "arn:aws:sns:us-east-1:111122223333:swp";

TEST(SnsNotification, HoldsWhatSnsSigns) {
  const auto document = Json::Parse(
      R"({"Type":"Notification","MessageId":"m-1","Message":"[]","TopicArn":"arn:aws:sns:us-east-1:111122223333:swp",)"
      R"("Timestamp":"2026-11-28T00:00:00.000Z","Subject":"s","SignatureVersion":"2","Signature":"c2ln",)"
      R"("SigningCertURL":"https://sns.us-east-1.amazonaws.com/x.pem","UnsubscribeURL":"https://u"})");
  const SnsNotification read = ReadSnsNotification(*document);
  EXPECT_EQ(read.topic, kSnsTopic);
  EXPECT_EQ(read.text,
            "Message\n[]\nMessageId\nm-1\nSubject\ns\nTimestamp\n2026-11-28T00:00:00.000Z\nTopicArn\n"
            "arn:aws:sns:us-east-1:111122223333:swp\nType\nNotification\n");
  EXPECT_EQ(read.version, "2");
  EXPECT_EQ(read.signature, "c2ln");
  EXPECT_EQ(read.certificate_url, "https://sns.us-east-1.amazonaws.com/x.pem");
}

TEST(SnsNotification, WithoutASubjectNoneIsSignedAndAnotherTypeHasNoSignature) {
  const auto record = Json::Parse(
      R"({"Type":"Notification","MessageId":"m","Message":"x","TopicArn":"t","Timestamp":"z","Subject":null,)"
      R"("Signature":"c2ln","SigningCertUrl":"u"})");
  EXPECT_EQ(ReadSnsNotification(*record).text,
            "Message\nx\nMessageId\nm\nTimestamp\nz\nTopicArn\nt\nType\nNotification\n");
  EXPECT_EQ(ReadSnsNotification(*record).certificate_url, "u");
  const auto other = Json::Parse(R"({"Type":"SubscriptionConfirmation","Message":"x","Signature":"c2ln"})");
  EXPECT_EQ(ReadSnsNotification(*other).signature, "");
}

TEST(SnsNotification, OnlyAnAddressOfSnsInTheRegionOfTheTopicIsConnectedTo) {
  EXPECT_EQ(WhyNoCertificateOfSns("https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b.pem", kSnsTopic),
            "");
  EXPECT_EQ(WhyNoCertificateOfSns("https://sns.cn-north-1.amazonaws.com.cn/a.pem",
                                  "arn:aws-cn:sns:cn-north-1:111122223333:swp"),
            "");
  for (const char* url : {
           "",
           "http://sns.us-east-1.amazonaws.com/a.pem",
           "https://sns.eu-west-1.amazonaws.com/a.pem",
           "https://sns.us-east-1.amazonaws.com.example.com/a.pem",
           "https://sns.us-east-1.amazonaws.com@example.com/a.pem",
           "https://sns.us-east-1.amazonaws.com:8443/a.pem",
           "https://example.com/sns.us-east-1.amazonaws.com/a.pem",
           "https://s3.us-east-1.amazonaws.com/a.pem",
           "https://sns.us-east-1.amazonaws.com/a.pem?x=.pem",
           "https://sns.us-east-1.amazonaws.com/../a.pem",
           "https://sns.us-east-1.amazonaws.com/b/a.pem",
           "https://sns.us-east-1.amazonaws.com/.pem",
           "https://sns.us-east-1.amazonaws.com/a.txt",
           "https://169.254.169.254/a.pem",
       }) {
    EXPECT_NE(WhyNoCertificateOfSns(url, kSnsTopic), "") << url;
  }
  EXPECT_NE(WhyNoCertificateOfSns("https://sns..amazonaws.com/a.pem", "no arn"), "");
}

}  // namespace
}  // namespace sallyport

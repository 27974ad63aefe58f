// SPDX-License-Identifier: Apache-2.0
//
// The whole simulator in the test's own process, over its socket.
#include "sim/aws/simulator.h"

#include <gtest/gtest.h>

#include "aws/sigv4.h"
#include "sim/aws/buckets.h"
#include "sim/aws/estate.h"
#include "sim/raw_client_for_test.h"

namespace sallyport::aws_sim {
namespace {

class SimulatorTest : public testing::Test {
 protected:
  SimulatorTest() : clock_(real_.Now(), 1, real_) {
    SimulatorOptions options;
    options.clock = &clock_;
    auto started = Simulator::Start(DemoAwsEstate(), options);
    if (started.ok()) simulator_ = std::move(started).value();
  }

  int port() const { return std::stoi(simulator_->url().substr(simulator_->url().rfind(':') + 1)); }

  std::string SignedHeaders(const std::string& service, const std::string& region, const std::string& body,
                            aws::WireRequest request) {
    request.headers.emplace_back("Host", "test");
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    const aws::Keys keys{"AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret()};
    const auto made = aws::Sign(request, body, keys, {real_.Now(), region, service});
    std::string lines = "Content-Type: application/x-www-form-urlencoded\r\n";
    const auto add = [&lines](const std::string& name, const std::string& value) {
      lines.append(name).append(": ").append(value).append("\r\n");
    };
    for (const auto& [name, value] : made.headers) add(name, value);
    for (const auto& [name, value] : made.secret_headers) add(name, value.RevealForRequest());
    return lines;
  }

  sim::RawAnswer Ask(const std::string& service, const std::string& region, const std::string& body) {
    sim::RawClient client(port());
    return client.Ask("POST", "/", SignedHeaders(service, region, body, {"POST", "/", "", {}}), body);
  }

  std::string Control(std::string_view method, std::string_view what, std::string_view body = "") {
    sim::RawClient client(port());
    const auto answer = client.Ask(method, "/_sim/" + std::string(what), "", body);
    return std::to_string(answer.status) + " " + answer.body;
  }

  SystemClock real_;
  sim::SimClock clock_;
  std::unique_ptr<Simulator> simulator_;
};

constexpr const char* kRegions = "Action=DescribeRegions&Version=2016-11-15";

TEST_F(SimulatorTest, AnswersWhatIsSignedByTheClientsOwnCode) {
  const auto answer = Ask("ec2", "us-east-1", kRegions);
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("<regionName>eu-central-1</regionName>"), std::string::npos);
}

TEST_F(SimulatorTest, AChangedByteOfTheBodyIsNoticed) {
  sim::RawClient client(port());
  const auto headers = SignedHeaders("ec2", "us-east-1", kRegions, {"POST", "/", "", {}});
  const auto answer = client.Ask("POST", "/", headers, "Action=DescribeRegions&Version=2016-11-16");
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("<Code>SignatureDoesNotMatch</Code>"), std::string::npos);
}

TEST_F(SimulatorTest, AnUnsignedCallIsRefused) {
  sim::RawClient client(port());
  const auto answer = client.Ask("POST", "/", "", "Action=GetCallerIdentity&Version=2011-06-15");
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("<Code>MissingAuthenticationToken</Code>"), std::string::npos);
}

TEST_F(SimulatorTest, AServiceThatDoesNotExistIsNotFound) {
  EXPECT_EQ(Ask("nothing", "us-east-1", kRegions).status, 404);
}

TEST_F(SimulatorTest, AGlobalServiceIsSignedForInItsRegion) {
  const std::string body = "Action=GetAccountAuthorizationDetails&Version=2010-05-08";
  EXPECT_EQ(Ask("iam", "us-east-1", body).status, 200);
  EXPECT_NE(Ask("iam", "eu-west-1", body).body.find("Credential should be scoped to a valid region."),
            std::string::npos);
}

TEST_F(SimulatorTest, TheClockOfTheServerCanBeMoved) {
  EXPECT_EQ(Control("POST", "advance", R"({"seconds":280})"), "200 {}");
  EXPECT_EQ(Ask("ec2", "us-east-1", kRegions).status, 200);
  Control("POST", "advance", R"({"seconds":40})");
  const auto late = Ask("iam", "us-east-1", "Action=GetAccountAuthorizationDetails&Version=2010-05-08");
  EXPECT_NE(late.body.find("Signature expired: "), std::string::npos);
}

TEST_F(SimulatorTest, ACutLeavesNoByte) {
  Control("POST", "faults", R"({"kind":"cut-before","service":"ec2"})");
  EXPECT_EQ(Ask("ec2", "us-east-1", kRegions).status, 0);
  EXPECT_EQ(Ask("ec2", "us-east-1", kRegions).status, 200);
  Control("POST", "faults", R"({"kind":"truncated-body","service":"ec2"})");
  EXPECT_FALSE(Ask("ec2", "us-east-1", kRegions).complete);
}

TEST_F(SimulatorTest, RefusedCallsAreCounted) {
  Control("POST", "limits", R"({"limits":[{"service":"ec2","perSecond":0.001,"burst":2}]})");
  for (int i = 0; i < 5; ++i) Ask("ec2", "us-east-1", kRegions);
  EXPECT_EQ(Control("GET", "stats"), R"(200 {"calls":5,"throttled":3,"refused":0,"most_running":1})");
  EXPECT_EQ(Control("DELETE", "requests"), "200 {}");
  EXPECT_EQ(Control("GET", "stats"), R"(200 {"calls":0,"throttled":0,"refused":0,"most_running":0})");
  EXPECT_EQ(Control("GET", "requests"), "200 []");
}

TEST_F(SimulatorTest, TheControlPlaneSaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(Control("POST", "nothing"), R"(404 {"message":"no such control"})");
  EXPECT_EQ(Control("POST", "faults", "[]"), R"(400 {"message":"the body is not a JSON object"})");
  EXPECT_EQ(Control("POST", "faults", R"({"kind":"x"})"), R"(400 {"message":"fault: unknown kind `x`"})");
  EXPECT_EQ(Control("POST", "faults", R"({"knd":"x"})"), R"(400 {"message":"unknown member `knd`"})");
  EXPECT_EQ(Control("POST", "faults", R"({"kind":"throttle","times":-2})"),
            R"(400 {"message":"fault: a number is out of range"})");
  EXPECT_EQ(Control("POST", "limits", R"({"limits":[{}]})"),
            R"(400 {"message":"limits: `perSecond` and `burst` must be numbers"})");
  EXPECT_EQ(Control("POST", "settings", R"({"speed":1})"), R"(400 {"message":"unknown member `speed`"})");
  EXPECT_EQ(Control("POST", "world", R"({"revokeRole":"arn:aws:iam::111122223333:role/x"})"),
            R"(404 {"message":"no such role"})");
  EXPECT_EQ(Control("POST", "world", R"({"revokeKey":"x"})"), R"(404 {"message":"no such key"})");
  EXPECT_EQ(Control("POST", "world", R"({"closeRegion":{"account":"x"}})"), R"(404 {"message":"no such account"})");
}

TEST_F(SimulatorTest, ARevokedKeyIsUnknown) {
  EXPECT_EQ(Control("POST", "world", R"({"revokeKey":"AKIAIOSFODNN7EXAMPLE"})"), "200 {}");
  EXPECT_NE(Ask("ec2", "us-east-1", kRegions).body.find("<Code>AuthFailure</Code>"), std::string::npos);
}

TEST_F(SimulatorTest, TheLogKeepsTheNewestCalls) {
  for (int i = 0; i < 3; ++i) Ask("ec2", "us-east-1", kRegions);
  const auto log = Control("GET", "requests");
  EXPECT_NE(
      log.find(
          R"("account":"111122223333","region":"us-east-1","service":"ec2","action":"DescribeRegions","status":200)"),
      std::string::npos);
}

TEST(SimulatorPort, ATakenOneIsNamed) {
  SystemClock real;
  sim::SimClock clock(real.Now(), 1, real);
  SimulatorOptions options;
  options.clock = &clock;
  const auto first = Simulator::Start(DemoAwsEstate(), options);
  ASSERT_TRUE(first.ok());
  options.port = std::stoi((*first)->url().substr((*first)->url().rfind(':') + 1));
  const auto second = Simulator::Start(DemoAwsEstate(), options);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("cannot listen on 127.0.0.1 port"), std::string::npos);
}

TEST(Sessions, HaveABound) {
  auto world = DemoAwsEstate();
  const TimePoint now{};
  for (std::size_t i = world.keys.size(); i < kMaxSessions; ++i) {
    AccessKey key;
    key.token = "t";
    key.expires = now + std::chrono::seconds(i % 2);
    world.keys["k" + std::to_string(i)] = key;
  }
  EXPECT_TRUE(world.RoomForSession(now));
  EXPECT_LT(world.keys.size(), kMaxSessions) << "the expired half is gone";
}

TEST(DocumentedLimits, AreThoseOfTheGuides) {
  TokenBuckets buckets(DocumentedLimits());
  const auto passed = [&](std::string_view service, std::string_view action, int calls) {
    int count = 0;
    for (int i = 0; i < calls; ++i) {
      count += buckets.Take("1", "r", service, action, std::chrono::nanoseconds(0)) ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(passed("ec2", "DescribeInstances", 200), 100);
  EXPECT_EQ(passed("wafv2", "ListResourcesForWebACL", 10), 1);
  EXPECT_EQ(passed("wafv2", "ListWebACLs", 10), 5);
  EXPECT_EQ(passed("iam", "GetPolicy", 50), 20);
}

}  // namespace
}  // namespace sallyport::aws_sim

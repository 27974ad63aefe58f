// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/protocol.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/aws/faults.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

sim::ServedRequest Form(const std::string& body) {
  sim::ServedRequest request;
  request.method = "POST";
  request.path = request.raw_path = "/";
  request.body = body;
  return request;
}

sim::ServedRequest Get(const std::string& raw_path, const std::string& query = "") {
  sim::ServedRequest request;
  request.method = "GET";
  request.raw_path = raw_path;
  request.path = PercentDecoded(raw_path);
  request.query = query;
  return request;
}

std::string MembersOf(const sim::ServedRequest& request, std::string_view signing_name) {
  const auto route = FindRoute(request, signing_name);
  if (route.operation == nullptr) return "no operation";
  auto members = ReadMembers(request, route);
  if (auto* problem = std::get_if<Failure>(&members)) return problem->code + ": " + problem->message;
  return json::serialize(std::get<json::object>(members));
}

TEST(Operations, EveryOneIsAnsweredByAFunctionAndNamedOnce) {
  for (const ServiceSpec* service : Services()) {
    std::set<std::string_view> names;
    for (const OperationSpec& operation : service->operations) {
      EXPECT_TRUE(names.insert(operation.name).second) << service->id << " " << operation.name;
      EXPECT_NE(operation.answer, nullptr) << service->id << " " << operation.name;
    }
  }
  EXPECT_EQ(FindOperation(*FindService("ec2"), "RunInstances"), nullptr);
  EXPECT_EQ(FindService("waf"), nullptr);
}

TEST(Members, FormsBecomeListsAndStructures) {
  EXPECT_EQ(
      MembersOf(
          Form("Action=DescribeInstances&Version=2016-11-15&Filter.2.Name=b&Filter.1.Name=a&Filter.1.Value.1=x%20y"
               "&InstanceId.1=i-1&InstanceId.10=i-10&InstanceId.2=i-2"),
          "ec2"),
      R"({"Filter":[{"Name":"a","Value":["x y"]},{"Name":"b"}],"InstanceId":["i-1","i-2","i-10"]})");
  EXPECT_EQ(MembersOf(Form("Action=Publish&Version=2010-03-31&Message=m&MessageAttributes.entry.1.Name=n"
                           "&MessageAttributes.entry.1.Value.DataType=String"),
                      "sns"),
            R"({"Message":"m","MessageAttributes":[{"Name":"n","Value":{"DataType":"String"}}]})");
}

TEST(Members, TwoServicesOfOneNameAreToldApart) {
  EXPECT_EQ(FindRoute(Form("Action=DescribeLoadBalancers&Version=2012-06-01"), "elasticloadbalancing").service->id,
            "elb");
  EXPECT_EQ(FindRoute(Form("Action=DescribeLoadBalancers&Version=2015-12-01"), "elasticloadbalancing").service->id,
            "elbv2");
  EXPECT_EQ(FindRoute(Get("/bucket", "acl"), "s3").operation->name, "GetBucketAcl");
  EXPECT_EQ(FindRoute(Get("/v20180820/accesspoint"), "s3").operation->name, "ListAccessPoints");
  EXPECT_EQ(FindRoute(Get("/"), "nobody").service, nullptr);
}

TEST(Members, PathsAreSplitBeforeTheyAreDecoded) {
  EXPECT_EQ(MembersOf(Get("/2020-05-31/distributionsByWebACLId/arn%3Aaws%3Awafv2%2Fa%2Fb", "MaxItems=5"), "cloudfront"),
            R"({"WebACLId":"arn:aws:wafv2/a/b","MaxItems":"5"})");
}

TEST(Members, WhatIsMissingUnknownOrUnreadableIsSaid) {
  EXPECT_EQ(MembersOf(Form("Action=GetPolicy&Version=2010-05-08"), "iam"),
            "ValidationError: 1 validation error detected: the member PolicyArn is missing");
  EXPECT_EQ(MembersOf(Form("Action=GetPolicy&Version=2010-05-08&PolicyArn=a&Policyarn=b"), "iam"),
            "ValidationError: The member Policyarn is not recognized");
  EXPECT_EQ(MembersOf(Form("Action=DescribeRegions&Version=2016-11-15&Filters.1.Name=b"), "ec2"),
            "UnknownParameter: The member Filters is not recognized");
  EXPECT_EQ(MembersOf(Form("Action=DescribeRegions&Version=2016-11-15&Filter.1=a&Filter.1.Name=b"), "ec2"),
            "MalformedQueryString: parameter Filter.1.Name");
  auto json_request = Form("[1]");
  json_request.headers.emplace_back("x-amz-target", "TrentService.DescribeKey");
  EXPECT_EQ(MembersOf(json_request, "kms"), "SerializationException: the body is not a JSON object");
  json_request.body = R"({"KeyID":"1"})";
  EXPECT_EQ(MembersOf(json_request, "kms"), "SerializationException: The member KeyID is not recognized");
}

TEST(Members, HaveBounds) {
  const auto parameters = [](int count) {
    std::string body = "Action=DescribeRegions&Version=2016-11-15";
    for (int i = 1; i <= count - 2; ++i) body += "&Filter." + std::to_string(i) + ".Name=a";
    return MembersOf(Form(body), "ec2");
  };
  EXPECT_TRUE(parameters(5'000).starts_with("{"));
  EXPECT_EQ(parameters(5'001), "MalformedQueryString: too many parameters");
  const auto nested = [](std::size_t parts) {
    std::string key = "Filter";
    for (std::size_t i = 1; i < parts; ++i) key += ".a";
    return MembersOf(Form("Action=DescribeRegions&Version=2016-11-15&" + key + "=x"), "ec2");
  };
  EXPECT_TRUE(nested(12).starts_with("{"));
  EXPECT_TRUE(nested(13).starts_with("MalformedQueryString"));
}

TEST(Failures, HaveTheFormOfTheirProtocol) {
  const auto failure = Fail(400, "Bad", "a < b");
  const TimePoint now{};
  EXPECT_NE(WriteFailure(*FindService("ec2"), failure, "id", now)
                .body.find("<Response><Errors><Error><Code>Bad</Code><Message>a &lt; "
                           "b</Message></Error></Errors><RequestID>id</RequestID>"),
            std::string::npos);
  EXPECT_NE(
      WriteFailure(*FindService("iam"), failure, "id", now).body.find("<Error><Type>Sender</Type><Code>Bad</Code>"),
      std::string::npos);
  EXPECT_NE(WriteFailure(*FindService("s3"), failure, "id", now).body.find("\n<Error><Code>Bad</Code>"),
            std::string::npos);
  EXPECT_EQ(WriteFailure(*FindService("kms"), failure, "id", now).body, R"({"__type":"Bad","message":"a < b"})");
  EXPECT_EQ(WriteFailure(*FindService("guardduty"), failure, "id", now).body, R"({"message":"a < b"})");
  EXPECT_EQ(WriteFailure(*FindService("s3"), failure, "id", now, true).status, 200);
}

Call PagedCall(json::object in) {
  Call call;
  call.service = FindService("iam");
  call.operation = FindOperation(*call.service, "GetAccountAuthorizationDetails");
  call.in = std::move(in);
  return call;
}

TEST(Paging, WalksToTheEnd) {
  const PageRule rule;
  Page page;
  ASSERT_FALSE(TakePage(PagedCall({{"MaxResults", 4}}), 10, rule, page));
  EXPECT_EQ(page.end, 4U);
  std::vector<std::size_t> ends;
  while (!page.next.empty()) {
    const auto token = page.next;
    page = {};
    ASSERT_FALSE(TakePage(PagedCall({{"MaxResults", 4}, {"NextToken", token}}), 10, rule, page));
    ends.push_back(page.end);
  }
  EXPECT_EQ(ends, (std::vector<std::size_t>{8, 10}));
}

TEST(Paging, RefusesForeignTokensAndSizesOutOfRange) {
  const PageRule rule{.smallest = 5, .largest = 10};
  Page page;
  EXPECT_TRUE(TakePage(PagedCall({{"MaxResults", 4}}), 10, rule, page));
  EXPECT_FALSE(TakePage(PagedCall({{"MaxResults", 5}}), 10, rule, page));
  const auto token = page.next;
  EXPECT_FALSE(TakePage(PagedCall({{"MaxResults", 10}, {"NextToken", token}}), 10, rule, page));
  EXPECT_TRUE(TakePage(PagedCall({{"MaxResults", 11}, {"NextToken", token}}), 10, rule, page));
  EXPECT_TRUE(TakePage(PagedCall({{"MaxResults", 5}, {"NextToken", token}, {"PathPrefix", "/a"}}), 10, rule, page));
  EXPECT_TRUE(TakePage(PagedCall({{"MaxResults", 5}, {"NextToken", "sim1"}}), 10, rule, page));
  EXPECT_TRUE(TakePage(PagedCall({{"MaxResults", "five"}}), 10, rule, page));
}

TEST(Paging, CanRepeatForEverAndBeSmall) {
  auto call = PagedCall({});
  call.page_limit = 3;
  call.repeat_token = true;
  Page page;
  ASSERT_FALSE(TakePage(call, 10, {}, page));
  EXPECT_EQ(page.end, 3U);
  call.in["NextToken"] = page.next;
  Page second;
  ASSERT_FALSE(TakePage(call, 10, {}, second));
  EXPECT_EQ(second.next, page.next);
  EXPECT_EQ(second.begin, 0U);
}

TEST(Faults, CountTheCallsThatMatch) {
  FaultBook book;
  Fault fault;
  fault.kind = FaultKind::kThrottle;
  fault.service = "ec2";
  fault.action = "Describe*";
  fault.skip = 1;
  fault.times = 2;
  ASSERT_TRUE(book.Add(fault).ok());
  const auto hits = [&](std::string_view service, std::string_view action) {
    return book.Match({"1", "r", service, action}).size();
  };
  EXPECT_EQ(hits("iam", "DescribeRegions"), 0U);
  EXPECT_EQ(hits("ec2", "RunInstances"), 0U);
  EXPECT_EQ(hits("ec2", "DescribeRegions"), 0U);  // skipped
  EXPECT_EQ(hits("ec2", "DescribeRegions"), 1U);
  EXPECT_EQ(hits("ec2", "DescribeRegions"), 1U);
  EXPECT_EQ(hits("ec2", "DescribeRegions"), 0U);  // used up
}

TEST(Faults, RefuseNumbersOutOfRangeAndKnowTheirNames) {
  FaultBook book;
  Fault fault;
  fault.probability = 1.5;
  EXPECT_EQ(book.Add(fault).error().message, "fault: a number is out of range");
  fault.probability = 1;
  fault.delay_ms = 600'001;
  EXPECT_FALSE(book.Add(fault).ok());
  fault.delay_ms = 600'000;
  EXPECT_TRUE(book.Add(fault).ok());
  EXPECT_EQ(FaultKindFrom("cut-before"), FaultKind::kCutBefore);
  EXPECT_EQ(ToString(FaultKind::kTruncatedDocument), "truncated-document");
  EXPECT_FALSE(FaultKindFrom("nothing").has_value());
}

}  // namespace
}  // namespace sallyport::aws_sim

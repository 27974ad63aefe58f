// SPDX-License-Identifier: Apache-2.0
//
// Over real sockets, against the simulator of the runtime API.
#include "lambda/http_runtime_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "base/json.h"
#include "sim/lambda_runtime.h"

namespace sallyport::lambda {
namespace {

using sim::LambdaFault;
using sim::LambdaOutcome;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = sim::LambdaOutcome::Kind;

constexpr Duration kLimit{20'000};

class HttpRuntimeApiTest : public ::testing::Test {
 protected:
  std::future<LambdaOutcome> Invoke(std::string event) {
    return std::async(std::launch::async, [this, event = std::move(event)] { return runtime_->Invoke(event, kLimit); });
  }

  std::unique_ptr<sim::LambdaRuntime> runtime_ = std::move(sim::LambdaRuntime::Start()).value();
  HttpRuntimeApi api_{runtime_->address()};
};

TEST_F(HttpRuntimeApiTest, TakesAnInvocationAndAnswersIt) {
  auto outcome = Invoke("{\"a\":1}");
  const auto next = api_.Next();
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(*next->event, "{\"a\":1}");
  EXPECT_THAT(next->function_arn, HasSubstr("function:sallyport"));
  EXPECT_THAT(next->trace_id, HasSubstr("Root=1-"));
  ASSERT_TRUE(next->deadline);
  const Duration left = *next->deadline - SystemClock().Now();
  EXPECT_LE(left, kLimit);
  EXPECT_GT(left, kLimit / 2);
  ASSERT_TRUE(api_.Respond(next->request_id, "{\"b\":2}").ok());
  const LambdaOutcome ended = outcome.get();
  EXPECT_EQ(ended.kind, Kind::kResponse);
  EXPECT_EQ(ended.body, "{\"b\":2}");
}

TEST_F(HttpRuntimeApiTest, ReportsAnErrorWithTypeAndMessage) {
  auto outcome = Invoke("{}");
  const auto next = api_.Next();
  ASSERT_TRUE(next.ok());
  ASSERT_TRUE(api_.Fail(next->request_id, {"Sallyport.Ledger", "the disk is full\n"}).ok());
  const LambdaOutcome ended = outcome.get();
  EXPECT_EQ(ended.kind, Kind::kError);
  EXPECT_EQ(ended.error_type, "Sallyport.Ledger");
  EXPECT_EQ(ended.body, R"({"errorMessage":"the disk is full\\x0a","errorType":"Sallyport.Ledger","stackTrace":[]})");
}

TEST_F(HttpRuntimeApiTest, CutsAnErrorMessageAtItsBound) {
  auto outcome = Invoke("{}");
  const auto next = api_.Next();
  ASSERT_TRUE(api_.Fail(next->request_id, {"T.T", std::string(kErrorMessageBytes + 1, 'x')}).ok());
  const auto body = Json::Parse(outcome.get().body);
  EXPECT_LE((*body)["errorMessage"].StringOr("").size(), kErrorMessageBytes + 3);
  EXPECT_TRUE((*body)["errorMessage"].StringOr("").ends_with("..."));
}

TEST_F(HttpRuntimeApiTest, ReportsThatItCannotStartOnlyBeforeTheFirstPoll) {
  ASSERT_TRUE(api_.InitError({"Sallyport.Settings", "no key"}).ok());
  EXPECT_EQ(runtime_->init_error()->error_type, "Sallyport.Settings");
  const Status again = api_.InitError({"Sallyport.Settings", "no key"});
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kForbidden);
}

TEST_F(HttpRuntimeApiTest, KnowsTheRefusals) {
  auto outcome = Invoke("{}");
  const auto next = api_.Next();
  const Status unknown = api_.Respond("00000000", "{}");
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(unknown.error().message, HasSubstr("answered the response with 400"));
  EXPECT_THAT(unknown.error().message, HasSubstr("InvalidRequestID"));
  ASSERT_TRUE(api_.Respond(next->request_id, "{}").ok());
  EXPECT_EQ(api_.Respond(next->request_id, "{}").error().code, ErrorCode::kForbidden);
  EXPECT_EQ(api_.Fail(next->request_id, {"T.T", ""}).error().code, ErrorCode::kForbidden);
  (void)outcome.get();
}

TEST_F(HttpRuntimeApiTest, SendsAResponseOfSixMegabytesAndNotMore) {
  auto outcome = Invoke("{}");
  const auto next = api_.Next();
  const Status over = api_.Respond(next->request_id, std::string(kResponseBytes + 1, 'x'));
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(over.error().message, HasSubstr("6291457 bytes"));
  ASSERT_TRUE(api_.Respond(next->request_id, std::string(kResponseBytes, 'x')).ok());
  EXPECT_EQ(outcome.get().body.size(), kResponseBytes);
}

TEST_F(HttpRuntimeApiTest, UnderstandsThatTheApiFindsAResponseTooLarge) {
  auto outcome = Invoke("{}");
  const auto next = api_.Next();
  runtime_->AddFault({LambdaFault::Call::kResponse, 413});
  const Status refused = api_.Respond(next->request_id, "{}");
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(refused.error().message, HasSubstr("the response of 2 bytes as too large; its limit is 6291456 bytes"));
  ASSERT_TRUE(api_.Fail(next->request_id, {"T.T", ""}).ok());
  EXPECT_EQ(outcome.get().kind, Kind::kError);
}

TEST_F(HttpRuntimeApiTest, TakesAnEventAtTheBoundAndKeepsTheIdOfALargerOne) {
  for (const std::size_t over : {0U, 1U}) {
    auto outcome = Invoke(std::string(bounds::kEventBytes + over, 'x'));
    const auto next = api_.Next();
    ASSERT_TRUE(next.ok()) << next.error().message;
    EXPECT_EQ(next->event.ok(), over == 0);
    if (over != 0) {
      EXPECT_EQ(next->event.error().code, ErrorCode::kTooLarge);
    }
    ASSERT_TRUE(api_.Fail(next->request_id, {"T.T", ""}).ok()) << "over a new connection";
    (void)outcome.get();
  }
}

TEST_F(HttpRuntimeApiTest, TriesOnceMoreOverANewConnectionAfterAThaw) {
  auto first = Invoke("{}");
  ASSERT_TRUE(api_.Respond(api_.Next()->request_id, "{}").ok());
  (void)first.get();
  runtime_->DropConnection();
  auto second = Invoke("{\"second\":true}");
  const auto next = api_.Next();
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(*next->event, "{\"second\":true}");
  ASSERT_TRUE(api_.Respond(next->request_id, "{}").ok());
  (void)second.get();
  EXPECT_THAT(runtime_->Calls(),
              ElementsAre("GET next 200", "POST response 202", "GET next cut", "GET next 200", "POST response 202"));
}

TEST_F(HttpRuntimeApiTest, DoesNotTryAThirdTime) {
  runtime_->DropConnection();
  runtime_->DropConnection();
  const auto next = api_.Next();
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().code, ErrorCode::kOutcomeUnknown);
  EXPECT_THAT(next.error().message, HasSubstr("asking for the next invocation"));
}

TEST_F(HttpRuntimeApiTest, TakesAServerErrorForTheEnd) {
  runtime_->AddFault({LambdaFault::Call::kNext, 500});
  const auto next = api_.Next();
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(next.error().message, HasSubstr("with 500"));
}

TEST_F(HttpRuntimeApiTest, RefusesASecondPollBeforeTheAnswer) {
  auto outcome = Invoke("{}");
  const auto next = api_.Next();
  EXPECT_EQ(api_.Next().error().code, ErrorCode::kForbidden);
  ASSERT_TRUE(api_.Respond(next->request_id, "{}").ok());
  (void)outcome.get();
}

TEST(HttpRuntimeApi, SaysThatNobodyListens) {
  int port = 0;
  {
    const auto server = std::move(sim::HttpServer::Start({}, [](const auto&) { return sim::ServedAnswer{}; })).value();
    port = server->port();
  }
  HttpRuntimeApi api("127.0.0.1:" + std::to_string(port));
  const auto next = api.Next();
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(next.error().message, HasSubstr("no connection to `127.0.0.1:" + std::to_string(port)));
  EXPECT_EQ(HttpRuntimeApi("127.0.0.1:no-port").Next().error().code, ErrorCode::kUnavailable);
}

// An API that hands over whatever the test wants.
class OddApi {
 public:
  explicit OddApi(std::vector<std::pair<std::string, std::string>> headers)
      : server_(std::move(sim::HttpServer::Start({}, [headers = std::move(headers)](const auto&) {
                  return sim::ServedAnswer{200, headers, "{}", sim::Delivery::kWhole};
                })).value()) {}
  Result<Invocation> Next() const { return HttpRuntimeApi("127.0.0.1:" + std::to_string(server_->port())).Next(); }

 private:
  std::unique_ptr<sim::HttpServer> server_;
};

TEST(HttpRuntimeApi, RefusesARequestIdThatDoesNotFitIntoAPath) {
  for (const std::string& id : {std::string(), std::string("../next"), std::string("a b"), std::string(129, 'a')}) {
    const auto next = OddApi({{"Lambda-Runtime-Aws-Request-Id", id}}).Next();
    ASSERT_FALSE(next.ok()) << id;
    EXPECT_EQ(next.error().code, ErrorCode::kBadAnswer);
    EXPECT_THAT(next.error().message, HasSubstr("which cannot be answered"));
  }
  EXPECT_TRUE(OddApi({{"Lambda-Runtime-Aws-Request-Id", std::string(128, 'a')}}).Next().ok());
}

// What the API was told about which delivery the answer belongs to: the header of each call that answers.
std::vector<std::string> InvocationIdsBack(const std::string& came) {
  std::vector<std::string> back;
  const auto server =
      std::move(sim::HttpServer::Start({}, [&](const auto& request) {
        const std::string* id = request.Header("lambda-runtime-invocation-id");
        if (request.method == "POST") back.push_back(id == nullptr ? "" : *id);
        std::vector<std::pair<std::string, std::string>> headers = {{"Lambda-Runtime-Aws-Request-Id", "id"}};
        if (!came.empty()) headers.emplace_back("Lambda-Runtime-Invocation-Id", came);
        return sim::ServedAnswer{200, headers, "{}", sim::Delivery::kWhole};
      })).value();
  HttpRuntimeApi api("127.0.0.1:" + std::to_string(server->port()));
  EXPECT_TRUE(api.Next().ok());
  EXPECT_TRUE(api.Respond("id", "{}").ok());
  EXPECT_TRUE(api.Fail("id", {"T.T", ""}).ok());
  return back;
}

TEST(HttpRuntimeApi, SendsTheInvocationIdBackWhenItCame) {
  const std::string id = "5f1c0c9e-0000-4000-8000-000000000001";
  EXPECT_THAT(InvocationIdsBack(id), ElementsAre(id, id));
  EXPECT_THAT(InvocationIdsBack(""), ElementsAre("", ""));
  EXPECT_THAT(InvocationIdsBack("not an id: a, b"), ElementsAre("", "")) << "it would become a header of ours";
}

TEST(HttpRuntimeApi, DoesWithoutADeadlineThatCannotBeRead) {
  for (const char* text : {"", "-5", "0", "soon", "12x", "99999999999999999999", "9000000000000000000"}) {
    const auto next = OddApi({{"Lambda-Runtime-Aws-Request-Id", "id"}, {"Lambda-Runtime-Deadline-Ms", text}}).Next();
    ASSERT_TRUE(next.ok()) << text;
    EXPECT_FALSE(next->deadline) << text;
  }
}

}  // namespace
}  // namespace sallyport::lambda

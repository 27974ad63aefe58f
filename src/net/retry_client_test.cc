// SPDX-License-Identifier: Apache-2.0
#include "net/retry_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "net/fake_http.h"

namespace sallyport {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double value) : value_(value) {}
  double Uniform() override { return value_; }

 private:
  double value_;
};

struct Given {
  explicit Given(double jitter = 0.5, int per_minute = 0, RetryPolicy policy = {})
      : random(jitter), budget(clock, per_minute), client(inner, budget, clock, random, log, policy) {}

  FakeClock clock;
  std::string lines;
  Logger log{clock, LogLevel::kInfo, [this](std::string_view line) { lines += line; }};
  FixedRandom random;
  RequestBudget budget;
  FakeHttpClient inner;
  RetryClient client;
};

HttpRequest Request(Repeat repeat, Duration deadline = minutes{5}) {
  return {.method = "POST",
          .url = "https://h/api/scans?key=q",
          .body = "{}",
          .repeat = repeat,
          .changes = true,
          .deadline = deadline};
}

TEST(RetryClient, RepeatsOnlyWhatMayPassAndWasNotCarriedOut) {
  struct Case {
    std::string_view name;
    Result<HttpResponse> first;
    bool safe_again;
    bool unsafe_again;
  };
  const auto status = [](int code) { return HttpResponse{.status = code, .headers = {}, .body = ""}; };
  const auto error = [](ErrorCode code) { return Error{code, "x", ""}; };
  const Case cases[] = {
      {"200", status(200), false, false},
      {"301", status(301), false, false},
      {"400", status(400), false, false},
      {"401", status(401), false, false},
      {"403", status(403), false, false},
      {"404", status(404), false, false},
      {"408", status(408), false, false},
      {"409", status(409), false, false},
      {"429", status(429), true, true},
      {"500", status(500), true, false},
      {"501", status(501), false, false},
      {"502", status(502), true, false},
      {"503", status(503), true, false},
      {"504", status(504), true, false},
      {"505", status(505), false, false},
      {"unavailable", error(ErrorCode::kUnavailable), true, true},
      {"outcome unknown", error(ErrorCode::kOutcomeUnknown), true, false},
      {"timeout", error(ErrorCode::kTimeout), true, false},
      {"untrusted", error(ErrorCode::kUntrusted), false, false},
      {"too large", error(ErrorCode::kTooLarge), false, false},
      {"invalid", error(ErrorCode::kInvalidInput), false, false},
      {"rate limited by our own gate", error(ErrorCode::kRateLimited), false, false},
      {"bug", error(ErrorCode::kInternal), false, false},
  };
  for (const Case& c : cases) {
    for (const Repeat repeat : {Repeat::kSafe, Repeat::kUnsafe}) {
      SCOPED_TRACE(std::string(c.name) + (repeat == Repeat::kSafe ? ", safe" : ", unsafe"));
      Given s;
      s.inner.Push(c.first);
      s.inner.Answer(201);
      const Result<HttpResponse> result = s.client.Send(Request(repeat));
      const bool again = repeat == Repeat::kSafe ? c.safe_again : c.unsafe_again;
      EXPECT_EQ(s.inner.Requests().size(), again ? 2U : 1U);
      if (again) {
        EXPECT_EQ(result->status, 201);
      } else {
        EXPECT_EQ(result, c.first);
      }
    }
  }
}

TEST(RetryClient, SendsTheSameRequestAgain) {
  Given s;
  s.inner.Answer(429);
  s.inner.Answer(200);
  HttpRequest request = Request(Repeat::kUnsafe);
  request.headers = {{"A", "b"}};
  request.secret_headers.emplace_back("K", Secret("v"));
  ASSERT_TRUE(s.client.Send(request).ok());
  const HttpRequest again = s.inner.Requests().at(1);
  EXPECT_EQ(again.method, "POST");
  EXPECT_EQ(again.url, request.url);
  EXPECT_EQ(again.body, "{}");
  EXPECT_EQ(again.headers.at(0).value, "b");
  EXPECT_EQ(again.secret_headers.at(0).second.RevealForRequest(), "v");
}

TEST(RetryClient, StopsAfterSixTriesAndReturnsTheLastAnswer) {
  Given s;
  for (int i = 0; i < 5; ++i) s.inner.Answer(503);
  s.inner.Answer(502, "last");
  s.inner.Answer(200);
  const Result<HttpResponse> result = s.client.Send(Request(Repeat::kSafe));
  EXPECT_EQ(result->status, 502);
  EXPECT_EQ(result->body, "last");
  EXPECT_EQ(s.inner.Left(), 1U);
}

TEST(RetryClient, SaysAfterHowManyTriesItGaveUp) {
  Given s;
  for (int i = 0; i < 6; ++i) s.inner.Fail(ErrorCode::kUnavailable, "no connection to `h`");
  const Result<HttpResponse> result = s.client.Send(Request(Repeat::kSafe));
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(result.error().message, "no connection to `h`, after 6 tries");
}

TEST(RetryClient, OfAQuestionNoOutcomeIsUnknown) {
  for (const int tries : {1, 2}) {
    Given s(0.5, 0, {.tries = tries});
    for (int i = 0; i < tries; ++i) s.inner.Fail(ErrorCode::kOutcomeUnknown);
    HttpRequest question = Request(Repeat::kSafe);
    question.changes = false;
    EXPECT_EQ(s.client.Send(question).error().code, ErrorCode::kUnavailable);
  }
}

TEST(RetryClient, DoesNotSayNotSentWhenAnEarlierTryMayHaveBeenCarriedOut) {
  for (const int earlier : {0, 500}) {
    Given s(0.5, 0, {.tries = 2});
    if (earlier == 0) {
      s.inner.Fail(ErrorCode::kOutcomeUnknown);
    } else {
      s.inner.Answer(earlier);
    }
    s.inner.Fail(ErrorCode::kUnavailable);
    EXPECT_EQ(s.client.Send(Request(Repeat::kSafe)).error().code, ErrorCode::kOutcomeUnknown);
  }
  Given refused(0.5, 0, {.tries = 2});
  refused.inner.Answer(429);
  refused.inner.Fail(ErrorCode::kUnavailable);
  EXPECT_EQ(refused.client.Send(Request(Repeat::kUnsafe)).error().code, ErrorCode::kUnavailable);
}

TEST(RetryClient, WaitsTwiceAsLongEachTimeUpToTheLongestTimesTheJitter) {
  const RetryPolicy policy{.tries = 9};
  Given s(0.5, 0, policy);
  for (int i = 0; i < 9; ++i) s.inner.Answer(503);
  ASSERT_TRUE(s.client.Send(Request(Repeat::kSafe)).ok());
  EXPECT_THAT(s.clock.slept(), ElementsAre(milliseconds{250}, milliseconds{500}, seconds{1}, seconds{2}, seconds{4},
                                           seconds{8}, seconds{15}, seconds{15}));
}

TEST(RetryClient, FullJitterReachesDownToZero) {
  Given s(0.0);
  s.inner.Answer(503);
  s.inner.Answer(200);
  EXPECT_EQ(s.client.Send(Request(Repeat::kSafe))->status, 200);
  EXPECT_THAT(s.clock.slept(), ElementsAre(Duration{0}));
}

TEST(RetryClient, HonorsRetryAfter) {
  struct Case {
    std::string_view name;
    std::string value;
    Duration wait;
  };
  FakeClock clock;  // starts at 2025-11-24T16:00:00Z
  const Case cases[] = {
      {"seconds", "7", seconds{7}},
      {"with white space", " 7 ", seconds{7}},
      {"a date", "Mon, 24 Nov 2025 16:00:09 GMT", seconds{9}},
      {"a date that has passed", "Mon, 24 Nov 2025 15:00:00 GMT", milliseconds{250}},
      {"shorter than the back-off", "0", milliseconds{250}},
      {"garbage", "soon", milliseconds{250}},
      {"negative", "-5", milliseconds{250}},
      {"number with garbage", "7s", milliseconds{250}},
      {"empty", "", milliseconds{250}},
  };
  for (const Case& c : cases) {
    for (const int status : {429, 503}) {
      SCOPED_TRACE(std::string(c.name) + ", " + std::to_string(status));
      Given s;
      s.inner.Answer(status, "", {{"Retry-After", c.value}});
      s.inner.Answer(200);
      EXPECT_EQ(s.client.Send(Request(Repeat::kSafe))->status, 200);
      EXPECT_THAT(s.clock.slept(), ElementsAre(c.wait));
    }
  }
}

TEST(RetryClient, DoesNotBeginAWaitThatOutlastsTheDeadline) {
  struct Case {
    std::string value;
    bool again;
  };
  // The deadline is 10 s: a wait of 9 s leaves time for a try, one of 10 s does not.
  for (const Case& c : {Case{"9", true}, Case{"10", false}, Case{"4294967296", false},
                        Case{"99999999999999999999999", false}, Case{"Tue, 24 Nov 2026 16:00:00 GMT", false}}) {
    SCOPED_TRACE(c.value);
    Given s;
    s.inner.Answer(429, "", {{"Retry-After", c.value}});
    s.inner.Answer(200);
    EXPECT_EQ(s.client.Send(Request(Repeat::kSafe, seconds{10}))->status, c.again ? 200 : 429);
    EXPECT_EQ(s.clock.slept().size(), c.again ? 1U : 0U);
  }
}

TEST(RetryClient, GivesEachTryWhatIsLeftOfTheDeadline) {
  Given s;
  s.inner.WhileSending([&](const HttpRequest&) { s.clock.Advance(seconds{2}); });
  for (int i = 0; i < 6; ++i) s.inner.Answer(503);
  EXPECT_EQ(s.client.Send(Request(Repeat::kSafe, seconds{6}))->status, 503);
  std::vector<Duration> deadlines;
  for (const HttpRequest& request : s.inner.Requests()) deadlines.push_back(request.deadline);
  EXPECT_THAT(deadlines, ElementsAre(seconds{6}, milliseconds{3750}, milliseconds{1250}));
}

TEST(RetryClient, UsesItsDefaultDeadlineWhenTheRequestNamesNone) {
  Given s;
  s.inner.Answer(200);
  ASSERT_TRUE(s.client.Send(Request(Repeat::kSafe, Duration{0})).ok());
  EXPECT_EQ(s.inner.Requests().at(0).deadline, seconds{30});
}

TEST(RetryClient, EveryTryTakesAPlaceInTheBudget) {
  Given s(0.5, 2);
  s.inner.Answer(429);
  s.inner.Answer(429);
  s.inner.Answer(200);
  EXPECT_EQ(s.client.Send(Request(Repeat::kSafe))->status, 200);
  // Two waits to back off, and then for the first of the two places to be a minute old.
  EXPECT_THAT(s.clock.slept(), ElementsAre(milliseconds{250}, milliseconds{500}, milliseconds{59'250}));
}

TEST(RetryClient, IsRateLimitedWhenTheBudgetHasNoPlaceBeforeTheDeadline) {
  Given s(0.5, 1);
  s.inner.Answer(200);
  ASSERT_TRUE(s.client.Send(Request(Repeat::kSafe)).ok());
  // The place is free after exactly 60 s, which leaves no time to send within 60 s.
  const Result<HttpResponse> result = s.client.Send(Request(Repeat::kSafe, seconds{60}));
  EXPECT_EQ(result.error().code, ErrorCode::kRateLimited);
  EXPECT_THAT(result.error().message, HasSubstr("the budget of 1 requests a minute is used up"));
  EXPECT_THAT(s.clock.slept(), IsEmpty());
  s.inner.Answer(201);
  EXPECT_EQ(s.client.Send(Request(Repeat::kSafe, milliseconds{60'001}))->status, 201);
  EXPECT_EQ(s.inner.Requests().back().deadline, milliseconds{1});
}

TEST(RetryClient, ReturnsTheLastAnswerWhenTheBudgetHasNoPlaceForAnotherTry) {
  Given s(0.5, 1);
  s.inner.Answer(429, "first");
  const Result<HttpResponse> result = s.client.Send(Request(Repeat::kSafe, seconds{10}));
  EXPECT_EQ(result->status, 429);
  EXPECT_EQ(result->body, "first");
}

// A clock whose waits take longer than asked, as real ones may.
class LateClock final : public Clock {
 public:
  TimePoint Now() const override { return inner_.Now(); }
  std::chrono::steady_clock::time_point Monotonic() const override { return inner_.Monotonic(); }
  void SleepFor(Duration duration) override { inner_.SleepFor(duration + seconds{20}); }

 private:
  FakeClock inner_;
};

TEST(RetryClient, DoesNotTryAgainWhenTheWaitTookLongerThanAskedAndTheDeadlinePassed) {
  LateClock clock;
  FixedRandom random(0.5);
  RequestBudget budget(clock, 0);
  Logger log(clock, LogLevel::kOff, [](std::string_view) {});
  FakeHttpClient inner;
  RetryClient client(inner, budget, clock, random, log, {});
  inner.Answer(429, "first");
  inner.Answer(200);
  EXPECT_EQ(client.Send(Request(Repeat::kSafe, seconds{10}))->body, "first");
}

TEST(RetryClient, TimesOutWhenTheWaitForAPlaceInTheBudgetOutlastedTheDeadline) {
  LateClock clock;
  FixedRandom random(0.5);
  RequestBudget budget(clock, 1);
  Logger log(clock, LogLevel::kOff, [](std::string_view) {});
  FakeHttpClient inner;
  RetryClient client(inner, budget, clock, random, log, {});
  ASSERT_TRUE(budget.Reserve(Duration{0}).ok());
  const Result<HttpResponse> result = client.Send(Request(Repeat::kSafe, seconds{61}));
  EXPECT_EQ(result.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(result.error().message, "the deadline passed before the request was sent");
  EXPECT_THAT(inner.Requests(), IsEmpty());
}

TEST(RetryClient, LogsOneLinePerRetryWithoutQueryBodyOrSecret) {
  Given s;
  s.inner.Answer(503, "answer-body");
  s.inner.Fail(ErrorCode::kUnavailable);
  s.inner.Answer(200);
  HttpRequest request = Request(Repeat::kSafe);
  request.body = "request-body";
  request.secret_headers.emplace_back("api-secret-key", Secret("tmc-very-secret"));
  ASSERT_TRUE(s.client.Send(request).ok());
  EXPECT_EQ(s.lines,
            "{\"time\":\"2025-11-24T16:00:00Z\",\"level\":\"warning\",\"message\":\"trying an HTTP request again\","
            "\"method\":\"POST\",\"path\":\"/api/scans\",\"try\":1,\"outcome\":\"503\",\"wait_ms\":250}\n"
            "{\"time\":\"2025-11-24T16:00:00.250Z\",\"level\":\"warning\",\"message\":\"trying an HTTP request again\","
            "\"method\":\"POST\",\"path\":\"/api/scans\",\"try\":2,\"outcome\":\"unavailable\",\"wait_ms\":500}\n");
}

TEST(RetryClient, DoesNotLogWhenThereIsNoRetry) {
  Given s;
  s.inner.Answer(404);
  ASSERT_TRUE(s.client.Send(Request(Repeat::kSafe)).ok());
  EXPECT_THAT(s.lines, IsEmpty());
}

}  // namespace
}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "swp_client/answer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/bounds.h"

namespace sallyport::swp {
namespace {

constexpr Operation kSearch = {"search computers", ""};
constexpr Operation kCreateOperation = {"create a scheduled task", "scheduledTaskRights.canCreateNewScheduledTasks"};

HttpResponse AnswerWith(int status, std::string body, std::string content_type = "application/json") {
  return {status, {{"Content-Type", std::move(content_type)}}, std::move(body)};
}

Error Refused(const HttpResponse& answer, const Operation& operation = kSearch) {
  const auto json = ReadAnswer(answer, operation);
  EXPECT_FALSE(json.ok());
  return json.ok() ? Error{} : json.error();
}

TEST(ReadAnswer, TakesTheBodyOfAWholeAnswer) {
  for (const int status : {200, 201}) {
    const auto json = ReadAnswer(AnswerWith(status, R"({"ID":34})"), kSearch);
    ASSERT_TRUE(json.ok()) << status;
    EXPECT_EQ((*json)["ID"].Int64Or(0), 34);
  }
}

// Every other 2xx says of itself that its body is not the answer: later, changed, none, a part.
TEST(ReadAnswer, NoOtherSuccessIsAnAnswer) {
  for (int status = 202; status <= 299; ++status) {
    const auto json = ReadAnswer(AnswerWith(status, R"({"computers":[]})"), kSearch);
    ASSERT_FALSE(json.ok()) << status;
    EXPECT_EQ(json.error().code, ErrorCode::kBadAnswer);
    EXPECT_EQ(json.error().message, "SWP answered `search computers` with HTTP " + std::to_string(status) +
                                        ", which is not the whole answer");
  }
}

TEST(ReadAnswer, ANameThatStandsTwiceIsDamage) {
  const auto json = ReadAnswer(AnswerWith(200, R"({"computers":[{"ID":34}],"computers":[]})"), kSearch);
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.error().code, ErrorCode::kBadAnswer);
  EXPECT_NE(json.error().message.find("an object has the member `computers` twice"), std::string::npos);
}

TEST(ReadAnswer, MakesAnErrorOfEveryStatusOfTheContract) {
  struct Case {
    int status;
    ErrorCode code;
    std::string message;
    std::string advice;
  };
  const Case cases[] = {
      {400, ErrorCode::kInvalidInput, "SWP refused to search computers (HTTP 400): no",
       "this version of Sallyport and the SWP manager do not understand each other"},
      {401, ErrorCode::kUnauthenticated, "SWP refused to search computers (HTTP 401): no",
       "the API key is missing, wrong, expired or locked, or sent in the wrong form: check swp.api_key_file and "
       "swp.authentication, then run `sallyport doctor`"},
      {403, ErrorCode::kForbidden, "SWP refused to search computers (HTTP 403): no",
       "give the API key's role access to all computers and policies"},
      {404, ErrorCode::kNotFound, "SWP refused to search computers (HTTP 404): no",
       "check that swp.url ends in /api and that the object still exists"},
      {405, ErrorCode::kInvalidInput, "SWP refused to search computers (HTTP 405): no",
       "this version of Sallyport and the SWP manager do not understand each other"},
      {409, ErrorCode::kBadAnswer, "SWP could not search computers (HTTP 409): no", "try again later"},
      {413, ErrorCode::kTooLarge, "SWP refused to search computers (HTTP 413): no", ""},
      {422, ErrorCode::kInvalidInput, "SWP refused to search computers (HTTP 422): no",
       "this version of Sallyport and the SWP manager do not understand each other"},
      {429, ErrorCode::kRateLimited, "SWP refused to search computers (HTTP 429): no",
       "the tenant's API limit is used up: lower swp.requests_per_minute or that of other tools"},
      {500, ErrorCode::kUnavailable, "SWP could not search computers (HTTP 500): no", "try again later"},
      {502, ErrorCode::kUnavailable, "SWP could not search computers (HTTP 502): no", "try again later"},
      {503, ErrorCode::kUnavailable, "SWP could not search computers (HTTP 503): no", "try again later"},
      {504, ErrorCode::kUnavailable, "SWP could not search computers (HTTP 504): no", "try again later"},
      {100, ErrorCode::kBadAnswer, "SWP could not search computers (HTTP 100): no", "try again later"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Refused(AnswerWith(c.status, R"({"message":"no"})")), (Error{c.code, c.message, c.advice})) << c.status;
  }
}

TEST(ReadAnswer, A403NamesTheRightThatIsMissing) {
  EXPECT_EQ(Refused(AnswerWith(403, R"({"message":"no"})"), kCreateOperation).advice,
            "give the API key's role the right scheduledTaskRights.canCreateNewScheduledTasks");
}

TEST(ReadAnswer, TellsWhereARedirectLeads) {
  HttpResponse answer = AnswerWith(302, "<html>moved</html>", "text/html");
  answer.headers.push_back({"Location", "https://other.example/api\r\nx: y"});
  EXPECT_EQ(Refused(answer),
            (Error{ErrorCode::kBadAnswer, "SWP sent a redirect (HTTP 302) to `https://other.example/api\\x0d\\x0ax: y`",
                   "set swp.url to the address that it names"}));
}

TEST(ReadAnswer, ShowsWhatSwpSaysOnOneLineAndShort) {
  const auto said = [](const std::string& body, const std::string& type = "application/json") {
    const std::string prefix = "SWP could not search computers (HTTP 500)";
    const std::string message = Refused(AnswerWith(500, body, type)).message;
    EXPECT_TRUE(message.starts_with(prefix)) << message;
    return message.substr(prefix.size());
  };
  EXPECT_EQ(said(""), "");
  EXPECT_EQ(said(" \r\n"), "");
  EXPECT_EQ(said(R"({"message":"a\u001b[31mb\nc\u202ed"})"), ": a\\x1b[31mb\\x0ac\\u{202e}d");
  EXPECT_EQ(said("plain\ntext", "text/plain"), ": plain\\x0atext");
  EXPECT_EQ(said(R"({"message":7})"), R"(: {"message":7})");
  EXPECT_EQ(said(R"({"message":""})"), R"(: {"message":""})");
  EXPECT_EQ(said(R"(["message"])"), R"(: ["message"])");
  EXPECT_EQ(said("<html><h1>502</h1>", "application/json"), ": an HTML page, not an answer of the API");
  EXPECT_EQ(said("Bad gateway", "text/html; charset=utf-8"), ": an HTML page, not an answer of the API");
  EXPECT_EQ(said(R"({"message":")" + std::string(200, 'm') + "\"}"), ": " + std::string(200, 'm'));
  EXPECT_EQ(said(R"({"message":")" + std::string(201, 'm') + "\"}"), ": " + std::string(200, 'm') + "...");
  EXPECT_EQ(said(std::string(bounds::kAnswerBytes + 1, 'x')), ": " + std::string(200, 'x') + "...");
}

TEST(ReadAnswer, AnHtmlPageWith200IsNoAnswer) {
  const Error wanted{ErrorCode::kBadAnswer, "SWP's answer to `search computers` is an HTML page, not JSON",
                     "check that swp.url is the address of the API (it ends in /api), and what is in between"};
  EXPECT_EQ(Refused(AnswerWith(200, "<!DOCTYPE html><title>Sign in</title>", "text/html;charset=UTF-8")), wanted);
  EXPECT_EQ(Refused(AnswerWith(200, "\n <html>", "application/json")), wanted);
}

TEST(ReadAnswer, ABodyThatIsCutIsNoAnswer) {
  const Error error = Refused(AnswerWith(200, R"({"computers":[{"ID":34)"));
  EXPECT_EQ(error.code, ErrorCode::kBadAnswer);
  EXPECT_EQ(error.message,
            "SWP's answer to `search computers` cannot be read: not valid JSON at line 1, column 23: the text ends in "
            "the middle of a value");
  EXPECT_EQ(error.advice, "try again; then check what is between Sallyport and the server (proxy)");
  EXPECT_EQ(Refused(AnswerWith(200, "")).code, ErrorCode::kBadAnswer);
}

TEST(ReadAnswer, BoundsTheBodyAtTheBoundAndOnePast) {
  const auto body = [](std::size_t bytes) { return "\"" + std::string(bytes - 2, 'x') + "\""; };
  EXPECT_TRUE(ReadAnswer(AnswerWith(200, body(bounds::kAnswerBytes)), kSearch).ok());
  EXPECT_EQ(Refused(AnswerWith(200, body(bounds::kAnswerBytes + 1))).code, ErrorCode::kTooLarge);
}

TEST(IsRefusal, OfWhatWasSurelyNotCarriedOut) {
  for (const int status : {300, 302, 400, 401, 403, 404, 429, 499}) EXPECT_TRUE(IsRefusal(status)) << status;
  for (const int status : {0, 200, 204, 299, 500, 503}) EXPECT_FALSE(IsRefusal(status)) << status;
}

TEST(AnswerExamples, OfErrorsShowTheirMessage) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  for (const int status : {400, 401, 403, 404, 429, 500}) {
    std::ifstream file(std::string(std::getenv("SALLYPORT_SHARED")) + "/contracts/swp-examples/error-" +
                       std::to_string(status) + ".json");
    std::stringstream text;
    text << file.rdbuf();
    const auto json = Json::Parse(text.str());
    ASSERT_TRUE(json.ok()) << status;
    EXPECT_TRUE(Refused(AnswerWith(status, text.str())).message.ends_with(": " + (*json)["message"].StringOr("?")));
  }
}

}  // namespace
}  // namespace sallyport::swp

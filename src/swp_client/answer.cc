// SPDX-License-Identifier: Apache-2.0
#include "swp_client/answer.h"

#include "base/bounds.h"
#include "base/text.h"

namespace sallyport::swp {
namespace {

constexpr std::size_t kShownBody = 200;

bool LooksLikeHtml(const HttpResponse& answer) {
  return answer.Header("content-type").starts_with("text/html") || Trim(answer.body).starts_with('<');
}

// What the manager says about it: `message` of a JSON object, else the beginning of the text.
std::string Said(const HttpResponse& answer) {
  if (Trim(answer.body).empty()) return "";
  if (LooksLikeHtml(answer)) return ": an HTML page, not an answer of the API";
  const auto json = Json::Parse(answer.body, bounds::kAnswerBytes);
  const std::string message = json.ok() ? (*json)["message"].StringOr("") : "";
  return ": " + Printable(message.empty() ? std::string_view(answer.body) : std::string_view(message), kShownBody);
}

Error FromStatus(const HttpResponse& answer, const Operation& operation) {
  const std::string what =
      "SWP refused to " + std::string(operation.what) + " (HTTP " + std::to_string(answer.status) + ")" + Said(answer);
  const std::string failed =
      "SWP could not " + std::string(operation.what) + " (HTTP " + std::to_string(answer.status) + ")" + Said(answer);
  switch (answer.status) {
    case 400:
    case 405:
    case 422:
      return {ErrorCode::kInvalidInput, what,
              "this version of Sallyport and the SWP manager do not understand each other"};
    case 401:
      return {ErrorCode::kUnauthenticated, what,
              "the API key is missing, wrong, expired or locked, or sent in the wrong form: check swp.api_key_file and "
              "swp.authentication, then run `sallyport doctor`"};
    case 403:
      return {ErrorCode::kForbidden, what,
              operation.right.empty() ? "give the API key's role access to all computers and policies"
                                      : "give the API key's role the right " + std::string(operation.right)};
    case 404:
      return {ErrorCode::kNotFound, what, "check that swp.url ends in /api and that the object still exists"};
    case 413:
      return {ErrorCode::kTooLarge, what, ""};
    case 429:
      return {ErrorCode::kRateLimited, what,
              "the tenant's API limit is used up: lower swp.requests_per_minute or that of other tools"};
    default:
      break;
  }
  if (answer.status >= 300 && answer.status < 400) {
    return {ErrorCode::kBadAnswer,
            "SWP sent a redirect (HTTP " + std::to_string(answer.status) + ") to `" +
                Printable(answer.Header("location"), kShownBody) + "`",
            "set swp.url to the address that it names"};
  }
  return {answer.status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kBadAnswer, failed, "try again later"};
}

}  // namespace

bool IsRefusal(int status) {
  return status >= 300 && status < 500;
}

Result<Json> ReadAnswer(const HttpResponse& answer, const Operation& operation) {
  if (answer.status < 200 || answer.status > 299) return FromStatus(answer, operation);
  // 202: not done yet; 203: changed on its way; 204 and 205: nothing; 206: a part. None of them is the answer.
  if (answer.status != 200 && answer.status != 201) {
    return Error{ErrorCode::kBadAnswer,
                 "SWP answered `" + std::string(operation.what) + "` with HTTP " + std::to_string(answer.status) +
                     ", which is not the whole answer",
                 "check what is between Sallyport and the server (proxy)"};
  }
  auto json = Json::Parse(answer.body, bounds::kAnswerBytes);
  if (json.ok()) return json;
  const std::string to = "SWP's answer to `" + std::string(operation.what) + "` ";
  if (LooksLikeHtml(answer)) {
    return Error{ErrorCode::kBadAnswer, to + "is an HTML page, not JSON",
                 "check that swp.url is the address of the API (it ends in /api), and what is in between"};
  }
  return Error{json.error().code == ErrorCode::kTooLarge ? ErrorCode::kTooLarge : ErrorCode::kBadAnswer,
               to + "cannot be read: " + json.error().message,
               "try again; then check what is between Sallyport and the server (proxy)"};
}

}  // namespace sallyport::swp

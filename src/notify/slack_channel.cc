// SPDX-License-Identifier: Apache-2.0
#include "notify/slack_channel.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/json.h"
#include "net/deadline_client.h"
#include "notify/answer.h"

namespace sallyport {
namespace {

constexpr std::string_view kWebhook = "the Slack webhook";
constexpr std::string_view kBot = "Slack";
// Our own answers are some kilobytes; what is larger is none of Slack's.
constexpr std::size_t kAnswerBytes = std::size_t{256} * 1024;

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The error words of chat.postMessage and chat.update (docs.slack.dev/reference/methods).
constexpr std::array<std::string_view, 7> kNoAuthentication = {"invalid_auth",
                                                               "not_authed",
                                                               "token_revoked",
                                                               "token_expired",
                                                               "account_inactive",
                                                               "org_login_required",
                                                               "two_factor_setup_required"};
constexpr std::array<std::string_view, 9> kNoRight = {
    "not_in_channel",    "missing_scope",           "restricted_action",
    "is_archived",       "no_permission",           "access_denied",
    "ekm_access_denied", "team_access_not_granted", "restricted_action_read_only_channel"};
constexpr std::array<std::string_view, 5> kPassing = {"internal_error", "fatal_error", "service_unavailable",
                                                      "request_timeout", "team_added_to_org"};
constexpr std::array<std::string_view, 4> kCannotChange = {"message_not_found", "cant_update_message",
                                                           "edit_window_closed", "is_inactive"};

Error ErrorOf(const std::string& word) {
  const std::string message = "Slack refused the message (`" + (word.empty() ? "no error word" : word) + "`)";
  if (word == "ratelimited" || word == "rate_limited") return {ErrorCode::kRateLimited, message, ""};
  if (IsOneOf(word, kPassing)) return {ErrorCode::kUnavailable, message, ""};
  if (IsOneOf(word, kNoAuthentication)) return {ErrorCode::kUnauthenticated, message, "check the bot token"};
  if (word == "channel_not_found") return {ErrorCode::kNotFound, message, "invite the bot into the channel"};
  if (IsOneOf(word, kNoRight)) {
    return {ErrorCode::kForbidden, message, "invite the bot into the channel and give it the scope chat:write"};
  }
  return {ErrorCode::kInvalidInput, message, ""};
}

bool IsTimestamp(std::string_view text) {
  return !text.empty() && text.size() <= 40 && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

Attempt SlackWebhookChannel::Deliver(const Message& message, const std::optional<std::string>& /*earlier_handle*/,
                                     std::optional<TimePoint> stop_at) {
  return AttemptOf(DeadlineClient(http_, clock_, stop_at).Send(PostJson(url_, SlackBody(message, {}))), kWebhook,
                   clock_.Now());
}

SlackTarget TargetOfHandle(const std::string& handle) {
  const std::size_t colon = handle.find(':');
  if (colon == std::string::npos) return {};
  SlackTarget target = {handle.substr(0, colon), handle.substr(colon + 1)};
  return IsSlackChannel(target.channel) && IsTimestamp(target.timestamp) ? target : SlackTarget{};
}

Attempt SlackBotChannel::Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                                 std::optional<TimePoint> stop_at) {
  DeadlineClient http(http_, clock_, stop_at);
  const SlackTarget target = TargetOfHandle(earlier_handle.value_or(""));
  if (target.timestamp.empty()) return Post(http, message);
  std::string word;
  Attempt update = Call(http, "chat.update", message, target, word);
  // Somebody deleted it, or it is too old to be changed: the news must still arrive.
  return IsOneOf(word, kCannotChange) ? Post(http, message) : update;
}

Attempt SlackBotChannel::Post(HttpClient& http, const Message& message) {
  std::string word;
  for (const OwnerAddress& address : message.owner.addresses) {
    if (!IsSlackChannel(address.slack_channel)) continue;
    Attempt attempt = Call(http, "chat.postMessage", message, {address.slack_channel, ""}, word);
    if (attempt.result.ok()) return attempt;
    const ErrorCode code = attempt.result.error().code;
    if (code != ErrorCode::kNotFound && code != ErrorCode::kForbidden) return attempt;
    break;
  }
  return Call(http, "chat.postMessage", message, {options_.channel, ""}, word);
}

Attempt SlackBotChannel::Call(HttpClient& http, const std::string& method, const Message& message,
                              const SlackTarget& target, std::string& word) {
  HttpRequest request = PostJson(Secret(options_.api + "/" + method), SlackBody(message, target));
  request.secret_path = false;
  request.secret_headers = {{"Authorization", Secret("Bearer " + options_.token.RevealForRequest())}};
  const auto response = http.Send(request);
  Attempt attempt = AttemptOf(response, kBot, clock_.Now());
  if (!attempt.result.ok()) return attempt;
  // Slack says no with 200, too.
  const auto json = Json::Parse(response->body, kAnswerBytes);
  if (!json.ok() || !(*json)["ok"].IsBool()) {
    return {Error{ErrorCode::kBadAnswer, "Slack's answer to " + method + " cannot be understood", ""}, std::nullopt};
  }
  if (!(*json)["ok"].BoolOr(false)) {
    word = ErrorWord((*json)["error"].StringOr(""));
    return {ErrorOf(word), RetryAfterOf(*response, clock_.Now())};
  }
  const std::string handle = (*json)["channel"].StringOr("") + ":" + (*json)["ts"].StringOr("");
  return {Delivered{TargetOfHandle(handle).timestamp.empty() ? "" : handle}, std::nullopt};
}

}  // namespace sallyport

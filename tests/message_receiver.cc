// SPDX-License-Identifier: Apache-2.0
#include "tests/message_receiver.h"

#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "notify/message.h"

namespace sallyport {
namespace {

// Behind these comes what differs from attempt to attempt: the times, and whether it may be a repetition.
constexpr std::string_view kEnds[] = {"\"Status: ", "\"created_at\""};

// Before the headline, in the formats of the channels.
constexpr std::string_view kHeads[] = {"\"fallbackText\":\"", "\"headline\":\"",
                                       "\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\""};
constexpr std::string_view kOutcomeWords = "Scans finished";

std::string HeadlineIn(std::string_view body) {
  for (const std::string_view head : kHeads) {
    const auto at = body.find(head);
    if (at == std::string_view::npos) continue;
    const auto begin = at + head.size();
    return std::string(body.substr(begin, body.find('"', begin) - begin));
  }
  return "";
}

// "17" of what the formats for people say at their end: "Status: finished (case 17)".
std::string CaseIn(std::string_view body) {
  constexpr std::string_view kCase = "(case ";
  const auto end = body.rfind(kEnds[0]);
  const auto at = end == std::string_view::npos ? end : body.find(kCase, end);
  if (at == std::string_view::npos) return "";
  const std::string_view number = body.substr(at + kCase.size());
  return std::string(number.substr(0, number.find_first_not_of("0123456789")));
}

sim::ServedAnswer Plain(int status, std::string body) {
  sim::ServedAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

}  // namespace

TakenMessage ReadTaken(std::string channel, std::string_view body) {
  const std::string whole(body);
  TakenMessage taken;
  taken.channel = std::move(channel);
  taken.repeats = body.find(kMayRepeatNotice) != std::string_view::npos ||
                  body.find("\"may_repeat\":true") != std::string_view::npos;
  taken.headline = HeadlineIn(body);
  Check(!taken.headline.empty(), "a message with a headline");
  for (const std::string_view end : kEnds) {
    if (const auto at = body.rfind(end); at != std::string_view::npos) body = body.substr(0, at);
  }
  taken.content = body;
  taken.about = CaseIn(whole) + " " + taken.headline;
  if (const auto json = Json::Parse(whole); json.ok() && !(*json)["message"].StringOr("").empty()) {
    taken.about = std::to_string((*json)["case"].Int64Or(0)) + " " + (*json)["message"].StringOr("");
  }
  return taken;
}

MessageReceiver::MessageReceiver(bool fails_at_first) : fails_at_first_(fails_at_first) {
  auto server = sim::HttpServer::Start({}, [this](const sim::ServedRequest& request) { return Serve(request); });
  Check(server.ok(), "a receiver of messages");
  server_ = *std::move(server);
}

std::string MessageReceiver::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port());
}

std::vector<TakenMessage> MessageReceiver::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

sim::ServedAnswer MessageReceiver::Serve(const sim::ServedRequest& request) {
  const std::lock_guard lock(mutex_);
  const bool is_first =
      fails_at_first_ && request.body.find(kOutcomeWords) != std::string::npos && failed_.insert(request.path).second;
  // Refused: it is surely not there.
  if (is_first && request.path == "/teams") return Plain(503, "not now");
  const bool is_bot = request.path.starts_with("/api/");
  taken_.push_back(ReadTaken(is_bot ? "bot" : request.path.substr(1), request.body));
  taken_.back().changes = request.path == "/api/chat.update";
  if (is_bot) return Plain(200, R"({"ok":true,"channel":"C012AB3CD","ts":"1764000000.000100"})");
  sim::ServedAnswer answer = Plain(200, "ok");
  // Taken, but the answer is lost, or says nothing.
  if (is_first && request.path == "/hook") answer.delivery = sim::Delivery::kNothing;
  if (is_first && request.path == "/slack") answer = Plain(500, "");
  return answer;
}

}  // namespace sallyport

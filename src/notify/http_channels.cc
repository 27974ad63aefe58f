// SPDX-License-Identifier: Apache-2.0
#include "notify/http_channels.h"

#include "net/deadline_client.h"
#include "notify/answer.h"
#include "notify/render_json.h"
#include "notify/render_teams.h"
#include "notify/signature.h"

namespace sallyport {

Attempt TeamsChannel::Deliver(const Message& message, const std::optional<std::string>& /*earlier_handle*/,
                              std::optional<TimePoint> stop_at) {
  return AttemptOf(DeadlineClient(http_, clock_, stop_at).Send(PostJson(url_, TeamsBody(message))),
                   "the Teams workflow", clock_.Now());
}

Attempt WebhookChannel::Deliver(const Message& message, const std::optional<std::string>& /*earlier_handle*/,
                                std::optional<TimePoint> stop_at) {
  HttpRequest request = PostJson(url_, MessageJson(message));
  const std::string timestamp = SignatureTimestamp(clock_.Now());
  request.headers.push_back({std::string(kTimestampHeader), timestamp});
  request.headers.push_back({std::string(kSignatureHeader), WebhookSignature(secret_, timestamp, request.body)});
  request.headers.push_back({std::string(kDeliveryHeader), ContentSha256(message, ContentScope::kAll)});
  return AttemptOf(DeadlineClient(http_, clock_, stop_at).Send(request), "the webhook", clock_.Now());
}

}  // namespace sallyport

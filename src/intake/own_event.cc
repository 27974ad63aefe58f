// SPDX-License-Identifier: Apache-2.0
#include "intake/own_event.h"

#include "base/bounds.h"
#include "event/event_json.h"
#include "workflow/question.h"

namespace sallyport {

Result<Json> ParseOwn(const std::string& text) {
  return Json::Parse(text, bounds::kAnswerBytes);
}

NewEvent OwnEvent(const Event& event, const Matter& matter, const std::string& owner) {
  NewEvent own;
  own.source = kFollowUpSource;
  own.detail_type = kFollowUpDetailType;
  own.account = matter.account;
  own.region = matter.region;
  own.origin = event.origin;
  own.sha256 = ContentSha256(event);
  own.body = EventToJson(event);
  own.owner = owner;
  return own;
}

const ActionOutcome* FailureIn(const std::vector<PlanReport>& plans) {
  for (const PlanReport& plan : plans) {
    for (const ActionOutcome& outcome : plan.outcomes) {
      if (outcome.state == ActionState::kFailed) return &outcome;
    }
  }
  return nullptr;
}

}  // namespace sallyport

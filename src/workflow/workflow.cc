// SPDX-License-Identifier: Apache-2.0
#include "workflow/workflow.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport {

bool IsOneOf(std::string_view detail_type, const std::vector<std::string_view>& detail_types) {
  return detail_types.empty() || std::find(detail_types.begin(), detail_types.end(), detail_type) != detail_types.end();
}

Matter MatterOfNotice(const Event& event, std::string_view service) {
  Matter matter;
  matter.service = service;
  matter.subject = event.id;
  matter.title = event.detail_type;
  matter.account = event.account;
  matter.region = event.region;
  matter.time = event.time;
  return matter;
}

Plan PlanOfDoubt(const Matter& matter, std::string_view workflow, std::string doubt) {
  Plan plan;
  plan.workflow = workflow;
  plan.matter = matter;
  plan.decision = Decision::kUndetermined;
  plan.reasons.push_back(std::move(doubt));
  return plan;
}

Plan PlanOfNotice(const Event& event, const Matter& matter, std::string_view workflow, std::string notice) {
  Plan plan;
  plan.workflow = workflow;
  plan.matter = matter;
  plan.decision = Decision::kOutOfScope;
  plan.reasons.push_back(!notice.empty() ? std::move(notice)
                                         : "`" + Printable(event.detail_type, 100) + "` is a notification about " +
                                               matter.service + " itself, not a finding");
  return plan;
}

}  // namespace sallyport

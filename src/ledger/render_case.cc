// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "ledger/records.h"
#include "ledger/render.h"
#include "ledger/render_text.h"

namespace sallyport {
namespace {

// A line of a case. Reasons are sentences of ours with a little text from outside.
constexpr std::size_t kLineBytes = 2'000;
constexpr std::size_t kWordBytes = 40;
constexpr std::size_t kShownDigest = 12;

std::string Shown(std::string_view text) {
  return Printable(text, kLineBytes);
}

std::string Numbered(std::string_view what, std::int64_t number) {
  return std::string(what) + " " + std::to_string(number);
}

void AddField(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += "  " + std::string(name) + Padding(name, 10) + Shown(value) + "\n";
}

// "word" or "word: reason".
std::string StateAndReason(std::string_view word, std::string_view reason, bool color) {
  std::string text = Colored(Printable(word, kWordBytes), ColorOf(word), color);
  if (!reason.empty()) text += ": " + Shown(reason);
  return text;
}

std::string RenderHeader(const EventRecord& record, bool color) {
  const NewEvent& event = record.event;
  std::string out = Colored(Numbered("case", record.number.value), kBold, color) + "  " +
                    StateAndReason(ToString(record.state), record.reason, color) + "\n";
  AddField(out, "received", FormatTime(record.received_at));
  AddField(out, "title", event.title);
  AddField(out, "source", event.source);
  AddField(out, "type", event.detail_type);
  AddField(out, "account", event.account);
  AddField(out, "region", event.region);
  AddField(out, "subject", event.subject);
  AddField(out, "origin", event.origin);
  AddField(out, "sha256", event.sha256);
  return out;
}

std::string RenderUpdates(const Case& shown, bool color) {
  if (shown.updates.empty()) return "";
  std::string out = "\n" + Colored("updates", kBold, color) + "\n";
  for (const EventRecord& update : shown.updates) {
    out += "  " + Numbered("event", update.number.value) + "  " + FormatTime(update.received_at) + "  " +
           Shown(update.event.detail_type.empty() ? update.event.source : update.event.detail_type) + "\n    " +
           StateAndReason(ToString(update.state), update.reason, color) + "\n";
  }
  return out;
}

std::string RenderAction(const ActionRecord& record, bool color) {
  std::string name = record.action.kind;
  if (!record.action.what.empty()) name += " " + record.action.what;
  return "  " + Numbered("action", record.number.value) + "  " + Shown(name) + "  " + Shown(record.action.subject) +
         "\n    " + StateAndReason(ToString(record.state), record.reason, color) + "\n";
}

std::string RenderPlan(const Case& shown, const PlanRecord& plan, bool color) {
  const auto of_plan = [&](const ActionRecord& action) { return action.plan == plan.number; };
  const auto count = std::count_if(shown.actions.begin(), shown.actions.end(), of_plan);
  std::string out = "\n" + Colored(Numbered("plan", plan.number.value), kBold, color);
  if (plan.event != shown.event.number) out += " of " + Numbered("event", plan.event.value);
  out += "  " + Shown(plan.workflow) + ", " + std::to_string(count) + (count == 1 ? " action" : " actions") +
         ", digest " + Shown(plan.digest.substr(0, kShownDigest)) + "  " +
         StateAndReason(ToString(plan.state), plan.reason, color) + "\n";
  if (plan.expires_at && plan.state == PlanState::kAwaitingApproval) {
    out += "  to be approved until " + FormatTime(*plan.expires_at) + "\n";
  }
  for (const ActionRecord& action : shown.actions) {
    if (of_plan(action)) out += RenderAction(action, color);
  }
  return out;
}

std::string RenderPlans(const Case& shown, bool color) {
  if (shown.plans.empty()) return "\n" + Colored("no plan", kBold, color) + "\n";
  std::string out;
  for (const PlanRecord& plan : shown.plans) out += RenderPlan(shown, plan, color);
  return out;
}

std::string Actions(const std::vector<ActionNumber>& actions) {
  std::string out;
  for (const ActionNumber action : actions) out += (out.empty() ? "" : ", ") + std::to_string(action.value);
  return out;
}

std::string RenderFollowUp(const FollowUpRecord& record, bool color) {
  const NewFollowUp& follow_up = record.follow_up;
  std::string out = "  " + Numbered("follow-up", record.number.value) + "  " + Shown(follow_up.question) + "  " +
                    Shown(follow_up.subject);
  if (!follow_up.waiting.empty()) {
    out +=
        std::string("  for ") + (follow_up.waiting.size() == 1 ? "action " : "actions ") + Actions(follow_up.waiting);
  }
  out += "\n    " + StateAndReason(ToString(record.state), record.reason, color) + "\n";
  if (record.state == FollowUpState::kOpen) {
    out += "    due " + FormatTime(follow_up.due) + ", asked " + std::to_string(record.attempts) +
           (record.attempts == 1 ? " time" : " times") + ", until " + FormatTime(follow_up.give_up_at) + "\n";
  }
  return out;
}

std::string RenderFollowUps(const Case& shown, bool color) {
  if (shown.follow_ups.empty()) return "";
  std::string out = "\n" + Colored("follow-ups", kBold, color) + "\n";
  for (const FollowUpRecord& follow_up : shown.follow_ups) out += RenderFollowUp(follow_up, color);
  return out;
}

std::string RenderDeliveries(const Case& shown, bool color) {
  if (shown.deliveries.empty()) return "";
  std::string out = "\n" + Colored("messages", kBold, color) + "\n";
  for (const DeliveryRecord& delivery : shown.deliveries) {
    out += "  " + Numbered("delivery", delivery.number) + "  " + Shown(delivery.message) + "  " +
           Shown(delivery.channel) + "\n    " + StateAndReason(ToString(delivery.state), delivery.reason, color) + "\n";
  }
  return out;
}

// Whose line it is: "event", "plan 9", "action 31".
std::string WhoseLine(const HistoryLine& line, const Case& shown) {
  const std::string kind = Printable(line.kind, kWordBytes);
  if (line.kind == kRetentionKind || line.kind == "case") return kind;
  if (line.kind == "event" && line.subject == shown.record.event.value) return kind;
  return Numbered(kind, line.subject);
}

std::string RenderHistory(const Case& shown, bool color) {
  std::size_t time_width = 0;
  std::size_t whose_width = 0;
  for (const HistoryLine& line : shown.history) {
    time_width = std::max(time_width, FormatTime(line.at).size());
    whose_width = std::max(whose_width, WhoseLine(line, shown).size());
  }
  std::string out = "\n" + Colored("history", kBold, color) + "\n";
  for (const HistoryLine& line : shown.history) {
    out += "  " + Padded(FormatTime(line.at), time_width);
    out += "  " + Padded(WhoseLine(line, shown), whose_width);
    out += "  " + StateAndReason(line.state, line.reason, color) + "\n";
  }
  return out;
}

}  // namespace

std::string RenderCase(const Case& shown, bool color) {
  return RenderHeader(shown.event, color) + RenderUpdates(shown, color) + RenderPlans(shown, color) +
         RenderFollowUps(shown, color) + RenderDeliveries(shown, color) + RenderHistory(shown, color);
}

}  // namespace sallyport

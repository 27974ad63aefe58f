// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "policy/document.h"
#include "policy/explain.h"

namespace sallyport::policy {
namespace {

constexpr std::size_t kShownText = 2'000;  // of one quoted text

// Lines of at most `width` bytes. What is not ASCII counts by its bytes, so that a line is rather too short.
class Page {
 public:
  explicit Page(std::size_t width) : width_(std::max<std::size_t>(width, 40)) {}

  // `text` after `label`, further lines indented like the text. Words longer than a line are cut.
  void Add(std::size_t indent, std::string_view label, std::string_view text) {
    std::string line = std::string(indent, ' ') + std::string(label);
    const std::size_t hanging = std::min(line.size(), width_ / 2);
    std::string shown = Printable(text, kShownText);
    std::string_view rest = shown;
    while (true) {
      const std::size_t room = width_ > line.size() ? width_ - line.size() : 1;
      const std::size_t cut = Cut(rest, room);
      out_ += line + std::string(rest.substr(0, cut)) + '\n';
      rest.remove_prefix(cut);
      while (rest.starts_with(' ')) rest.remove_prefix(1);
      if (rest.empty()) return;
      line.assign(hanging, ' ');
    }
  }
  void Blank() { out_ += '\n'; }
  std::string Take() { return std::move(out_); }

 private:
  static std::size_t Cut(std::string_view text, std::size_t room) {
    if (text.size() <= room) return text.size();
    const std::size_t space = text.rfind(' ', room);
    if (space != std::string_view::npos && space > room / 3) return space;
    // JSON and ARNs have few spaces; after a comma is the next best place.
    const std::size_t comma = text.rfind(',', room - 1);
    if (comma != std::string_view::npos && comma > room / 3) return comma + 1;
    std::size_t cut = room;
    while (cut > 1 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) --cut;
    return cut;
  }

  std::size_t width_;
  std::string out_;
};

std::string Join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined.empty() ? "nothing" : joined;
}

std::string_view Headline(Decision decision) {
  switch (decision) {
    case Decision::kAllowed:
      return "ALLOWED";
    case Decision::kConditional:
      return "ALLOWED IF";
    case Decision::kExplicitlyDenied:
      return "DENIED by a policy";
    case Decision::kImplicitlyDenied:
      return "DENIED, as no policy allows it";
    case Decision::kUndecided:
      return "UNDETERMINED";
  }
  return "";
}

std::string RequestValues(const ConditionTrace& condition) {
  switch (condition.state) {
    case KeyState::kAbsent:
      return "the request has no such key";
    case KeyState::kKnown:
      return "the request has " + Join(condition.request_values);
    case KeyState::kPresent:
      return "the request has an undetermined value";
    case KeyState::kUnknown:
      return "undetermined for the request";
  }
  return "";
}

std::string Outcome(const StatementTrace& statement) {
  if (statement.applies == Tri::kTrue) return "applies";
  if (statement.applies == Tri::kUnknown) return "may apply";
  std::string why;
  const auto add = [&why](const std::string& reason) { why += (why.empty() ? "" : ", ") + reason; };
  if (!statement.action) add("other actions");
  if (statement.resource == Tri::kFalse) add("other resources");
  if (statement.principal == Means::kNot) add("other principals");
  for (const ConditionTrace& condition : statement.conditions) {
    if (condition.result == Tri::kFalse) add("condition on " + condition.key + " is false");
  }
  return "does not apply: " + (why.empty() ? std::string("what it needs is undetermined") : why);
}

void AddStatement(Page& page, const StatementTrace& statement) {
  const std::string name = std::string(statement.effect == Effect::kAllow ? "Allow " : "Deny  ") + statement.name;
  page.Add(4, "", name + " " + Outcome(statement));
  if (statement.applies == Tri::kFalse) return;
  if (statement.has_principal) page.Add(6, "principal: ", "means " + std::string(ToString(statement.principal)));
  if (statement.resource_why == Why::kVariableUnknown || statement.resource_why == Why::kVariableMissing) {
    page.Add(6, "resource: ", ToString(statement.resource_why));
  }
  for (const ConditionTrace& condition : statement.conditions) {
    std::string line = condition.op + " " + condition.key + ": " + Join(condition.policy_values) + "; " +
                       RequestValues(condition) + ": " + std::string(ToString(condition.result));
    const bool told =
        condition.why == Why::kCompared || condition.why == Why::kKeyAbsent || condition.why == Why::kKeyUnknown;
    if (!told) line += " (" + std::string(ToString(condition.why)) + ")";
    page.Add(6, "", line);
  }
  page.Add(6, "", PrintStatement(*statement.source));
}

void AddPolicy(Page& page, const PolicyTrace& policy, bool all) {
  const auto shown = [all](const StatementTrace& one) { return all || one.applies != Tri::kFalse; };
  const auto count = static_cast<std::size_t>(std::count_if(policy.statements.begin(), policy.statements.end(), shown));
  std::string title = std::string(DisplayName(policy.type)) + ": " + policy.name;
  if (!policy.level.empty()) title += " at " + policy.level;
  const std::size_t rest = policy.statements.size() - count;
  if (rest > 0)
    title += " (" + std::to_string(rest) + (rest == 1 ? " statement does" : " statements do") + " not apply)";
  page.Add(2, "", title);
  for (const StatementTrace& statement : policy.statements) {
    if (shown(statement)) AddStatement(page, statement);
  }
}

void AddVerdict(Page& page, const Explanation& explanation) {
  std::string headline(Headline(explanation.settled));
  if (explanation.settled == Decision::kConditional) headline += " " + explanation.condition.ToText();
  if (explanation.settled == Decision::kUndecided) headline += ": " + explanation.reason;
  page.Add(0, "", headline);
  if (explanation.settled != explanation.decision) {
    page.Add(0, "", "whatever the undetermined keys are: " + explanation.condition.ToText());
  }
  if (!explanation.settled_is_certain) {
    page.Add(0, "", "not every combination of the undetermined keys could be tried");
  }
  if (!explanation.blocked_by.empty()) {
    page.Add(0, "", "identity and resource policies alone would allow it; blocked by " + Join(explanation.blocked_by));
  }
}

void Write(JsonWriter& json, const StatementTrace& statement) {
  json.BeginObject().Member("effect", statement.effect == Effect::kAllow ? "Allow" : "Deny");
  json.Member("statement", statement.name).Member("applies", ToString(statement.applies));
  json.Member("action", statement.action).Member("resource", ToString(statement.resource));
  json.Member("principal", ToString(statement.principal)).Key("conditions").BeginArray();
  for (const ConditionTrace& condition : statement.conditions) {
    json.BeginObject().Member("operator", condition.op).Member("key", condition.key);
    json.Member("policy_values", condition.policy_values).Member("request_values", condition.request_values);
    json.Member("result", ToString(condition.result)).Member("why", ToString(condition.why)).EndObject();
  }
  json.EndArray()
      .Member("warnings", statement.warnings)
      .Key("quote")
      .Raw(PrintStatement(*statement.source))
      .EndObject();
}

}  // namespace

std::string ExplanationText(const RequestView& request, const Explanation& explanation, bool all, std::size_t width) {
  Page page(width);
  page.Add(0, "",
           (request.caller.IsSigned() ? request.caller.text : std::string("anonymous")) + " -> " + request.action.text +
               " on " + request.resource.text());
  AddVerdict(page, explanation);
  page.Blank();
  for (const PolicyTrace& policy : explanation.policies) AddPolicy(page, policy, all);
  for (const std::string& grant : explanation.acl_grants) page.Add(2, "ACL: ", "grants " + grant);
  for (const std::string& level : explanation.empty_levels) {
    page.Add(2, "SCP: ", "no policy at " + level + " allows it, and every level has to");
  }
  for (const std::string& warning : explanation.warnings) page.Add(0, "note: ", warning);
  return page.Take();
}

std::string ExplanationJson(const RequestView& request, const Explanation& explanation) {
  JsonWriter json;
  json.BeginObject();
  json.Member("principal", request.caller.IsSigned() ? request.caller.text : std::string("anonymous"));
  json.Member("action", request.action.text).Member("resource", request.resource.text());
  json.Member("decision", ToString(explanation.settled)).Member("certain", explanation.settled_is_certain);
  json.Key("condition").Raw(explanation.condition.ToJson()).Member("reason", explanation.reason);
  json.Member("blocked_by", explanation.blocked_by)
      .Member("acl_grants", explanation.acl_grants)
      .Member("levels_without_allow", explanation.empty_levels)
      .Member("warnings", explanation.warnings)
      .Key("policies")
      .BeginArray();
  for (const PolicyTrace& policy : explanation.policies) {
    json.BeginObject().Member("type", ToString(policy.type)).Member("level", policy.level);
    json.Member("name", policy.name).Key("statements").BeginArray();
    for (const StatementTrace& statement : policy.statements) Write(json, statement);
    json.EndArray().EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace sallyport::policy

// SPDX-License-Identifier: Apache-2.0
#include "workflow/action.h"

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownActionName = 60;
constexpr std::size_t kRulesNamed = 3;

std::string NameOf(const Host& host) {
  return host.name.empty() ? host.instance.value : Printable(host.name, kShownActionName) + ", " + host.instance.value;
}

std::string Computer(ComputerId computer) {
  return "computer " + std::to_string(computer.value);
}

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string RuleNames(const std::vector<RuleToAssign>& rules) {
  std::string names;
  for (std::size_t i = 0; i < rules.size() && i < kRulesNamed; ++i) {
    names += (i == 0 ? "" : ", ") + (rules[i].identifier.empty() ? std::to_string(rules[i].id.value)
                                                                 : Printable(rules[i].identifier, kShownActionName));
  }
  if (rules.size() > kRulesNamed) names += " and " + std::to_string(rules.size() - kRulesNamed) + " more";
  return names;
}

std::string DescribeRules(const AssignRules& assign) {
  return std::to_string(assign.rules.size()) + " " + std::string(swp::DisplayName(assign.module)) +
         (assign.rules.size() == 1 ? " rule" : " rules") + " (" + RuleNames(assign.rules) + ") to " +
         swp::ToString(assign.scope) + " (" + NameOf(assign.host) + ")";
}

std::string DescribeMessage(const NotifyOwner& message) {
  const std::string owner = message.owner.empty() ? "nobody named" : Printable(message.owner, kShownActionName);
  return "message to the owner (" + owner + ") of " + NameOf(message.host) +
         (message.status == MatterStatus::kOpen ? "" : ": " + std::string(ToString(message.status)));
}

}  // namespace

std::string Host::Subject() const {
  return account + "/" + region + "/" + instance.value;
}

std::string_view ToString(MatterStatus status) {
  switch (status) {
    case MatterStatus::kOpen:
      return "open";
    case MatterStatus::kResolved:
      return "resolved";
    case MatterStatus::kFailed:
      break;
  }
  return "failed";
}

std::string NotifyOwner::MessageName() const {
  return "owner/" + host.Subject();
}

std::string_view KindOf(const Action& action) {
  return std::visit([](const auto& a) { return std::decay_t<decltype(a)>::kKind; }, action);
}

std::string WhatOf(const Action& action) {
  return std::visit(Overloaded{[](const RequestScan& scan) { return std::string(swp::ApiName(scan.kind)); },
                               [](const AssignRules& assign) { return std::string(swp::PathName(assign.module)); },
                               [](const DeleteTask& task) { return "task " + std::to_string(task.task.value); },
                               [](const NotifyOwner& message) { return message.reason; }},
                    action);
}

std::string SubjectOf(const Action& action) {
  return std::visit(Overloaded{[](const RequestScan& scan) { return Computer(scan.computer); },
                               [](const AssignRules& assign) { return swp::ToString(assign.scope); },
                               [](const DeleteTask& task) { return Computer(task.computer); },
                               [](const NotifyOwner& message) { return message.host.Subject(); }},
                    action);
}

const Host& HostOf(const Action& action) {
  return std::visit([](const auto& a) -> const Host& { return a.host; }, action);
}

std::string Describe(const Action& action) {
  return std::visit(Overloaded{[](const RequestScan& scan) {
                                 return std::string(swp::DisplayName(scan.kind)) + " of " + Computer(scan.computer) +
                                        " (" + NameOf(scan.host) + ")";
                               },
                               [](const AssignRules& assign) { return DescribeRules(assign); },
                               [](const DeleteTask& task) {
                                 return "removal of the ended scan task " + std::to_string(task.task.value) + " of " +
                                        Computer(task.computer);
                               },
                               [](const NotifyOwner& message) { return DescribeMessage(message); }},
                    action);
}

bool Writes(const Action& action) {
  if (const auto* scan = std::get_if<RequestScan>(&action)) return !scan->joins;
  return !std::holds_alternative<NotifyOwner>(action);
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "workflow/action.h"

#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownName = 60;

std::string NameOf(const Host& host) {
  return host.name.empty() ? host.instance.value : Printable(host.name, kShownName) + ", " + host.instance.value;
}

void WriteHost(JsonWriter& out, const Host& host) {
  out.Key("host").BeginObject().Member("account", host.account).Member("region", host.region);
  out.Member("instance", host.instance.value).Member("name", host.name).EndObject();
}

}  // namespace

std::string Host::Subject() const {
  return account + "/" + region + "/" + instance.value;
}

std::string_view KindOf(const Action& action) {
  return std::visit([](const auto& a) { return std::decay_t<decltype(a)>::kKind; }, action);
}

std::string WhatOf(const Action& action) {
  if (const auto* scan = std::get_if<RequestScan>(&action)) return std::string(swp::ApiName(scan->kind));
  return std::get<NotifyOwner>(action).reason;
}

std::string SubjectOf(const Action& action) {
  if (const auto* scan = std::get_if<RequestScan>(&action)) return "computer " + std::to_string(scan->computer.value);
  return std::get<NotifyOwner>(action).host.Subject();
}

const Host& HostOf(const Action& action) {
  return std::visit([](const auto& a) -> const Host& { return a.host; }, action);
}

std::string Describe(const Action& action) {
  if (const auto* scan = std::get_if<RequestScan>(&action)) {
    return std::string(swp::DisplayName(scan->kind)) + " of computer " + std::to_string(scan->computer.value) + " (" +
           NameOf(scan->host) + ")";
  }
  const auto& message = std::get<NotifyOwner>(action);
  const std::string owner = message.owner.empty() ? "nobody named" : Printable(message.owner, kShownName);
  return "message to the owner (" + owner + ") of " + NameOf(message.host);
}

std::string ActionToJson(const Action& action) {
  JsonWriter out;
  out.BeginObject().Member("kind", KindOf(action));
  WriteHost(out, HostOf(action));
  if (const auto* scan = std::get_if<RequestScan>(&action)) {
    out.Member("scan", swp::ApiName(scan->kind)).Member("computer", scan->computer.value);
    if (scan->kind == swp::ScanKind::kRecommendation) out.Member("applyResults", scan->apply_results);
  } else {
    const auto& message = std::get<NotifyOwner>(action);
    out.Member("owner", message.owner).Member("ownerSource", message.owner_source).Member("reason", message.reason);
    out.Member("headline", message.headline).Member("whyNow", message.why_now);
    out.Member("protection", message.protection).Member("toDo", message.to_do).Member("links", message.links);
  }
  return out.EndObject().Take();
}

bool Writes(const Action& action) {
  return std::holds_alternative<RequestScan>(action);
}

}  // namespace sallyport

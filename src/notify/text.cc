// SPDX-License-Identifier: Apache-2.0
#include "notify/text.h"

#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kLine = 400;

void AddSection(std::string& text, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  text += std::string(title) + "\n";
  for (const std::string& line : lines) text += "  - " + Printable(line, kLine) + "\n";
}

std::string To(const NotifyOwner& content) {
  const std::string owner = content.owner.empty() ? "(nobody is named)" : Printable(content.owner, 100);
  return "To: " + owner + "   [" + Printable(content.owner_source, 100) + "]\n";
}

std::string HostLine(const Host& host) {
  std::string line = "Host: " + host.instance.value;
  if (!host.name.empty()) line += " (" + Printable(host.name, 100) + ")";
  return line + ", account " + Printable(host.account, 20) + ", region " + Printable(host.region, 40) + "\n";
}

}  // namespace

std::string MessageText(const OwnerMessageToSend& message) {
  const NotifyOwner& content = message.content;
  std::string text = To(content);
  text += "Subject: " + std::string(message.sample ? "[SAMPLE] " : "") + Printable(content.headline, kLine) + "\n";
  text += HostLine(content.host);
  AddSection(text, "Why now", content.why_now);
  AddSection(text, "Protection: not protected", content.protection);
  AddSection(text, "What to do", content.to_do);
  AddSection(text, "Links", content.links);
  return text + "Case: " + message.case_id + "\n";
}

std::string MessageJson(const OwnerMessageToSend& message) {
  JsonWriter out;
  out.BeginObject().Key("message").Raw(ActionToJson(message.content));
  out.Key("severity").Double(message.severity).Member("sample", message.sample).Member("case", message.case_id);
  return out.EndObject().Take();
}

}  // namespace sallyport

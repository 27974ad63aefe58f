// SPDX-License-Identifier: Apache-2.0
#include "notify/clip.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kLinkBytes = 1'000;
constexpr std::string_view kHttps = "https://";

}  // namespace

std::string Clip::Text(std::string_view text, std::size_t bytes) {
  if (text.size() > bytes) cut_ = true;
  return Printable(text, bytes);
}

std::string Clip::Command(std::string_view command) {
  std::string shown = Printable(command, detail_.line_bytes);
  if (shown == command) return shown;
  cut_ = true;
  return "";
}

std::size_t Clip::Count(std::size_t count, std::size_t most) {
  if (count > most) cut_ = true;
  return std::min(count, most);
}

bool IsSafeLink(std::string_view url) {
  if (!url.starts_with(kHttps) || url.size() > kLinkBytes) return false;
  const std::string_view rest = url.substr(kHttps.size());
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty() || host.find('@') != std::string_view::npos) return false;
  return std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view("\"'<>|\\`").find(c) == std::string_view::npos;
  });
}

std::string CutNotice(const Message& message) {
  const std::string number = std::to_string(message.case_id);
  return "shortened; full text for operators: sallyport cases show " + number;
}

std::string Title(const Message& message, Clip& clip) {
  std::string title = message.sample ? "[SAMPLE] " : "";
  return title + clip.Line(message.headline);
}

std::string StatusLine(const Message& message, std::string_view host) {
  std::string status(ToString(message.status));
  std::replace(status.begin(), status.end(), '-', ' ');
  return "Status" + (host.empty() ? "" : " for " + std::string(host)) + ": " + status + " (case " +
         std::to_string(message.case_id) + ")";
}

std::string CaseLine(const Message& message) {
  if (message.case_state.empty()) return "";
  std::string state = message.case_state;
  std::replace(state.begin(), state.end(), '-', ' ');
  return "Case " + std::to_string(message.case_id) + ": " + Printable(state, 60);
}

std::string WhereMoreIs(const Message& message, bool cut) {
  if (message.for_owner)
    return cut ? "shortened; ask whoever runs Sallyport for case " + std::to_string(message.case_id) : "";
  return cut ? CutNotice(message) : "sallyport cases show " + std::to_string(message.case_id);
}

std::string InstanceText(const MessagePlace& where, Clip& clip) {
  std::string instance = clip.Name(where.instance);
  if (where.name.empty()) return instance;
  std::string name = clip.Name(where.name);
  return instance.empty() ? name : name + " (" + instance + ")";
}

std::string OutcomeText(const DoneLine& line, Clip& clip) {
  std::string text(ToString(line.outcome));
  if (!line.reason.empty()) text += ": " + clip.Line(line.reason);
  return text;
}

std::string OwnerText(const MessageOwner& owner, Clip& clip) {
  std::string name = owner.name;
  if (owner.addresses.size() == 1 && !owner.addresses.front().display.empty()) name = owner.addresses.front().display;
  const std::string shown = name.empty() ? "none found" : clip.Name(name);
  return owner.source.empty() ? shown : shown + " (" + clip.Name(owner.source) + ")";
}

}  // namespace sallyport

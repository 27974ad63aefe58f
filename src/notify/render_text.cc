// SPDX-License-Identifier: Apache-2.0
#include "notify/render_text.h"

#include "notify/clip.h"

namespace sallyport {
namespace {

constexpr Detail kConsole = {50, 400, 100, 20};

void AddSection(std::string& text, const std::string& title, const std::vector<std::string>& lines, Clip& clip) {
  if (lines.empty()) return;
  text += title + "\n";
  for (std::size_t i = 0; i < clip.Lines(lines.size()); ++i) text += "  - " + clip.Line(lines[i]) + "\n";
}

void AddDone(std::string& text, const Message& message, Clip& clip) {
  if (message.done.empty()) return;
  text += "What was done\n";
  for (std::size_t i = 0; i < clip.Lines(message.done.size()); ++i) {
    text += "  - " + clip.Line(message.done[i].what) + ": " + OutcomeText(message.done[i], clip) + "\n";
  }
}

void AddToDo(std::string& text, const Message& message, Clip& clip) {
  if (message.to_do.empty()) return;
  text += "What to do\n";
  for (std::size_t i = 0; i < clip.Lines(message.to_do.size()); ++i) {
    const ToDoLine& line = message.to_do[i];
    text += "  - " + clip.Line(line.text) + "\n";
    if (const std::string command = clip.Command(line.command); !command.empty()) text += "      " + command + "\n";
  }
}

std::string OwnerLine(const MessageOwner& owner, Clip& clip) {
  const std::string name = owner.name.empty() ? "none found" : clip.Name(owner.name);
  const std::string source = clip.Name(owner.source);
  return "Owner: " + name + (source.empty() ? "" : " (" + source + ")") + "\n";
}

void AddLinks(std::string& text, const Message& message, Clip& clip) {
  if (message.links.empty()) return;
  text += "Links\n";
  for (std::size_t i = 0; i < clip.Links(message.links.size()); ++i) {
    const MessageLink& link = message.links[i];
    text += "  - " + (link.label.empty() ? "" : clip.Name(link.label) + ": ") + clip.Line(link.url) + "\n";
  }
}

}  // namespace

std::string ConsoleText(const Message& message) {
  Clip clip(kConsole);
  std::string text = OwnerLine(message.owner, clip);
  text += "Message: " + Title(message, clip) + "\n";
  text += "Host: " + InstanceText(message.where, clip) + ", account " + clip.Name(message.where.account) + ", region " +
          clip.Name(message.where.region) + "\n";
  AddSection(text, "Why now", message.why_now, clip);
  if (!message.protection_state.empty()) {
    const std::string title = "Protection: " + clip.Name(message.protection_state);
    AddSection(text, title, message.protection_reasons, clip);
    if (message.protection_reasons.empty()) text += title + "\n";
  }
  AddDone(text, message, clip);
  AddToDo(text, message, clip);
  AddLinks(text, message, clip);
  text +=
      StatusLine(message, clip.Name(message.where.name.empty() ? message.where.instance : message.where.name)) + "\n";
  if (const std::string line = CaseLine(message); !line.empty()) text += line + "\n";
  if (message.may_repeat) text += "Note: " + std::string(kMayRepeatNotice) + "\n";
  if (clip.cut()) text += WhereMoreIs(message, true) + "\n";
  return text;
}

}  // namespace sallyport

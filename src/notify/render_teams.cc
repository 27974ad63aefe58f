// SPDX-License-Identifier: Apache-2.0
#include "notify/render_teams.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/severity.h"
#include "notify/clip.h"

namespace sallyport {
namespace {

constexpr std::string_view kTeamsBullet = "\xE2\x80\xA2 ";
constexpr std::size_t kTeamsMentions = 5;
constexpr std::size_t kActions = 5;  // Teams shows six

std::string_view StyleOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "good";
    case Tone::kNeutral:
      return "accent";
    case Tone::kWarning:
      return "warning";
    case Tone::kBad:
      break;
  }
  return "attention";
}

// "anna@example.com" as it may stand between <at> and </at>.
std::string MentionName(const OwnerAddress& address, Clip& clip) {
  std::string name = clip.Name(address.display.empty() ? address.name : address.display);
  std::erase_if(name, [](char c) { return c == '<' || c == '>' || c == '&'; });
  return name.empty() ? "owner" : name;
}

class Card {
 public:
  Card(const Message& message, const Detail& detail) : message_(message), clip_(detail) {}

  std::string Write() {
    out_.BeginObject().Member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    out_.Member("type", "AdaptiveCard").Member("version", "1.4").Member("fallbackText", Title(message_, clip_));
    out_.Key("body").BeginArray();
    Head();
    Mentions();
    Section("Why now", message_.why_now, [this](const std::string& line) { Line(line); });
    if (!message_.protection_state.empty()) {
      Block([this] { Run("Protection: ", true), Run(clip_.Name(message_.protection_state), false); });
    }
    Section("", message_.protection_reasons, [this](const std::string& line) { Line(line); });
    Section("What was done", message_.done, [this](const DoneLine& line) { Done(line); });
    Section("What to do", message_.to_do, [this](const ToDoLine& line) { ToDo(line); });
    Foot();
    out_.EndArray();
    Actions();
    Entities();
    return out_.EndObject().Take();
  }

 private:
  void Run(std::string_view text, bool bold) {
    out_.BeginObject().Member("type", "TextRun").Member("text", text);
    if (bold) out_.Member("weight", "Bolder");
    out_.EndObject();
  }

  void Block(const std::function<void()>& runs) {
    out_.BeginObject().Member("type", "RichTextBlock").Member("spacing", "Small").Key("inlines").BeginArray();
    runs();
    out_.EndArray().EndObject();
  }

  void Fact(std::string_view name, const std::string& value) {
    if (value.empty()) return;
    Block([&] { Run(std::string(name) + ": ", true), Run(value, false); });
  }

  void Head() {
    out_.BeginObject().Member("type", "Container").Member("style", StyleOf(ToneOf(message_))).Member("bleed", true);
    out_.Key("items").BeginArray().BeginObject().Member("type", "RichTextBlock").Key("inlines").BeginArray();
    out_.BeginObject().Member("type", "TextRun").Member("text", Title(message_, clip_));
    out_.Member("weight", "Bolder").Member("size", "Large").EndObject();
    out_.EndArray().EndObject().EndArray().EndObject();
    Fact("Instance", InstanceText(message_.where, clip_));
    Fact("Account", clip_.Name(message_.where.account));
    Fact("Region", clip_.Name(message_.where.region));
    Fact("Severity", SeverityText(message_.severity));
    Fact("Owner", OwnerText(message_.owner, clip_));
  }

  // The only TextBlock, as mentions work in no other element; its text is made of checked names.
  void Mentions() {
    std::string text;
    for (const OwnerAddress& address : message_.owner.addresses) {
      if (!IsTeamsUser(address.teams) || mentions_.size() == kTeamsMentions) continue;
      mentions_.emplace_back("<at>owner" + std::to_string(mentions_.size() + 1) + "</at>", &address);
      text += " " + mentions_.back().first;
    }
    if (text.empty()) return;
    out_.BeginObject().Member("type", "TextBlock").Member("text", "For" + text).Member("wrap", true).EndObject();
  }

  template <class T, class WriteOne>
  void Section(std::string_view title, const std::vector<T>& list, const WriteOne& write) {
    if (list.empty()) return;
    if (!title.empty()) Block([&] { Run(title, true); });
    for (std::size_t i = 0; i < clip_.Lines(list.size()); ++i) write(list[i]);
  }

  void Line(const std::string& text) {
    Block([&] { Run(std::string(kTeamsBullet) + clip_.Line(text), false); });
  }

  void Done(const DoneLine& line) {
    Block([&] {
      Run(std::string(kTeamsBullet) + clip_.Line(line.what) + ": ", false), Run(OutcomeText(line, clip_), true);
    });
  }

  void ToDo(const ToDoLine& line) {
    Line(line.text);
    const std::string command = clip_.Command(line.command);
    if (command.empty()) return;
    Block([&] {
      out_.BeginObject().Member("type", "TextRun").Member("text", command).Member("fontType", "Monospace").EndObject();
    });
  }

  void Foot() {
    std::string text = StatusLine(message_, "") + ", " + FormatTime(message_.updated_at);
    for (const std::string& more : {CaseLine(message_), WhereMoreIs(message_, clip_.cut())}) {
      if (!more.empty()) text += "; " + more;
    }
    if (message_.may_repeat) text += "; " + std::string(kMayRepeatNotice);
    Block([&] { Run(text, false); });
  }

  void Actions() {
    out_.Key("actions").BeginArray();
    std::size_t shown = 0;
    for (const MessageLink& link : message_.links) {
      if (!IsSafeLink(link.url) || shown == std::min(kActions, clip_.Links(kActions))) continue;
      ++shown;
      const std::string title = clip_.Name(link.label);
      out_.BeginObject().Member("type", "Action.OpenUrl").Member("title", title.empty() ? "Open" : title);
      out_.Member("url", link.url).EndObject();
    }
    out_.EndArray();
  }

  void Entities() {
    out_.Key("msteams").BeginObject().Member("width", "Full");
    if (!mentions_.empty()) {
      out_.Key("entities").BeginArray();
      for (const auto& [text, address] : mentions_) {
        out_.BeginObject().Member("type", "mention").Member("text", text).Key("mentioned").BeginObject();
        out_.Member("id", address->teams).Member("name", MentionName(*address, clip_)).EndObject().EndObject();
      }
      out_.EndArray();
    }
    out_.EndObject();
  }

  const Message& message_;
  Clip clip_;
  JsonWriter out_;
  std::vector<std::pair<std::string, const OwnerAddress*>> mentions_;
};

std::string Body(const Message& message, const Detail& detail) {
  JsonWriter out;
  out.BeginObject().Member("type", "message").Key("attachments").BeginArray().BeginObject();
  out.Member("contentType", "application/vnd.microsoft.card.adaptive").Key("contentUrl").Null();
  out.Key("content").Raw(Card(message, detail).Write());
  return out.EndObject().EndArray().EndObject().Take();
}

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool OnlyHas(std::string_view text, std::string_view others) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [others](char c) {
    return IsLetterOrDigit(c) || others.find(c) != std::string_view::npos;
  });
}

bool IsUuid(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : kHex.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

std::string TeamsBody(const Message& message) {
  for (const Detail& detail : kDetailLevels) {
    std::string body = Body(message, detail);
    if (body.size() < kTeamsBytes) return body;
  }
  Check(false, "a Teams message at its lowest detail is too long");
  return "";
}

bool IsTeamsUser(std::string_view id) {
  if (IsUuid(id)) return true;
  const std::size_t at = id.find('@');
  return id.size() <= 200 && at != std::string_view::npos && OnlyHas(id.substr(0, at), "._+-'") &&
         OnlyHas(id.substr(at + 1), ".-");
}

}  // namespace sallyport

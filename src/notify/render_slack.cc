// SPDX-License-Identifier: Apache-2.0
#include "notify/render_slack.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/severity.h"
#include "notify/clip.h"

namespace sallyport {
namespace {

// The limits of Block Kit, counted in bytes after escaping, which is never less than what Slack counts.
constexpr std::size_t kHeaderBytes = 150;
constexpr std::size_t kTextBytes = 2'900;   // of a section: 3,000
constexpr std::size_t kFieldBytes = 1'900;  // 2,000
constexpr std::size_t kButtonBytes = 75;
constexpr std::size_t kToDoLines = 10;  // with their commands 20 blocks; a message may have 50
constexpr std::size_t kSlackMentions = 5;
constexpr std::string_view kSlackBullet = "\xE2\x80\xA2 ";

// `text` escaped, cut where the result would get longer than `most`; never within an entity or a UTF-8 sequence.
std::string Escaped(std::string_view text, std::size_t most, Clip& clip) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U) ++length;
    std::string next(text.substr(i, length));
    if (next == "&") next = "&amp;";
    if (next == "<") next = "&lt;";
    if (next == ">") next = "&gt;";
    if (out.size() + next.size() > most) {
      clip.Cut();
      return out;
    }
    out += next;
    i += length;
  }
  return out;
}

std::string_view ColorOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "#1a7f37";
    case Tone::kNeutral:
      return "#57606a";
    case Tone::kWarning:
      return "#bf8700";
    case Tone::kBad:
      break;
  }
  return "#cf222e";
}

// The blocks of one message at one level of detail.
class Blocks {
 public:
  Blocks(const Message& message, const Detail& detail) : message_(message), clip_(detail) {
    // First, so that the context knows when they were cut.
    header_ = Escaped(Title(message, clip_), kHeaderBytes, clip_);
    text_ = Escaped(Title(message, clip_) + " (case " + std::to_string(message.case_id) + ")", kTextBytes, clip_);
    out_.BeginArray();
    Fields();
    Mentions();
    Section("Why now", Bulleted(message.why_now));
    Protection();
    Section("What was done", Done());
    ToDo();
    Links();
    Context();
    out_.EndArray();
  }

  const std::string& header() const { return header_; }
  const std::string& text() const { return text_; }
  std::string Take() { return out_.Take(); }

 private:
  void TextObject(std::string_view type, std::string_view text) {
    out_.BeginObject().Member("type", type).Member("text", text);
    // No names of channels or people are looked for in mrkdwn; no `:name:` becomes a picture in plain text.
    if (type == "mrkdwn") out_.Member("verbatim", true);
    if (type == "plain_text") out_.Member("emoji", false);
    out_.EndObject();
  }

  void SectionBlock(std::string_view type, std::string_view text) {
    out_.BeginObject().Member("type", "section").Key("text");
    TextObject(type, text);
    out_.EndObject();
  }

  // `title` is ours; the lines are escaped already.
  void Section(const std::string& title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    SectionBlock("mrkdwn", "*" + title + "*");
    Lines(lines);
  }

  void Lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
      if (text.size() + line.size() + 1 > kTextBytes) {
        clip_.Cut();
        break;
      }
      text += (text.empty() ? "" : "\n") + line;
    }
    if (!text.empty()) SectionBlock("plain_text", text);
  }

  std::string Bullet(const std::string& printable) {
    return std::string(kSlackBullet) + Escaped(printable, kTextBytes - kSlackBullet.size() - 1, clip_);
  }

  std::vector<std::string> Bulleted(const std::vector<std::string>& texts) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < clip_.Lines(texts.size()); ++i) lines.push_back(Bullet(clip_.Line(texts[i])));
    return lines;
  }

  // Two columns: what it is, and the value beside it.
  void Fields() {
    const std::vector<std::pair<std::string, std::string>> fields = {{"Instance", InstanceText(message_.where, clip_)},
                                                                     {"Account", clip_.Name(message_.where.account)},
                                                                     {"Region", clip_.Name(message_.where.region)},
                                                                     {"Severity", SeverityText(message_.severity)},
                                                                     {"Owner", OwnerText(message_.owner, clip_)}};
    out_.BeginObject().Member("type", "section").Key("fields").BeginArray();
    for (const auto& [name, value] : fields) {
      TextObject("mrkdwn", "*" + name + "*");
      const std::string text = Escaped(value, kFieldBytes, clip_);
      TextObject("plain_text", text.empty() ? "-" : text);
    }
    out_.EndArray().EndObject();
  }

  void Mentions() {
    std::string text;
    std::size_t count = 0;
    for (const OwnerAddress& address : message_.owner.addresses) {
      if (!IsSlackUser(address.slack_user) || count == kSlackMentions) continue;
      ++count;
      text += (address.slack_user.starts_with('S') ? " <!subteam^" : " <@") + address.slack_user + ">";
    }
    if (count != 0) SectionBlock("mrkdwn", "For" + text);
  }

  void Protection() {
    if (message_.protection_state.empty()) return;
    std::vector<std::string> lines = {Escaped(clip_.Name(message_.protection_state), kTextBytes, clip_)};
    for (std::string& line : Bulleted(message_.protection_reasons)) lines.push_back(std::move(line));
    Section("Protection", lines);
  }

  std::vector<std::string> Done() {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < clip_.Lines(message_.done.size()); ++i) {
      const DoneLine& done = message_.done[i];
      lines.push_back(Bullet(clip_.Line(done.what) + ": " + OutcomeText(done, clip_)));
    }
    return lines;
  }

  void ToDo() {
    if (message_.to_do.empty()) return;
    SectionBlock("mrkdwn", "*What to do*");
    const std::size_t shown = clip_.Lines(message_.to_do.size());
    if (shown > kToDoLines) clip_.Cut();
    for (std::size_t i = 0; i < std::min(shown, kToDoLines); ++i) {
      Lines({Bullet(clip_.Line(message_.to_do[i].text))});
      Command(clip_.Command(message_.to_do[i].command));
    }
  }

  // In a code block, which a backtick could end.
  void Command(const std::string& command) {
    if (command.empty()) return;
    Clip whole(kFullDetail);
    const std::string escaped = Escaped(command, kTextBytes, whole);
    if (whole.cut()) return clip_.Cut();
    if (command.find('`') != std::string::npos) return SectionBlock("plain_text", escaped);
    SectionBlock("mrkdwn", "```" + escaped + "```");
  }

  void Links() {
    std::vector<const MessageLink*> safe;
    for (const MessageLink& link : message_.links) {
      if (IsSafeLink(link.url)) safe.push_back(&link);
    }
    const std::size_t shown = clip_.Links(safe.size());
    if (shown == 0) return;
    out_.BeginObject().Member("type", "actions").Key("elements").BeginArray();
    for (std::size_t i = 0; i < shown; ++i) {
      std::string label = Escaped(clip_.Name(safe[i]->label), kButtonBytes, clip_);
      out_.BeginObject().Member("type", "button").Member("action_id", "link-" + std::to_string(i)).Key("text");
      TextObject("plain_text", label.empty() ? "Open" : label);
      out_.Member("url", safe[i]->url).EndObject();
    }
    out_.EndArray().EndObject();
  }

  // Last, so that it knows of every cut.
  void Context() {
    std::string text = StatusLine(message_, "") + " since " +
                       FormatTime(message_.status == MessageStatus::kOpen ? message_.created_at : message_.updated_at);
    for (const std::string& more : {CaseLine(message_), WhereMoreIs(message_, clip_.cut())}) {
      if (!more.empty()) text += "; " + more;
    }
    if (message_.may_repeat) text += "; " + std::string(kMayRepeatNotice);
    out_.BeginObject().Member("type", "context").Key("elements").BeginArray();
    TextObject("plain_text", text);
    out_.EndArray().EndObject();
  }

  const Message& message_;
  Clip clip_;
  std::string header_;
  std::string text_;
  JsonWriter out_;
};

std::string Body(const Message& message, const SlackTarget& target, const Detail& detail) {
  Blocks blocks(message, detail);
  JsonWriter out;
  out.BeginObject();
  if (!target.channel.empty()) out.Member("channel", target.channel);
  if (!target.timestamp.empty()) out.Member("ts", target.timestamp);
  out.Member("text", blocks.text());
  out.Key("blocks").BeginArray().BeginObject().Member("type", "header").Key("text");
  out.BeginObject().Member("type", "plain_text").Member("text", blocks.header()).Member("emoji", false).EndObject();
  out.EndObject().EndArray();
  out.Key("attachments").BeginArray().BeginObject().Member("color", ColorOf(ToneOf(message)));
  out.Key("blocks").Raw(blocks.Take()).EndObject().EndArray();
  // Previews of our links would be longer than the message.
  out.Member("unfurl_links", false).Member("unfurl_media", false);
  return out.EndObject().Take();
}

bool IsId(std::string_view id, std::string_view first) {
  return id.size() >= 3 && id.size() <= 30 && first.find(id[0]) != std::string_view::npos &&
         std::all_of(id.begin(), id.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace

std::string SlackBody(const Message& message, const SlackTarget& target) {
  for (const Detail& detail : kDetailLevels) {
    std::string body = Body(message, target, detail);
    if (body.size() < kSlackBytes) return body;
  }
  Check(false, "a Slack message at its lowest detail is too long");
  return "";
}

bool IsSlackUser(std::string_view id) {
  return IsId(id, "UWS");
}

bool IsSlackChannel(std::string_view id) {
  return IsId(id, "CGD");
}

}  // namespace sallyport

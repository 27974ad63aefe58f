// SPDX-License-Identifier: Apache-2.0
#include "ledger/render.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kReset = "\x1b[0m";

constexpr std::size_t kColumns = 7;
constexpr std::size_t kStateColumn = 2;
// In characters. A region is at most 14, an account 12; a GuardDuty finding id 32.
constexpr std::array<std::size_t, kColumns> kWidest = {19, 20, 12, 30, 48, 36, 60};
constexpr std::array<std::string_view, kColumns> kTitles = {"NUMBER", "RECEIVED", "STATE", "ACCOUNT/REGION",
                                                            "TITLE",  "SUBJECT",  "REASON"};
// A line of a case. Reasons are sentences of ours with a little text from outside.
constexpr std::size_t kLineBytes = 2'000;
constexpr std::size_t kShownDigest = 12;

using Row = std::array<std::string, kColumns>;

bool StartsCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), StartsCharacter));
}

std::string_view FirstCharacters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size()) {
    if (StartsCharacter(text[end]) && count-- == 0) break;
    ++end;
  }
  return text.substr(0, end);
}

// A cell of at most `width` characters.
std::string Cell(std::string_view text, std::size_t width) {
  if (text.empty()) return "-";
  std::string printable = Printable(text, 4 * width);
  if (CountCharacters(printable) <= width) return printable;
  return std::string(FirstCharacters(printable, width - 3)) + "...";
}

std::string Padding(std::string_view cell, std::size_t width) {
  const std::size_t used = CountCharacters(cell);
  return std::string(used < width ? width - used : 0, ' ');
}

std::string Padded(const std::string& cell, std::size_t width) {
  return cell + Padding(cell, width);
}

std::string_view ColorOf(std::string_view state) {
  if (state == "failed" || state == "unreadable") return kRed;
  if (state == "undetermined" || state == "refused" || state == "intended" || state == "waiting") return kYellow;
  if (state == "done" || state == "verified" || state == "sent") return kGreen;
  if (state == "out-of-scope" || state == "dry-run") return kDim;
  return "";
}

std::string Colored(std::string_view text, std::string_view escape, bool color) {
  if (!color || escape.empty()) return std::string(text);
  return std::string(escape) + std::string(text) + std::string(kReset);
}

std::string State(std::string_view word, bool color) {
  return Colored(Printable(word, kWidest[kStateColumn]), ColorOf(word), color);
}

std::string Place(const NewEvent& event) {
  if (event.account.empty() && event.region.empty()) return "";
  return event.account + "/" + event.region;
}

Row RowOf(const EventRecord& record) {
  const std::array<std::string, kColumns> texts = {
      std::to_string(record.number.value),
      FormatTime(std::chrono::floor<std::chrono::seconds>(record.received_at)),
      std::string(ToString(record.state)),
      Place(record.event),
      record.event.title,
      record.event.subject,
      record.reason};
  Row row;
  for (std::size_t i = 0; i < kColumns; ++i) row[i] = Cell(texts[i], kWidest[i]);
  return row;
}

using Widths = std::array<std::size_t, kColumns>;

Widths WidthsOf(const std::vector<Row>& rows) {
  Widths widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], CountCharacters(row[i]));
  }
  return widths;
}

std::string Line(const Row& row, const Widths& widths, std::string_view state_color, bool color) {
  std::string line = Padding(row[0], widths[0]) + row[0];
  for (std::size_t i = 1; i < kColumns; ++i) {
    line += "  ";
    line += i == kStateColumn ? Colored(row[i], state_color, color) : row[i];
    if (i + 1 < kColumns) line += Padding(row[i], widths[i]);
  }
  return line;
}

void AddField(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += "  " + std::string(name) + Padding(name, 10) + Printable(value, kLineBytes) + "\n";
}

// "word" or "word: reason".
std::string StateAndReason(std::string_view word, std::string_view reason, bool color) {
  std::string text = State(word, color);
  if (!reason.empty()) text += ": " + Printable(reason, kLineBytes);
  return text;
}

std::string RenderHeader(const EventRecord& record, bool color) {
  const NewEvent& event = record.event;
  std::string out = Colored("event " + std::to_string(record.number.value), kBold, color) + "  " +
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

std::string RenderAction(const ActionRecord& record, bool color) {
  std::string name = record.action.kind;
  if (!record.action.what.empty()) name += " " + record.action.what;
  return "  action " + std::to_string(record.number.value) + "  " + Printable(name, kLineBytes) + "  " +
         Printable(record.action.subject, kLineBytes) + "\n    " +
         StateAndReason(ToString(record.state), record.reason, color) + "\n";
}

std::string RenderPlan(const Case& shown, bool color) {
  if (shown.plan_digest.empty() && shown.workflow.empty()) return Colored("no plan", kBold, color) + "\n";
  const std::size_t count = shown.actions.size();
  std::string out = Colored("plan", kBold, color) + "  " + Printable(shown.workflow, kLineBytes) + ", " +
                    std::to_string(count) + (count == 1 ? " action" : " actions") + ", digest " +
                    Printable(shown.plan_digest.substr(0, kShownDigest), kLineBytes) + "\n";
  for (const ActionRecord& action : shown.actions) out += RenderAction(action, color);
  return out;
}

std::string WhoseLine(const HistoryLine& line) {
  return line.action ? "action " + std::to_string(line.action->value) : "event";
}

std::string RenderHistory(const std::vector<HistoryLine>& history, bool color) {
  std::size_t time_width = 0;
  std::size_t whose_width = 0;
  for (const HistoryLine& line : history) {
    time_width = std::max(time_width, FormatTime(line.at).size());
    whose_width = std::max(whose_width, WhoseLine(line).size());
  }
  std::string out = Colored("history", kBold, color) + "\n";
  for (const HistoryLine& line : history) {
    out += "  " + Padded(FormatTime(line.at), time_width);
    out += "  " + Padded(WhoseLine(line), whose_width);
    out += "  " + StateAndReason(line.state, line.reason, color) + "\n";
  }
  return out;
}

}  // namespace

std::string RenderList(const std::vector<EventRecord>& events, bool color) {
  if (events.empty()) return "no events\n";
  Row titles;
  std::copy(kTitles.begin(), kTitles.end(), titles.begin());
  std::vector<Row> rows = {titles};
  for (const EventRecord& event : events) rows.push_back(RowOf(event));
  const Widths widths = WidthsOf(rows);
  std::string out = Colored(Line(titles, widths, "", false), kBold, color) + "\n";
  for (std::size_t i = 1; i < rows.size(); ++i) {
    out += Line(rows[i], widths, ColorOf(rows[i][kStateColumn]), color) + "\n";
  }
  return out;
}

std::string RenderCase(const Case& shown, bool color) {
  return RenderHeader(shown.event, color) + "\n" + RenderPlan(shown, color) + "\n" +
         RenderHistory(shown.history, color);
}

}  // namespace sallyport

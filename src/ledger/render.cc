// SPDX-License-Identifier: Apache-2.0
#include "ledger/render.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "ledger/render_text.h"

namespace sallyport {
namespace {

constexpr std::size_t kColumns = 7;
constexpr std::size_t kStateColumn = 2;
// In characters. A region is at most 14, an account 12; a GuardDuty finding id 32.
constexpr std::array<std::size_t, kColumns> kWidest = {19, 20, 12, 30, 48, 36, 60};
constexpr std::array<std::string_view, kColumns> kTitles = {"NUMBER", "RECEIVED", "STATE", "ACCOUNT/REGION",
                                                            "TITLE",  "SUBJECT",  "REASON"};

using Row = std::array<std::string, kColumns>;

// A cell of at most `width` characters.
std::string CellText(std::string_view text, std::size_t width) {
  if (text.empty()) return "-";
  std::string printable = Printable(text, 4 * width);
  if (CountCharacters(printable) <= width) return printable;
  return std::string(FirstCharacters(printable, width - 3)) + "...";
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
  for (std::size_t i = 0; i < kColumns; ++i) row[i] = CellText(texts[i], kWidest[i]);
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

std::string LineOf(const Row& row, const Widths& widths, std::string_view state_color, bool color) {
  std::string line = Padding(row[0], widths[0]) + row[0];
  for (std::size_t i = 1; i < kColumns; ++i) {
    line += "  ";
    line += i == kStateColumn ? Colored(row[i], state_color, color) : row[i];
    if (i + 1 < kColumns) line += Padding(row[i], widths[i]);
  }
  return line;
}

}  // namespace

std::string RenderList(const std::vector<EventRecord>& events, bool color) {
  if (events.empty()) return "no events\n";
  Row titles;
  std::copy(kTitles.begin(), kTitles.end(), titles.begin());
  std::vector<Row> rows = {titles};
  for (const EventRecord& event : events) rows.push_back(RowOf(event));
  const Widths widths = WidthsOf(rows);
  std::string out = Colored(LineOf(titles, widths, "", false), kBold, color) + "\n";
  for (std::size_t i = 1; i < rows.size(); ++i) {
    out += LineOf(rows[i], widths, ColorOf(rows[i][kStateColumn]), color) + "\n";
  }
  return out;
}

}  // namespace sallyport

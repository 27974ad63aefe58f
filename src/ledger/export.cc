// SPDX-License-Identifier: Apache-2.0
#include "ledger/export.h"

#include <vector>

#include "base/bounds.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"
#include "ledger/steering.h"

namespace sallyport {
namespace {

struct Cell {
  std::string_view name;
  std::string text;
  bool number = false;
};

std::string NumberOrNothing(std::optional<std::int64_t> number) {
  return number ? std::to_string(*number) : std::string();
}

std::optional<std::int64_t> ValueOf(std::optional<EventNumber> number) {
  return number ? std::optional(number->value) : std::nullopt;
}

// In the order of the columns. An empty number is "none".
std::vector<Cell> CellsOf(const ExportLine& row) {
  const HistoryLine& line = row.line;
  const NewEvent& event = row.event.event;
  const NewAction of_action = row.action ? row.action->action : NewAction{};
  return {{"number", std::to_string(line.number), true},
          {"at", FormatTime(line.at)},
          {"kind", line.kind},
          {"state", line.state},
          {"reason", line.reason},
          {"case", NumberOrNothing(ValueOf(line.case_number)), true},
          {"event", NumberOrNothing(ValueOf(line.event)), true},
          {"source", event.source},
          {"account", event.account},
          {"region", event.region},
          {"subject", event.subject},
          {"title", event.title},
          {"plan", NumberOrNothing(line.SubjectIf("plan")), true},
          {"action", NumberOrNothing(line.SubjectIf("action")), true},
          {"action_kind", of_action.kind},
          {"action_what", of_action.what},
          {"action_subject", of_action.subject},
          {"follow_up", NumberOrNothing(line.SubjectIf("follow-up")), true},
          {"delivery", NumberOrNothing(line.SubjectIf("delivery")), true},
          {"document", NumberOrNothing(line.SubjectIf("document")), true},
          {"hash", line.hash}};
}

std::string JoinCsv(const std::vector<Cell>& cells, bool names) {
  std::string row;
  for (const Cell& cell : cells) {
    if (!row.empty() || &cell != &cells.front()) row += ',';
    row += names ? std::string(cell.name) : CsvCell(cell.text);
  }
  return row + "\r\n";
}

// The line with what it is about. `known`: the newest event that was looked up; lines about one event often follow each
// other.
Result<ExportLine> Complete(Ledger& ledger, const HistoryLine& line, std::optional<EventRecord>& known) {
  ExportLine whole{line, {}, std::nullopt};
  if (line.event) {
    if (!known || known->number != *line.event) {
      Result<EventRecord> event = ledger.GetEvent(*line.event);
      if (!event) return event.error();
      known = std::move(*event);
    }
    whole.event = *known;
  }
  if (const auto number = line.SubjectIf("action")) {
    Result<ActionRecord> action = ledger.GetAction(ActionNumber{*number});
    if (!action) return action.error();
    whole.action = std::move(*action);
  }
  return whole;
}

}  // namespace

std::string ExportCsvHeader() {
  return JoinCsv(CellsOf({}), true);
}

std::string ExportCsvRow(const ExportLine& line) {
  return JoinCsv(CellsOf(line), false);
}

std::string ExportJsonLine(const ExportLine& line) {
  JsonWriter out;
  out.BeginObject();
  for (const Cell& cell : CellsOf(line)) {
    if (!cell.number) {
      out.Member(cell.name, cell.text);
    } else if (!cell.text.empty()) {
      out.Key(cell.name).Raw(cell.text);
    }
  }
  out.EndObject();
  return EscapeSteering(out.text()) + "\n";
}

Result<std::int64_t> Export(Ledger& ledger, ExportFormat format, std::int64_t after, const ExportSink& sink) {
  if (format == ExportFormat::kCsv) {
    if (Status written = sink(ExportCsvHeader()); !written) return written.error();
  }
  std::optional<EventRecord> known;
  std::int64_t count = 0;
  while (true) {
    const auto page = ledger.History(after, kExportPage);
    if (!page) return page.error();
    for (const HistoryLine& line : *page) {
      const Result<ExportLine> whole = Complete(ledger, line, known);
      if (!whole) return whole.error();
      const std::string text = format == ExportFormat::kCsv ? ExportCsvRow(*whole) : ExportJsonLine(*whole);
      if (Status written = sink(text); !written) return written.error();
      after = line.number;
      ++count;
    }
    if (page->size() < kExportPage) return count;
  }
}

}  // namespace sallyport

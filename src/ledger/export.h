// SPDX-License-Identifier: Apache-2.0
//
// The whole history, line by line, for other programs: as JSON lines or as CSV. Each line says what it is about, so
// that it can be read alone, and carries its hash, so that a copy that is kept elsewhere also anchors the chain.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/ledger.h"

namespace sallyport {

struct ExportLine {
  HistoryLine line;
  EventRecord event;                   // which the line belongs to; empty for one of a document
  std::optional<ActionRecord> action;  // when it is about one
};

// One JSON object and a line feed. Text is kept as it is.
std::string ExportJsonLine(const ExportLine& line);

// RFC 4180: CRLF; cells as in base/csv.h.
std::string ExportCsvHeader();
std::string ExportCsvRow(const ExportLine& line);

enum class ExportFormat { kJsonLines, kCsv };

// Takes one piece of output. An error ends the export.
using ExportSink = std::function<Status(std::string_view)>;

// Lines in memory at a time.
inline constexpr std::size_t kExportPage = 500;

// Everything with a number over `after`; in pages, so that the ledger may grow meanwhile and memory does not. How many.
Result<std::int64_t> Export(Ledger& ledger, ExportFormat format, std::int64_t after, const ExportSink& sink);

}  // namespace sallyport

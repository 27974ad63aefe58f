// SPDX-License-Identifier: Apache-2.0
#include "ledger/render.h"

#include <algorithm>

#include "base/bounds.h"
#include "base/own_json.h"
#include "base/text.h"
#include "ledger/render_text.h"
#include "ledger/steering.h"

namespace sallyport {
namespace {

// A line of a case. Reasons are sentences of ours with a little text from outside.
constexpr std::size_t kLineBytes = 2'000;
constexpr std::size_t kStateBytes = 40;
constexpr std::size_t kLabelWidth = 10;
// Lines of one list, the hosts of an action for instance.
constexpr std::size_t kMostEach = 50;

// --- Values ----------------------------------------------------------------------------------------------------------

// "8", "7.5".
std::string NumberInFewDigits(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// A value as people read it; empty: there is none.
struct TextOfValue {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return NumberInFewDigits(number); }
  std::string operator()(bool is) const { return is ? "yes" : "no"; }
  std::string operator()(TimePoint time) const { return FormatTime(time); }
  std::string operator()(const StoredJson& json) const { return json.text; }
  template <class T>
  std::string operator()(const std::vector<T>& list) const {
    std::string all;
    for (const T& one : list) all += (all.empty() ? std::string() : ", ") + (*this)(one);
    return all;
  }
};

std::string TextOfFieldValue(const ViewValue& value) {
  return std::visit(TextOfValue{}, value);
}

struct WriteFieldValue {
  JsonWriter& out;
  void operator()(std::monostate) const { out.Null(); }
  void operator()(const std::string& text) const { out.String(text); }
  void operator()(std::int64_t number) const { out.Int(number); }
  void operator()(double number) const { out.Double(number); }
  void operator()(bool is) const { out.Bool(is); }
  void operator()(TimePoint time) const { out.String(FormatTime(time)); }
  void operator()(const StoredJson& json) const {
    const Result<Json> parsed = Json::Parse(json.text, bounds::kInputFileBytes);
    if (parsed) {
      out.Raw(WithSnakeCaseNames(*parsed).ToText());
    } else {
      out.String(json.text);
    }
  }
  template <class T>
  void operator()(const std::vector<T>& list) const {
    out.BeginArray();
    for (const T& one : list) (*this)(one);
    out.EndArray();
  }
};

// --- JSON ------------------------------------------------------------------------------------------------------------

void WriteMembers(JsonWriter& out, const ViewRecord& record) {
  for (const ViewField& field : record) {
    if (std::holds_alternative<std::monostate>(field.value)) continue;
    out.Key(field.name);
    std::visit(WriteFieldValue{out}, field.value);
  }
}

void WriteRecord(JsonWriter& out, const ViewRecord& record) {
  out.BeginObject();
  WriteMembers(out, record);
  out.EndObject();
}

void WriteSection(JsonWriter& out, const ViewSection& section) {
  if (section.name.empty()) return WriteMembers(out, section.records.front());
  out.Key(section.name);
  if (section.form == Form::kHeader || section.form == Form::kOne) return WriteRecord(out, section.records.front());
  out.BeginArray();
  for (const ViewRecord& record : section.records) WriteRecord(out, record);
  out.EndArray();
}

// --- Text ------------------------------------------------------------------------------------------------------------

// The values at a place, each behind its label, joined by `between`.
std::string JoinedFields(const ViewRecord& record, Place place, std::string_view between) {
  std::string all;
  for (const ViewField& field : record) {
    if (field.place != place) continue;
    const std::string text = Printable(TextOfFieldValue(field.value), kLineBytes);
    if (text.empty()) continue;
    if (!all.empty()) all += between;
    if (!field.label.empty()) all += std::string(field.label) + " ";
    all += text;
  }
  return all;
}

// "word" or "word: reason"; empty: the record has no state.
std::string StateAndReason(const ViewRecord& record, bool color) {
  std::string text;
  for (const ViewField& field : record) {
    if (field.place != Place::kState) continue;
    const std::string word = TextOfFieldValue(field.value);
    text = Colored(Printable(word, kStateBytes), ColorOf(word), color);
  }
  const std::string reason = JoinedFields(record, Place::kReason, "; ");
  return reason.empty() ? text : text + ": " + reason;
}

std::string FieldLine(std::string_view label, std::string_view text, std::string_view indent) {
  const std::string printable = Printable(text, kLineBytes);
  if (printable.empty()) return "";
  return std::string(indent) + Padded(std::string(label), kLabelWidth) + printable + "\n";
}

// Each element of a list on its line; of a long one the first.
std::string EachLine(const ViewField& field, std::string_view indent) {
  const auto* list = std::get_if<std::vector<std::string>>(&field.value);
  if (list == nullptr) return "";
  std::string out;
  for (std::size_t i = 0; i < list->size() && i < kMostEach; ++i) {
    out += FieldLine(i == 0 ? field.label : "", (*list)[i], indent);
  }
  if (list->size() > kMostEach) {
    out += FieldLine("", "and " + std::to_string(list->size() - kMostEach) + " more (all in --json)", indent);
  }
  return out;
}

std::string RenderFields(const ViewRecord& record, std::string_view indent) {
  std::string out;
  for (const ViewField& field : record) {
    if (field.place == Place::kField) out += FieldLine(field.label, TextOfFieldValue(field.value), indent);
    if (field.place == Place::kEach) out += EachLine(field, indent);
  }
  return out;
}

std::string RenderHeader(const ViewRecord& record, bool color) {
  const std::string title = JoinedFields(record, Place::kTitle, "  ");
  const std::string head = title.empty() ? "" : Colored(title, kBold, color) + "  ";
  return head + StateAndReason(record, color) + "\n" + RenderFields(record, "  ");
}

std::string RenderTimeline(const ViewSection& section, bool color) {
  const auto whose = [](const ViewRecord& record) {
    return Printable(TextOfFieldValue(ValueOf(record, "kind")), kStateBytes) + " " +
           TextOfFieldValue(ValueOf(record, "subject"));
  };
  std::size_t time_width = 0;
  std::size_t whose_width = 0;
  for (const ViewRecord& record : section.records) {
    time_width = std::max(time_width, TextOfFieldValue(ValueOf(record, "at")).size());
    whose_width = std::max(whose_width, whose(record).size());
  }
  std::string out;
  for (const ViewRecord& record : section.records) {
    out += "  " + Padded(TextOfFieldValue(ValueOf(record, "at")), time_width) + "  " +
           Padded(whose(record), whose_width) + "  " + StateAndReason(record, color) + "\n";
  }
  return out;
}

std::string RenderSection(const ViewSection& section, bool color) {
  if (section.form == Form::kHeader) return RenderHeader(section.records.front(), color);
  if (section.records.empty()) {
    return section.if_empty.empty() ? "" : "\n" + Colored(section.if_empty, kBold, color) + "\n";
  }
  std::string out = "\n" + Colored(section.title, kBold, color) + "\n";
  if (section.form == Form::kTimeline) return out + RenderTimeline(section, color);
  for (const ViewRecord& record : section.records) out += RenderText(record, color);
  return out;
}

// A cell of at most `width` characters.
std::string CellText(const ViewValue& value, std::size_t width) {
  const auto* time = std::get_if<TimePoint>(&value);
  const std::string text =
      time == nullptr ? TextOfFieldValue(value) : FormatTime(std::chrono::floor<std::chrono::seconds>(*time));
  if (text.empty()) return "-";
  std::string printable = Printable(text, 4 * width);
  if (CountCharacters(printable) <= width) return printable;
  return std::string(FirstCharacters(printable, width - 3)) + "...";
}

using TableRow = std::vector<std::string>;

std::string TableLine(const ViewTable& table, const TableRow& row, const std::vector<std::size_t>& widths, bool color) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const ViewColumn& column = table.columns[i];
    if (i > 0) line += "  ";
    if (column.right) line += Padding(row[i], widths[i]);
    line += column.is_state ? Colored(row[i], ColorOf(row[i]), color) : row[i];
    if (!column.right && i + 1 < row.size()) line += Padding(row[i], widths[i]);
  }
  return line;
}

}  // namespace

std::string RenderTable(const ViewTable& table, bool color) {
  if (table.records.empty()) return std::string(table.if_empty) + "\n";
  std::vector<TableRow> rows(1);
  for (const ViewColumn& column : table.columns) rows[0].emplace_back(column.title);
  for (const ViewRecord& record : table.records) {
    TableRow row;
    for (const ViewColumn& column : table.columns) row.push_back(CellText(ValueOf(record, column.name), column.widest));
    rows.push_back(std::move(row));
  }
  std::vector<std::size_t> widths(table.columns.size());
  for (const TableRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], CountCharacters(row[i]));
  }
  std::string out = Colored(TableLine(table, rows[0], widths, false), kBold, color) + "\n";
  for (std::size_t i = 1; i < rows.size(); ++i) out += TableLine(table, rows[i], widths, color) + "\n";
  return out;
}

std::string RenderText(const View& view, bool color) {
  std::string out;
  for (const ViewSection& section : view) out += RenderSection(section, color);
  return out;
}

std::string RenderText(const ViewRecord& record, bool color) {
  std::string out = "  " + JoinedFields(record, Place::kTitle, "  ") + "\n";
  if (const std::string state = StateAndReason(record, color); !state.empty()) out += "    " + state + "\n";
  if (const std::string details = JoinedFields(record, Place::kDetail, ", "); !details.empty()) {
    out += "    " + details + "\n";
  }
  return out + RenderFields(record, "    ");
}

std::string RenderCheck(const ViewRecord& record, const ViewCheck& widths, bool color) {
  std::string state = JoinedFields(record, Place::kState, "");
  const std::string after = Padding(state, widths.state_width);
  std::string out = Colored(state, ColorOf(state), color) + after +
                    Padded(JoinedFields(record, Place::kTitle, "  "), widths.title_width) +
                    JoinedFields(record, Place::kReason, "; ") + "\n";
  const std::string below = JoinedFields(record, Place::kDetail, ", ");
  if (below.empty()) return out;
  return out + std::string(widths.state_width + widths.title_width, ' ') + Colored(below, kDimmed, color) + "\n";
}

std::string RenderJson(const View& view) {
  JsonWriter out;
  out.BeginObject();
  for (const ViewSection& section : view) WriteSection(out, section);
  out.EndObject();
  return EscapeSteering(out.text());
}

std::string RenderJson(const ViewRecord& record) {
  JsonWriter out;
  WriteRecord(out, record);
  return EscapeSteering(out.text());
}

}  // namespace sallyport

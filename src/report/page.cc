// SPDX-License-Identifier: Apache-2.0
#include "report/page.h"

#include <unordered_map>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "report/assets.h"

namespace sallyport::report {
namespace {

constexpr std::string_view kToneWords[] = {"good", "half", "warn", "bad", "quiet", "unknown"};

// Well-formed UTF-8 as it is; anything else in printable form.
std::string Utf8(std::string_view text) {
  return IsUtf8(text) ? std::string(text) : Printable(text, text.size() * 4 + 16);
}

// Each text stands once in the file; everywhere else is its number.
class Texts {
 public:
  std::int64_t Of(std::string_view text) {
    const auto [place, is_new] = numbers_.try_emplace(Utf8(text), static_cast<std::int64_t>(list_.size()));
    if (is_new) list_.push_back(&place->first);
    return place->second;
  }

  std::optional<std::int64_t> Find(std::string_view text) const {
    const auto known = numbers_.find(Utf8(text));
    return known == numbers_.end() ? std::nullopt : std::optional(known->second);
  }

  void Write(JsonWriter& out) const {
    out.BeginArray();
    for (const std::string* text : list_) out.String(*text);
    out.EndArray();
  }

 private:
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::vector<const std::string*> list_;
};

void WriteWords(JsonWriter& out, const Words& words) {
  out.BeginArray().String(Utf8(words.en)).String(Utf8(words.zh.empty() ? words.en : words.zh)).EndArray();
}

void WriteWordsList(JsonWriter& out, std::string_view key, const std::vector<Words>& list) {
  out.Key(key).BeginArray();
  for (const Words& one : list) WriteWords(out, one);
  out.EndArray();
}

void WriteStates(JsonWriter& out, std::string_view key, const std::vector<State>& states) {
  out.Key(key).BeginArray();
  for (const State& state : states) {
    out.BeginObject().Member("word", state.word).Member("tone", kToneWords[static_cast<std::size_t>(state.tone)]);
    out.Key("label");
    WriteWords(out, state.label);
    out.Key("meaning");
    WriteWords(out, state.meaning);
    out.EndObject();
  }
  out.EndArray();
}

// [state, note, [column, id, label, tone, column, ...]]
void WriteWay(JsonWriter& out, const Way& way, Texts& texts) {
  out.BeginArray().Int(static_cast<std::int64_t>(way.state)).Int(texts.Of(way.note)).BeginArray();
  for (const Stop& stop : way.stops) {
    out.Int(static_cast<std::int64_t>(stop.column)).Int(texts.Of(stop.id)).Int(texts.Of(stop.label));
    out.Int(static_cast<std::int64_t>(stop.tone));
  }
  out.EndArray().EndArray();
}

// [state, [cells], [ways], [[label, label, [lines]], ...]]
void WriteRow(JsonWriter& out, const Row& row, Texts& texts) {
  out.BeginArray().Int(static_cast<std::int64_t>(row.state)).BeginArray();
  for (const std::string& cell : row.cells) out.Int(texts.Of(cell));
  out.EndArray().BeginArray();
  for (const Way& way : row.ways) WriteWay(out, way, texts);
  out.EndArray().BeginArray();
  for (const Fact& fact : row.facts) {
    out.BeginArray().Int(texts.Of(fact.label.en));
    out.Int(texts.Of(fact.label.zh.empty() ? fact.label.en : fact.label.zh)).BeginArray();
    for (const std::string& line : fact.lines) out.Int(texts.Of(line));
    out.EndArray().EndArray();
  }
  out.EndArray().EndArray();
}

std::string DataOf(const Page& page) {
  Texts texts;
  JsonWriter rows;
  rows.BeginArray();
  for (const Row& row : page.rows) WriteRow(rows, row, texts);
  rows.EndArray();
  JsonWriter sections;
  sections.BeginArray();
  for (const Section& section : page.sections) {
    sections.BeginObject().Key("title");
    WriteWords(sections, section.title);
    sections.Key("items").BeginArray();
    for (const auto& item : section.items) {
      sections.BeginArray();
      for (const std::string& line : item) sections.Int(texts.Of(line));
      sections.EndArray();
    }
    sections.EndArray().EndObject();
  }
  sections.EndArray();
  JsonWriter out;
  out.BeginObject().Key("title");
  WriteWords(out, page.title);
  out.Key("headline");
  WriteWords(out, page.headline);
  WriteWordsList(out, "lines", page.lines);
  WriteStates(out, "states", page.states);
  WriteStates(out, "wayStates", page.way_states);
  WriteWordsList(out, "columns", page.columns);
  out.Member("key", static_cast<std::int64_t>(page.key_column));
  WriteWordsList(out, "stops", page.stops);
  out.Key("words").BeginArray();
  for (const std::size_t column : page.word_columns) out.Int(static_cast<std::int64_t>(column));
  out.EndArray();
  out.Key("bars").BeginArray();
  for (const Bars& bars : page.bars) {
    out.BeginArray();
    WriteWords(out, bars.title);
    out.Int(static_cast<std::int64_t>(bars.column)).EndArray();
  }
  // Number of the text, number of what stands for it in Chinese.
  JsonWriter chinese;
  chinese.BeginArray();
  for (const auto& [en, zh] : page.zh) {
    const auto from = texts.Find(en);
    if (!from) continue;
    chinese.Int(*from).Int(texts.Of(zh));
  }
  chinese.EndArray();
  out.EndArray().Member("file", page.file_name).Key("rows").Raw(rows.text()).Key("zh").Raw(chinese.text());
  out.Key("sections").Raw(sections.text()).Key("texts");
  texts.Write(out);
  return out.EndObject().Take();
}

// Inside a script element nothing may look like the end of it.
std::string ForScript(const std::string& json) {
  std::string safe;
  safe.reserve(json.size() + json.size() / 50);
  for (const char c : json) {
    if (c == '<')
      safe += "\\u003c";
    else if (c == '>')
      safe += "\\u003e";
    else if (c == '&')
      safe += "\\u0026";
    else
      safe += c;
  }
  return safe;
}

std::string ForHtml(std::string_view text) {
  std::string safe;
  for (const char c : Utf8(text)) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += c;
  }
  return safe;
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t n = 0; n < 3; ++n) {
      group = (group << 8U) | (i + n < bytes.size() ? static_cast<unsigned char>(bytes[i + n]) : 0U);
    }
    for (std::size_t n = 0; n < 4; ++n) {
      text += i + n > bytes.size() ? '=' : kDigits[(group >> (18U - 6U * n)) & 63U];
    }
  }
  return text;
}

// "sha256-...", as a Content-Security-Policy names a script.
std::string PolicyHash(std::string_view content) {
  const std::string hex = Sha256Hex(content);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return "'sha256-" + Base64(bytes) + "'";
}

}  // namespace

std::string RenderPage(const Page& page) {
  const std::string_view script = PageScript();
  const std::string_view style = PageStyle();
  std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action "
      "'none'; ";
  html += "script-src " + PolicyHash(script) + "; style-src " + PolicyHash(style) + "\">\n";
  html += "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + ForHtml(page.title.en) + "</title>\n";
  html += "<style>" + std::string(style) + "</style>\n</head>\n<body>\n<main id=\"app\">\n<h1>" +
          ForHtml(page.title.en) + "</h1>\n<p>" + ForHtml(page.headline.en) + "</p>\n";
  html += "<noscript><p>The tables and the picture need scripts; sallyport prints the same as text.</p></noscript>\n";
  html += "</main>\n<script type=\"application/json\" id=\"data\">" + ForScript(DataOf(page)) + "</script>\n";
  html += "<script>" + std::string(script) + "</script>\n</body>\n</html>\n";
  return html;
}

}  // namespace sallyport::report

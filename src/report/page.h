// SPDX-License-Identifier: Apache-2.0
//
// The page kit: a report as data, and one HTML file of it that needs nothing else: no network, no server, no file
// beside it. Every report that people look at is such a page; what it shows is decided here, in data, and page.js only
// draws. Pure.
//
// Texts may be any bytes: invalid UTF-8 is replaced, and nothing of them becomes markup or script. The file forbids
// itself every connection, and runs no script but its own (Content-Security-Policy).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::report {

// A text in the languages of a page. Texts of AWS and SWP are in their own alone.
struct Words {
  std::string en;
  std::string zh;  // Traditional Chinese (zh-TW); empty: the English one
};

// How a state looks. Never by its color alone: each has a sign and a word.
enum class Tone { kGood, kHalf, kWarn, kBad, kQuiet, kUnknown };

struct State {
  std::string word;  // in links, data and CSV: "behind"
  Words label;
  Words meaning;  // one sentence
  Tone tone = Tone::kUnknown;
};

// One stop of a way, from left to right.
struct Stop {
  std::size_t column = 0;  // in Page::stops
  std::string id;          // equal ids are one thing in the picture; empty: a gap, drawn as one
  std::string label;
  Tone tone = Tone::kQuiet;
};
struct Way {
  std::size_t state = 0;  // in Page::way_states
  std::vector<Stop> stops;
  std::string note;  // how the internet gets in, or why it is not known
};

struct Fact {
  Words label;
  std::vector<std::string> lines;
};
// One line of the table, with what a click on it shows.
struct Row {
  std::size_t state = 0;           // in Page::states
  std::vector<std::string> cells;  // as Page::columns
  std::vector<Way> ways;
  std::vector<Fact> facts;
};

// Bars by what stands in one column of the table.
struct Bars {
  Words title;
  std::size_t column = 0;
};

// A list below the table.
struct Section {
  Words title;
  std::vector<std::vector<std::string>> items;  // the first line of an item is its head
};

struct Page {
  Words title;
  Words headline;
  std::vector<Words> lines;  // below the headline: when it was read, and the like
  std::vector<State> states;
  std::vector<State> way_states;
  std::vector<Words> columns;
  std::vector<std::size_t> word_columns;  // of words of ours, not of names: they are looked up in `zh`
  std::size_t key_column = 0;             // what links name a row by
  std::vector<Words> stops;               // columns of the picture; none: a page without ways
  std::vector<Bars> bars;
  std::vector<Row> rows;
  std::vector<Section> sections;
  // Traditional Chinese of texts that stand in rows and sections; one that is missing is shown as it is.
  std::map<std::string, std::string> zh;
  std::string file_name = "report";  // of what can be downloaded
};

std::string RenderPage(const Page& page);

}  // namespace sallyport::report

// SPDX-License-Identifier: Apache-2.0
//
// What lists and reports show, as data: records of named values in sections. Text for people and JSON for programs are
// rendered from it (render.h), and whatever else will be. Names are those of the JSON members: snake_case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/ledger.h"

namespace sallyport {

// JSON text that the ledger keeps: plans, actions, questions. What is not JSON (a damaged file) is shown as a text.
struct StoredJson {
  std::string text;
  bool operator==(const StoredJson&) const = default;
};

// Nothing: there is no such value; it is left out.
using ViewValue = std::variant<std::monostate, std::string, std::int64_t, double, bool, TimePoint,
                               std::vector<std::string>, std::vector<std::int64_t>, StoredJson>;

// Where a value stands in text.
enum class Place {
  kNowhere,  // JSON only
  kTitle,    // on the first line of its record
  kState,    // "state: reason" on a line of its own
  kReason,
  kDetail,  // on one further line, with the other details
  kField,   // a line of its own, with its label
  kEach,    // of a list: each on a line of its own, the first with the label
};

struct ViewField {
  std::string_view name;
  ViewValue value;
  Place place = Place::kNowhere;
  // What stands before it in text: "computer", "due", "for actions".
  std::string_view label{};
};
using ViewRecord = std::vector<ViewField>;
// The value of that name; nothing when there is none.
const ViewValue& ValueOf(const ViewRecord& record, std::string_view name);

enum class Form {
  kHeader,    // one record with its fields below it: an object in JSON
  kOne,       // one record under its heading: an object
  kList,      // records one below the other: an array
  kTimeline,  // a line for each: an array
};

struct ViewSection {
  std::string_view name;   // the JSON member; empty: its one record's members are members of the whole
  std::string_view title;  // the heading in text; empty: it is not in the text
  Form form = Form::kList;
  std::vector<ViewRecord> records;
  std::string_view if_empty{};  // the heading when there are no records; empty: nothing is said
};
using View = std::vector<ViewSection>;

// Things that were looked at, one below the other: how it stands, which, what was found, and below it what to do.
struct ViewCheck {
  std::size_t state_width;
  std::size_t title_width;
};

// A list as a table.
struct ViewColumn {
  std::string_view title;
  std::string_view name;  // of the value
  std::size_t widest;     // in characters; longer cells are cut
  bool right = false;     // numbers
  bool is_state = false;  // in its color
};
struct ViewTable {
  std::vector<ViewColumn> columns;
  std::vector<ViewRecord> records;
  std::string_view if_empty;  // what is said when there are none
};

ViewRecord ViewOf(const CaseRecord& record);
ViewRecord ViewOf(const EventRecord& record);
ViewRecord ViewOf(const PlanRecord& record);
ViewRecord ViewOf(const ActionRecord& record);
ViewRecord ViewOf(const FollowUpRecord& record);
ViewRecord ViewOf(const MemberRecord& record);
ViewRecord ViewOf(const DeliveryRecord& record);
ViewRecord ViewOf(const HistoryLine& line);
View ViewOf(const Verification& verified);
// The plan by itself, for the head of a view: ViewOf(record) is its place in a list.
ViewRecord HeadOf(const PlanRecord& record);
// The case, the event that opened it, updates, plans, actions, follow-ups, members, messages, and the history of all of
// it as a timeline.
View ViewOf(const Case& shown);
ViewTable CaseTable(const std::vector<CaseRecord>& cases);
// What fits a terminal of 100 columns: how it stands, how bad, how old at `now`, which host, whose.
ViewTable CaseOverview(const std::vector<CaseRecord>& cases, TimePoint now);

}  // namespace sallyport

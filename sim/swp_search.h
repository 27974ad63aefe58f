// SPDX-License-Identifier: Apache-2.0
//
// SWP's typed search: criteria joined by AND, each one test on one field. Internal to sim/.
//
// Decisions where the description is silent: a test that does not suit the field's type is an error, as is an unknown
// or unsearchable field; a field without a value passes no test but `nullTest: true`; lists are tested as text joined
// with
// `,`; string values are compared with case.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/swp_schema.h"

namespace sallyport::sim {

// SQL's LIKE: `%` any run, `_` any one character (byte).
bool LikeMatches(std::string_view pattern, std::string_view text);

class Search {
 public:
  // `filter` is a searchFilter that CheckFields has passed. The text says what is wrong with it.
  static std::variant<Search, std::string> Compile(const boost::json::object& filter, Fields fields);

  bool Matches(const boost::json::object& record) const;
  std::size_t max_items() const { return max_items_; }
  bool sorted() const { return sorted_; }

 private:
  enum class Compare { kLess, kLessOrEqual, kEqual, kGreaterOrEqual, kGreater, kNotEqual };
  enum class Kind { kText, kLike, kNumber, kBoolean, kNull, kDate };
  struct Test {
    std::string path;
    Kind kind = Kind::kText;
    Compare compare = Compare::kEqual;
    std::string text;
    double number = 0;
    bool flag = true;
    std::int64_t first = 0;  // dates: both inclusive
    std::int64_t last = 0;
  };
  static std::string CompileOne(const boost::json::object& criterion, Fields fields, Test& test);
  static std::string CompileValue(const boost::json::object& criterion, std::string_view kind, Test& test);
  static std::string CompileCompare(const boost::json::object& criterion, std::string_view key, bool ordered,
                                    Test& test);
  static void CompileDates(const boost::json::object& criterion, Test& test);
  static bool Holds(const Test& test, const boost::json::value* value);
  static bool HoldsNumber(const Test& test, const boost::json::value& value);

  std::vector<Test> tests_;
  std::size_t max_items_ = 5000;
  bool sorted_ = false;
};

}  // namespace sallyport::sim

// SPDX-License-Identifier: Apache-2.0
//
// What `config evaluate` shows: data, and three ways to print it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compliance/estate.h"

namespace sallyport {

struct EvaluatedHost {
  compliance::Place place;
  compliance::JudgedHost judged;
};

// A verdict that is another one than in the run that was kept last; nothing: there was none.
struct EvaluateChange {
  compliance::Place place;
  std::string instance;
  std::optional<compliance::Compliance> was;
  compliance::Compliance is = compliance::Compliance::kUndetermined;
};

struct EvaluateReport {
  compliance::RuleParameters rule;
  std::vector<EvaluatedHost> hosts;
  std::vector<EvaluateChange> changes;
  std::vector<std::string> explanations;  // texts of several lines
  std::vector<std::string> gaps;          // what could not be read
  int swp_calls = 0;
  int aws_calls = 0;
};

// Everything that decides about one host, one line each.
std::string Explained(const compliance::RuleParameters& rule, const compliance::JudgedHost& host,
                      const compliance::HostFacts& facts, const compliance::Place& place,
                      const compliance::Context& context);

// "rule protected, 11 instances: 6 COMPLIANT, ...; 2 SWP calls, 5 AWS calls", with the line's end.
std::string SummaryLine(const EvaluateReport& report);
std::string EvaluateTable(const EvaluateReport& report);
std::string EvaluateJson(const EvaluateReport& report);  // one object on a line
std::string EvaluateCsv(const EvaluateReport& report);   // RFC 4180; formulas are made harmless

}  // namespace sallyport

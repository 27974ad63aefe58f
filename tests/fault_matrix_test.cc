// SPDX-License-Identifier: Apache-2.0
//
// Everything that a command or workflow reads, and everything that it writes, and every way in which that can go wrong.
// Each row (fault_rows.cc) runs once undisturbed, which tells its operations, and then once for each operation and way:
// the answer may only lose certainty, nothing is done twice, and nothing is lost without a word.
//
//   SALLYPORT_FAULT_ROW=name     only this row
//   SALLYPORT_FAULT_AT=text      only faults whose text has this, and what came of them in full
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "app/tables.h"
#include "base/prepare_process.h"
#include "tests/fault_judge.h"

namespace sallyport {
namespace {

constexpr int kWorkersOfTheMatrix = 4;
// Of an operation that comes again and again so many are tried; and, beside them, all from the first one on.
constexpr int kTriedOfEach = 3;

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Job {
  const FaultRow* row = nullptr;
  Fault fault;
  FaultVerdict verdict;
};

struct RowRun {
  FaultRow row;
  FaultRun wanted;
  int left_out = 0;  // operations beyond the third of their name, which only `for good` reaches
};

// The faults of a row.
std::vector<Job> JobsOf(RowRun& run) {
  std::vector<Job> jobs;
  std::map<std::string, int> seen;
  for (const Operation& operation : run.wanted.operations) {
    const int nth = ++seen[ToText(operation)];
    if (nth > kTriedOfEach) ++run.left_out;
    if (nth > kTriedOfEach) continue;
    for (const FaultWay way : WaysOf(operation)) jobs.push_back({&run.row, {operation, nth, false, way}, {}});
  }
  for (const auto& [text, times] : seen) {
    if (times < 2) continue;
    const Operation operation = OperationFrom(text);
    for (const FaultWay way : WaysOf(operation)) jobs.push_back({&run.row, {operation, 1, true, way}, {}});
  }
  return jobs;
}

template <class Work>
void InParallel(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> workers;
  workers.reserve(kWorkersOfTheMatrix);
  for (int i = 0; i < kWorkersOfTheMatrix; ++i) {
    workers.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++) work(at);
    });
  }
  for (std::thread& worker : workers) worker.join();
}

std::vector<RowRun> UndisturbedRows() {
  const std::string only = FromEnvironment("SALLYPORT_FAULT_ROW");
  std::vector<RowRun> runs;
  for (FaultRow& row : FaultRows()) {
    if (only.empty() || row.name == only) runs.push_back({std::move(row), {}, 0});
  }
  InParallel(runs.size(), [&](std::size_t at) { runs[at].wanted = RunOf(runs[at].row, std::nullopt); });
  return runs;
}

// How many triples each row has, of which seams.
void TellCounts(const std::vector<RowRun>& runs, const std::vector<Job>& jobs) {
  for (const RowRun& run : runs) {
    std::map<std::string_view, int> by_seam;
    int triples = 0;
    for (const Job& job : jobs) {
      if (job.row != &run.row) continue;
      ++triples;
      ++by_seam[ToString(job.fault.operation.seam)];
    }
    std::cout << std::setw(5) << triples << " triples: " << run.row.name;
    for (const auto& [seam, count] : by_seam) std::cout << ", " << seam << " " << count;
    std::cout << "; " << run.left_out << " operations beyond the third of their name are tried for good only"
              << std::endl;
  }
}

// The names behind "Subcommands:".
std::vector<std::string> SubcommandsIn(const std::string& help) {
  std::vector<std::string> names;
  std::stringstream text(help);
  bool is_there = false;
  for (std::string line; std::getline(text, line);) {
    if (is_there && line.starts_with("  ")) names.push_back(line.substr(2, line.find(' ', 2) - 2));
    if (is_there && line.empty()) break;
    is_there = is_there || line == "Subcommands:";
  }
  return names;
}

bool HasRow(const std::vector<FaultRow>& rows, const CommandWords& command) {
  return std::any_of(rows.begin(), rows.end(), [&](const FaultRow& row) {
    return row.armed.size() >= command.size() && std::equal(command.begin(), command.end(), row.armed.begin());
  });
}

TEST(FaultMatrix, EveryCommandHasARow) {
  const auto rows = FaultRows();
  std::set<std::string> without;
  for (const NotInTheMatrix& command : CommandsWithoutRow()) without.insert(std::string(command.command));
  const auto commands = SubcommandsIn(HelpOf({"--help"}));
  ASSERT_GT(commands.size(), 5U);
  for (const std::string& command : commands) {
    if (without.erase(command) > 0) continue;
    const auto parts = SubcommandsIn(HelpOf({command, "--help"}));
    if (parts.empty()) {
      EXPECT_TRUE(HasRow(rows, {command})) << command;
    }
    for (const std::string& part : parts) EXPECT_TRUE(HasRow(rows, {command, part})) << command << " " << part;
  }
  EXPECT_TRUE(without.empty()) << "there is no command " << *without.begin();
}

// Whatever the product can decide about, some row decides about it; a row of the tables that is new needs one here.
void ExpectEverythingCovered(const std::vector<RowRun>& runs) {
  const ProgramTables tables = ProductProgram();
  std::set<std::string> workflows;
  std::set<std::string> questions;
  for (const RowRun& run : runs) {
    workflows.insert(run.wanted.workflows.begin(), run.wanted.workflows.end());
    questions.insert(run.wanted.questions.begin(), run.wanted.questions.end());
  }
  std::set<std::string> owed;
  for (const NotInTheMatrix& part : PartsWithoutRow()) {
    owed.insert(std::string(part.command));
    std::cout << "not in the matrix: " << part.command << ": " << part.why << '\n';
  }
  for (const std::string& name : owed) {
    EXPECT_FALSE(workflows.contains(name) || questions.contains(name)) << name << " has a row: it is not owed any more";
  }
  workflows.insert(owed.begin(), owed.end());
  questions.insert(owed.begin(), owed.end());
  for (const Workflow& workflow : tables.workflows.workflows) {
    EXPECT_TRUE(workflows.contains(std::string(workflow.name))) << "no row of the fault matrix has " << workflow.name;
  }
  for (const std::string& question : tables.workflows.questions.Names()) {
    EXPECT_TRUE(questions.contains(question)) << "no row of the fault matrix asks " << question;
  }
}

TEST(FaultMatrix, WhateverGoesWrongTheAnswerOnlyLosesCertainty) {
  const auto began = std::chrono::steady_clock::now();
  PrepareProcess();
  std::vector<RowRun> runs = UndisturbedRows();
  std::vector<Job> jobs;
  const std::string only = FromEnvironment("SALLYPORT_FAULT_AT");
  for (RowRun& run : runs) {
    for (const std::string& broken : run.wanted.broken) ADD_FAILURE() << run.row.name << ": " << broken;
    for (const std::string& problem : run.wanted.ending.problems) {
      if (run.row.judge == FaultJudge::kWork) ADD_FAILURE() << run.row.name << ": " << problem;
    }
    EXPECT_EQ(run.wanted.code, run.row.code) << run.row.name << ": " << run.wanted.errors << run.wanted.output;
    EXPECT_FALSE(run.wanted.operations.empty()) << run.row.name << " reads nothing: " << run.wanted.errors;
    for (Job& job : JobsOf(run)) {
      if (only.empty() || ToText(job.fault).find(only) != std::string::npos) jobs.push_back(std::move(job));
    }
  }
  TellCounts(runs, jobs);
  if (FromEnvironment("SALLYPORT_FAULT_ROW").empty()) ExpectEverythingCovered(runs);
  const auto wanted_of = [&](const FaultRow* row) -> const FaultRun& {
    return std::find_if(runs.begin(), runs.end(), [&](const RowRun& run) { return &run.row == row; })->wanted;
  };
  InParallel(jobs.size(), [&](std::size_t at) {
    Job& job = jobs[at];
    const FaultRun found = RunOf(*job.row, job.fault);
    job.verdict = JudgeFault(*job.row, job.fault, wanted_of(job.row), found);
    for (const std::string& problem : job.verdict.problems) {
      ADD_FAILURE() << job.row->name << ": " << ToText(job.fault) << ": " << problem;
    }
    if (!only.empty()) {
      std::cout << job.row->name << ": " << ToText(job.fault) << ": " << job.verdict.end << ", code " << found.code
                << "\n"
                << found.output << found.errors;
      for (const std::string& line : found.ending.outcomes) std::cout << "  ends: " << line << '\n';
      for (const std::string& line : found.ended_otherwise) std::cout << "  otherwise: " << line << '\n';
    }
  });
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began);
  std::cout << jobs.size() << " triples of command, operation and fault; " << took.count() << " s\n";
}

}  // namespace
}  // namespace sallyport

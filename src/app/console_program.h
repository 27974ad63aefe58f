// SPDX-License-Identifier: Apache-2.0
//
// A program for a terminal or a pipe: made from the common arguments, it shows what happens and remembers how it went.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/ledger_head.h"
#include "app/wire.h"
#include "base/terminal.h"

namespace sallyport {

struct ProgramArguments {
  bool dry_run = false;
  bool force = false;
  bool json = false;
};

// What is to be printed of a report, with the exit code that it leads to.
struct Shown {
  std::string text;
  ExitCode code = ExitCode::kOk;
};

class ConsoleProgram {
 public:
  // Nothing, and `code` says why, when it could not be made: settings that cannot ask SWP, a ledger that cannot be
  // opened. What a crash left behind is brought to its end first, and shown.
  static std::unique_ptr<ConsoleProgram> Make(const CommonArguments& common, const ProgramArguments& arguments,
                                              ExitCode& code);

  Program& program() { return *program_; }
  // The report and the messages that came with it. Any thread.
  Shown Render(const EventReport& report) const;
  // Prints it and remembers the worst exit code. One thread at a time.
  void Show(const Shown& shown);
  void Show(const EventReport& report) { Show(Render(report)); }
  // Waits for follow-ups and shows what they lead to; asks at most `workers` at once.
  void RunFollowUps(Duration wait, int workers);
  ExitCode code() const { return code_; }
  // Says with which line the ledger ends; gives the exit code.
  ExitCode Finish();

 private:
  explicit ConsoleProgram(const ProgramArguments& arguments);
  std::string CasesThatNeedPerson(const EventReport& report) const;
  void TellWhatIsOpen();

  ProgramArguments arguments_;
  Paint paint_;
  std::unique_ptr<Program> program_;
  std::optional<HeadTeller> heads_;
  ExitCode code_ = ExitCode::kOk;
};

}  // namespace sallyport

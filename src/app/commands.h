// SPDX-License-Identifier: Apache-2.0
//
// One function for each subcommand; the arguments as data. main.cc parses the command line and is the only file that
// sees the library for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/tables.h"
#include "base/time.h"
#include "intake/exit_code.h"
#include "ledger/audit.h"

namespace sallyport {

struct ProgramOptions;

struct CommonArguments {
  std::string config;                     // --config; empty: found as docs/settings.md says
  std::string ledger;                     // --ledger; empty: from the settings
  const ProgramTables* tables = nullptr;  // of the program; outlive the command
  // What a test puts between the command and the world; outlives it. None: nothing.
  const ProgramOptions* seams = nullptr;
};

struct HandleArguments {
  std::vector<std::string> files;  // "-" is standard input
  bool dry_run = false;
  bool json = false;
  bool force = false;
  Duration wait{0};  // how long to wait for the ends of what was begun
  int workers = 1;   // events that are handled at the same time, 1 to bounds::kWorkers
};
ExitCode HandleCommand(const CommonArguments& common, const HandleArguments& arguments);

struct DoctorArguments {
  bool json = false;
  bool clean_up = false;
};
ExitCode DoctorCommand(const CommonArguments& common, const DoctorArguments& arguments);

struct WhoCanArguments {
  std::string bucket;
  std::string account;  // who owns it; empty: the account of our own credentials
  std::string region;
  std::vector<std::string> actions;  // empty: read, list, write, delete
  std::string prefix;
  std::string principal;
  bool indirect = false;
  bool why = false;
  bool json = false;
};
ExitCode WhoCanCommand(const CommonArguments& common, const WhoCanArguments& arguments);

struct LedgerExportArguments {
  bool csv = false;
  std::int64_t after = 0;  // only lines with a greater number: what came since the last export
};
ExitCode LedgerExportCommand(const CommonArguments& common, const LedgerExportArguments& arguments);

struct LedgerVerifyArguments {
  std::string last_hash;             // the newest line's hash as it was noted elsewhere; empty: none
  std::vector<std::string> against;  // files of heads that were kept elsewhere; "-" is standard input
  Duration within = kLongestVerify;  // what takes longer is not known
  bool json = false;
};
ExitCode LedgerVerifyCommand(const CommonArguments& common, const LedgerVerifyArguments& arguments);

struct LedgerHeadsArguments {
  bool json = false;
};
ExitCode LedgerHeadsCommand(const CommonArguments& common, const LedgerHeadsArguments& arguments);

struct LedgerReplayArguments {
  std::int64_t number = 0;
  bool dry_run = false;
  bool json = false;
  bool force = false;
};
ExitCode LedgerReplayCommand(const CommonArguments& common, const LedgerReplayArguments& arguments);

struct LedgerTrimArguments {
  Duration older_than{0};
};
ExitCode LedgerTrimCommand(const CommonArguments& common, const LedgerTrimArguments& arguments);

struct FollowUpsArguments {
  bool all = false;  // of `list`: ended ones too
  bool json = false;
  Duration wait{0};  // of `run`
  int workers = 1;   // of `run`: asked at the same time, 1 to bounds::kWorkers
};
ExitCode FollowUpsListCommand(const CommonArguments& common, const FollowUpsArguments& arguments);
ExitCode FollowUpsRunCommand(const CommonArguments& common, const FollowUpsArguments& arguments);

struct PlansArguments {
  std::string digest;  // its first digits
  std::string state;   // of `list`
  std::string why;     // of `reject`
  bool json = false;
};
ExitCode PlansListCommand(const CommonArguments& common, const PlansArguments& arguments);
ExitCode PlansShowCommand(const CommonArguments& common, const PlansArguments& arguments);
ExitCode PlansApproveCommand(const CommonArguments& common, const PlansArguments& arguments);
ExitCode PlansRejectCommand(const CommonArguments& common, const PlansArguments& arguments);
struct NotifyTestArguments {
  std::string channel;  // empty: all
  bool json = false;
};
ExitCode NotifyTestCommand(const CommonArguments& common, const NotifyTestArguments& arguments);

struct DemoArguments {
  bool verbose = false;
  bool keep = false;  // the ledger stays
};
// Ends with kOk only when every chapter came out as meant.
ExitCode DemoCommand(const DemoArguments& arguments);

// Inside AWS Lambda: handles events until the sandbox goes away.
ExitCode LambdaCommand(const CommonArguments& common);

}  // namespace sallyport

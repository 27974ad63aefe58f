// SPDX-License-Identifier: Apache-2.0
//
// Builds the object graph: reading wire.cc tells what the program can reach.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/aws_connection.h"
#include "app/sns_proof.h"
#include "app/swp_connection.h"
#include "app/tables.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "config/settings.h"
#include "executor/executor.h"
#include "executor/messenger.h"
#include "intake/handle.h"
#include "ledger/sqlite_ledger.h"
#include "net/curl_client.h"
#include "notify/dispatcher.h"

namespace sallyport {

struct CommonArguments;

struct ProgramOptions {
  bool dry_run = false;
  bool force = false;
  // Messages are shown here as well: the reports have them.
  bool show_messages = false;
  // For tests: called with each message that is shown, on the thread that sends it; may be empty.
  std::function<void(const Message& message)> on_message;
  Logger::Sink log_sink = WriteToStandardError;
  // The time of everything; the system's when there is none. Outlives the program.
  Clock* clock = nullptr;
  // Of every jitter; the system's when there is none. Outlives the program.
  Random* random = nullptr;
  // For tests that stop the program at any point: what stands between it and its ledger, SWP, AWS, and the channels.
  std::function<std::unique_ptr<Ledger>(std::unique_ptr<Ledger>)> wrap_ledger;
  std::function<std::unique_ptr<HttpClient>(HttpClient&)> wrap_http;
  std::function<std::unique_ptr<HttpClient>(HttpClient&)> wrap_aws;
  std::function<std::unique_ptr<HttpClient>(HttpClient&)> wrap_channels;
  // Whether notifications of SNS that are to become evidence must be signed by SNS.
  bool prove_notifications = false;
  // What the program knows.
  // Where AWS credentials and endpoints are looked for.
  LazyAws::MakeEnvironment aws_environment = aws::SystemEnvironment;
};

// The seams of a test, else none: what the program of a command begins with.
ProgramOptions SeamsOf(const CommonArguments& common);
// The clock of the options, else the system's.
Clock& ClockOf(const ProgramOptions& options);

// As the options wrap a ledger.
std::unique_ptr<Ledger> Wrapped(std::unique_ptr<Ledger> ledger, const ProgramOptions& options);

// Everything that handling events needs. Neither copied nor moved: its parts refer to each other.
class Program {
 public:
  static Result<std::unique_ptr<Program>> Make(const Settings& settings, ProgramTables tables, ProgramOptions options);

  Handler& handler() { return handler_; }
  const ProgramTables& tables() const { return tables_; }
  Ledger& ledger() { return *ledger_; }
  Messenger& messenger() { return messenger_; }
  reach::Reads& reach() { return reach_; }
  Clock& clock() { return clock_; }

 private:
  class ProgramWork;
  Program(const Settings& settings, ProgramTables tables, ProgramOptions options, Clock& clock,
          std::unique_ptr<Ledger> ledger);

  const ProgramTables tables_;
  Clock& clock_;
  ActionKinds kinds_;
  SystemRandom system_random_;
  Random& random_;
  Logger log_;
  std::unique_ptr<Ledger> ledger_;
  MayWrite may_write_;  // asked before each request that changes something
  SwpConnection swp_;
  CurlClient channel_http_;
  std::unique_ptr<HttpClient> wrapped_channels_;  // of a test; else nothing
  OwnerDirectory directory_;
  Dispatcher dispatcher_;
  Messenger messenger_;  // of what is tried again; each work has one of its own
  const ExecutorOptions execution_;
  const bool show_messages_;
  const std::function<void(const Message& message)> on_message_;
  LazyAws aws_;
  SnsProof sns_proof_;
  AwsLine reach_;  // of the program itself
  Handler handler_;
};

// Where the ledger is when the settings do not say.
std::string LedgerPath(const LedgerSettings& settings);
std::string UserAgent();

}  // namespace sallyport

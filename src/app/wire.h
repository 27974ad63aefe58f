// SPDX-License-Identifier: Apache-2.0
//
// Builds the object graph: reading wire.cc tells what the program can reach.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "config/settings.h"
#include "executor/executor.h"
#include "intake/handle.h"
#include "ledger/sqlite_ledger.h"
#include "net/counting_client.h"
#include "net/curl_client.h"
#include "net/request_budget.h"
#include "net/retry_client.h"
#include "notify/text.h"
#include "swp_client/client.h"

namespace sallyport {

// The way to the SWP manager: curl <- count <- retry within budget <- client.
class SwpConnection {
 public:
  SwpConnection(const SwpSettings& settings, Clock& clock, Random& random, Logger& log);
  swp::Client& client() { return client_; }
  int calls() const { return static_cast<int>(counting_.Snapshot().sends); }

 private:
  CurlClient curl_;
  CountingClient counting_;
  RequestBudget budget_;
  RetryClient retrying_;
  swp::Client client_;
};

struct ProgramOptions {
  bool dry_run = false;
  bool force = false;
  // Where messages to owners go.
  ConsoleNotifier::Write show_message;
};

// Everything that handling events needs. Neither copied nor moved: its parts refer to each other.
class Program {
 public:
  static Result<std::unique_ptr<Program>> Make(const Settings& settings, ProgramOptions options);

  Handler& handler() { return handler_; }
  swp::Client& swp() { return swp_.client(); }
  Ledger& ledger() { return *ledger_; }
  Clock& clock() { return clock_; }
  int swp_calls() const { return swp_.calls(); }

 private:
  Program(const Settings& settings, ProgramOptions options, std::unique_ptr<SqliteLedger> ledger);

  SystemClock clock_;
  SystemRandom random_;
  Logger log_;
  std::unique_ptr<SqliteLedger> ledger_;
  SwpConnection swp_;
  ConsoleNotifier notifier_;
  Executor executor_;
  Handler handler_;
};

// Where the ledger is when the settings do not say.
std::string LedgerPath(const LedgerSettings& settings);
std::string UserAgent();

}  // namespace sallyport

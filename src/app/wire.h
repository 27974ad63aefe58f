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
#include "app/tables.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "config/settings.h"
#include "executor/executor.h"
#include "executor/messenger.h"
#include "intake/handle.h"
#include "ledger/sqlite_ledger.h"
#include "net/counting_client.h"
#include "net/curl_client.h"
#include "net/deadline_client.h"
#include "net/request_budget.h"
#include "net/retry_client.h"
#include "notify/dispatcher.h"
#include "swp_client/client.h"

namespace sallyport {

// The way to the SWP manager: curl <- count <- retry within budget <- latest moment <- client.
class SwpConnection {
 public:
  SwpConnection(const SwpSettings& settings, Clock& clock, Random& random, Logger& log,
                const std::function<std::unique_ptr<HttpClient>(HttpClient&)>& wrap = {});
  swp::Client& client() { return client_; }
  int calls() const { return static_cast<int>(counting_.Snapshot().sends); }
  // No call runs beyond this moment; nothing: each has its own deadline alone.
  void SetLatest(std::optional<TimePoint> latest) { latest_.SetLatest(latest); }

 private:
  CurlClient curl_;
  std::unique_ptr<HttpClient> wrapped_;  // of a test; else nothing
  CountingClient counting_;
  RequestBudget budget_;
  RetryClient retrying_;
  DeadlineClient latest_;
  swp::Client client_;
};

struct ProgramOptions {
  bool dry_run = false;
  bool force = false;
  // Shows each message here as well; may be empty.
  std::function<void(const Message& message)> show_message;
  Logger::Sink log_sink = WriteToStandardError;
  // The time of everything; the system's when there is none. Outlives the program.
  Clock* clock = nullptr;
  // Of every jitter; the system's when there is none. Outlives the program.
  Random* random = nullptr;
  // For tests that stop the program at any point: what stands between it and its ledger, and between it and SWP.
  std::function<std::unique_ptr<Ledger>(std::unique_ptr<Ledger>)> wrap_ledger;
  std::function<std::unique_ptr<HttpClient>(HttpClient&)> wrap_http;
  // What the program knows.
  Tables tables = ProductTables();
  // Where AWS credentials and endpoints are looked for.
  LazyReach::MakeEnvironment aws_environment = aws::SystemEnvironment;
};

// Everything that handling events needs. Neither copied nor moved: its parts refer to each other.
class Program {
 public:
  static Result<std::unique_ptr<Program>> Make(const Settings& settings, ProgramOptions options);

  Handler& handler() { return handler_; }
  swp::Client& swp() { return swp_.client(); }
  Ledger& ledger() { return *ledger_; }
  Messenger& messenger() { return messenger_; }
  reach::Reads& reach() { return reach_; }
  Clock& clock() { return clock_; }
  int swp_calls() const { return swp_.calls(); }
  // See SwpConnection::SetLatest.
  void StopBy(std::optional<TimePoint> latest) { swp_.SetLatest(latest); }

 private:
  Program(const Settings& settings, ProgramOptions options, Clock& clock, std::unique_ptr<Ledger> ledger);

  Clock& clock_;
  ActionKinds kinds_;
  SystemRandom system_random_;
  Random& random_;
  Logger log_;
  std::unique_ptr<Ledger> ledger_;
  SwpConnection swp_;
  CurlClient channel_http_;
  OwnerDirectory directory_;
  Dispatcher dispatcher_;
  Messenger messenger_;
  Executor executor_;
  LazyReach reach_;
  Handler handler_;
};

// The way to the channels: their answers are small.
CurlOptions CurlOptionsForChannels();
// The channels of the settings, each with its secrets, or one that says what is wrong with it.
std::vector<Dispatcher::Entry> ChannelsFor(const NotifySettings& settings, HttpClient& http, const Clock& clock);

// Where the ledger is when the settings do not say.
std::string LedgerPath(const LedgerSettings& settings);
std::string UserAgent();

}  // namespace sallyport

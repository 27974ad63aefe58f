// SPDX-License-Identifier: Apache-2.0
//
// The way to the SWP manager: curl <- may it write <- count <- retry within budget <- latest moment <- client.
// Connections, budget and what is remembered belong to the process; counting, the latest moment and log lines to
// whoever sends.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "config/settings.h"
#include "net/counting_client.h"
#include "net/curl_client.h"
#include "net/deadline_client.h"
#include "net/request_budget.h"
#include "net/retry_client.h"
#include "net/write_guard_client.h"
#include "swp_client/client.h"

namespace sallyport {

// What all senders of a process share. Thread-safe. References outlive it.
class SwpConnection {
 public:
  // `may_write`: asked before each request that changes something. `wrap`: what a test puts between it and the network.
  SwpConnection(const SwpSettings& settings, Clock& clock, Random& random, MayWrite may_write,
                const std::function<std::unique_ptr<HttpClient>(HttpClient&)>& wrap = {});

 private:
  friend class SwpLine;
  Clock& clock_;
  Random& random_;
  const swp::ClientOptions client_options_;
  CurlClient curl_;
  std::unique_ptr<HttpClient> wrapped_;  // of a test; else nothing
  WriteGuardClient guarded_;
  RequestBudget budget_;
  std::shared_ptr<swp::Memory> memory_;
};

// One sender. Cheap to make. The connection and the logger outlive it.
class SwpLine {
 public:
  // No call runs beyond `stop_at`; nothing: each has its own deadline alone.
  SwpLine(SwpConnection& connection, Logger& log, std::optional<TimePoint> stop_at);
  swp::Client& client() { return client_; }
  // HTTP requests so far, retries included.
  int calls() const { return static_cast<int>(counting_.Snapshot().sends); }

 private:
  CountingClient counting_;
  RetryClient retrying_;
  DeadlineClient latest_;
  swp::Client client_;
};

}  // namespace sallyport

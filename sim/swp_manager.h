// SPDX-License-Identifier: Apache-2.0
//
// A simulated Server & Workload Protection manager on 127.0.0.1: stateful, with scans that take (simulated) time, rate
// limits and faults on demand. sim/README.md says what it does and where it decides what the vendor leaves open.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/sim_clock.h"
#include "sim/swp_estate.h"
#include "sim/swp_faults.h"

namespace sallyport::sim {

struct SwpManagerOptions {
  int port = 0;          // 0 = any free one
  std::string tls_cert;  // PEM files; with both, the manager speaks HTTPS
  std::string tls_key;
  SimClock* clock = nullptr;           // outlives the manager; none: starts at the real time and runs with it
  Duration scan_duration{30'000};      // simulated
  Duration send_policy_delay{10'000};  // simulated
  bool auto_delete = true;             // run-once tasks disappear after their run
  int calls_per_minute_and_key = 500;  // 0 = no limit
  int calls_per_minute_and_tenant = 1000;
  bool send_retry_after = false;  // with 429; the real manager documents none
};

// One call as the manager saw it. `key_name` is the key's name, never the key.
struct SwpRequestRecord {
  TimePoint time;  // simulated
  std::string method;
  std::string target;  // path and query
  int status = 0;      // 0: the connection was cut
  std::string key_name;
};

// Thread-safe.
class SwpManager {
 public:
  // Listening when this returns. Errors: kInvalidInput (estate, certificate), kUnavailable (port).
  static Result<std::unique_ptr<SwpManager>> Start(const SwpEstate& estate, const SwpManagerOptions& options);
  ~SwpManager();  // cuts every connection and returns at once
  SwpManager(const SwpManager&) = delete;
  SwpManager& operator=(const SwpManager&) = delete;

  std::string url() const;  // "http://127.0.0.1:PORT/api"
  SimClock& clock();

  Status AddFault(const SwpFault& fault);
  void ClearFaults();
  // The newest 100,000 calls, oldest first.
  std::vector<SwpRequestRecord> Requests() const;
  void ClearRequests();
  // What GET /_sim/state answers: scans and assignment changes, as JSON text.
  std::string StateText() const;

 private:
  class Impl;
  explicit SwpManager(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sallyport::sim

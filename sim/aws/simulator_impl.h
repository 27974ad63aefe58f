// SPDX-License-Identifier: Apache-2.0
//
// The simulator's parts. Internal to simulator.cc and control.cc.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>

#include "sim/aws/auth.h"
#include "sim/aws/buckets.h"
#include "sim/aws/faults.h"
#include "sim/aws/protocol.h"
#include "sim/aws/simulator.h"

namespace sallyport::aws_sim {

// What the log keeps of a call. The oldest go when there are kMaxLogged.
struct LoggedCall {
  std::string time;
  std::string account;
  std::string region;
  std::string service;
  std::string action;
  int status = 0;  // 0: cut
  std::string code;
};
inline constexpr std::size_t kMaxLogged = 20'000;

struct Counters {
  std::uint64_t calls = 0;
  std::uint64_t throttled = 0;
  std::uint64_t refused = 0;  // signature, key, region, permission
  int running = 0;
  int most_running = 0;
};

class SimulatorImpl final : public Simulator {
 public:
  SimulatorImpl(World world, const SimulatorOptions& options)
      : world_(std::move(world)), options_(options), latency_ms_(options.latency.count()), buckets_(options.limits) {}
  ~SimulatorImpl() override { server_.reset(); }

  Status Listen();
  std::string url() const override { return url_; }

 private:
  struct Working;

  sim::ServedAnswer Handle(const sim::ServedRequest& request);
  sim::ServedAnswer Serve(const sim::ServedRequest& request, LoggedCall& logged);
  sim::ServedAnswer Act(Working& working);
  Answer Perform(Working& working, Call& call);  // takes the lock
  std::optional<Failure> Gate(Working& working, Call& call);
  std::optional<sim::ServedAnswer> FaultInstead(Working& working, const Fault& fault);
  static void SpoilAfter(const Fault& fault, sim::ServedAnswer& answer);
  sim::ServedAnswer Refuse(Working& working, const Failure& failure);

  // control.cc
  sim::ServedAnswer Control(const sim::ServedRequest& request);
  sim::ServedAnswer ControlFaults(const std::string& method, const json::object& body);
  sim::ServedAnswer ControlWorld(const json::object& body);
  sim::ServedAnswer ControlConfig(const json::object& body);
  json::value ShowLog();
  json::object ShowStats();
  json::object ShowState();

  std::mutex mutex_;  // over world_, log_ and counters_
  World world_;
  const SimulatorOptions options_;
  std::atomic<std::int64_t> latency_ms_;
  std::atomic<std::uint64_t> page_limit_{options_.page_limit};
  std::atomic<std::uint64_t> requests_{0};
  TokenBuckets buckets_;
  FaultBook faults_;
  std::deque<LoggedCall> log_;
  Counters counters_;
  std::uint64_t config_tokens_ = 0;  // given out by the control `config`
  std::string url_;
  std::unique_ptr<sim::HttpServer> server_;  // last: its threads end first
};

}  // namespace sallyport::aws_sim

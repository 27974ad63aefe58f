// SPDX-License-Identifier: Apache-2.0
//
// The inside of SwpManager. Internal to sim/.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sim/http_server.h"
#include "sim/swp_limiter.h"
#include "sim/swp_manager.h"
#include "sim/swp_routes.h"

namespace sallyport::sim {

class SwpManager::Impl {
 public:
  Impl(const SwpManagerOptions& options, World world, std::unique_ptr<SystemClock> real,
       std::unique_ptr<SimClock> own_clock, SimClock& clock);
  ~Impl();

  Status Listen();
  int port() const { return server_->port(); }
  bool tls() const { return !options_.tls_cert.empty(); }

  ServedAnswer Handle(const ServedRequest& request);

  // The control plane, swp_control.cc.
  ServedAnswer HandleControl(const ServedRequest& request);
  std::string StateText();
  std::string RequestsText();

  const SwpManagerOptions options_;
  const std::unique_ptr<SystemClock> real_;
  const std::unique_ptr<SimClock> own_clock_;
  SimClock& clock_;
  SwpFaultBook faults_;
  SlidingLimiter limiter_;

  std::mutex world_mutex_;
  World world_;

  std::mutex log_mutex_;
  std::deque<SwpRequestRecord> log_;

 private:
  ServedAnswer HandleApi(const ServedRequest& request, std::string_view path, SwpRequestRecord& record);
  std::optional<ServedAnswer> RefuseByFault(const SwpFault& fault);
  ServedAnswer Act(const ServedRequest& request, std::string_view path, SwpRequestRecord& record);
  void SpoilByFault(const SwpFault& fault, const std::string& question, ServedAnswer& answer);
  void Remember(const std::string& question, const ServedAnswer& answer);
  ServedAnswer MakeAnswer(const Reply& reply) const;
  void Wait(int milliseconds);
  void Log(SwpRequestRecord record);

  std::mutex stop_mutex_;
  std::condition_variable stop_signal_;
  bool stopping_ = false;

  // Reads and their last answers, for stale ones. Bounded.
  std::mutex memory_mutex_;
  std::map<std::string, std::string> last_answers_;

  std::unique_ptr<HttpServer> server_;  // last: stops before the rest goes
};

}  // namespace sallyport::sim

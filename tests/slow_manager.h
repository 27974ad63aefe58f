// SPDX-License-Identifier: Apache-2.0
//
// A manager that works: what changes something takes it 0.1 to 10 seconds of the shared clock, and it carries that out
// whatever has become of whoever asked. So a program can be killed inside the other side's working time: before it has
// acted, and between the act and the answer.
//
// It stands before the simulated manager as a proxy on loopback. Reads pass. A write is taken at once, carried out when
// its time has come (by the clock that the manager sees, too), and answered when somebody asks for its answer:
//
//   POST /api/scheduledtasks        202, X-Answer-At: milliseconds, X-Answer: 17
//   GET  /answers/17                what the manager answered
//
// Before a simulated AWS it does the same to the calls that change something there.
//
// WithSlowManager is the other half, in the program under test: it waits for that moment in the shared time.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "net/curl_client.h"
#include "net/http.h"
#include "sim/http_server.h"
#include "tests/cut_points.h"
#include "tests/shared_clock.h"

namespace sallyport {

// How the point of a moment in which the manager is at work on a request ends.
inline constexpr std::string_view kAtWork = " (manager at work)";

// The time that the simulated manager sees: that of the shared clock, except while it carries out what was due earlier.
class ManagersClock final : public Clock {
 public:
  explicit ManagersClock(const SharedClock& inner) : inner_(inner) {}
  TimePoint Now() const override;
  std::chrono::steady_clock::time_point Monotonic() const override;
  void SleepFor(Duration) override {}
  // Nothing: that of the shared clock again.
  void Pretend(std::optional<TimePoint> now) { pretended_ = now ? ToEpochMilliseconds(*now) : 0; }

 private:
  const SharedClock& inner_;
  std::atomic<std::int64_t> pretended_{0};
};

class SlowManager {
 public:
  // `manager`: the address of the simulated one, whose clock runs on `managers`. The clocks outlive this.
  SlowManager(const SharedClock& clock, ManagersClock& managers, const std::string& manager, unsigned seed);
  SlowManager(const SlowManager&) = delete;
  SlowManager& operator=(const SlowManager&) = delete;

  std::string url() const;
  // The same without the path of the manager's API, where it stands before a simulated AWS.
  std::string origin() const;
  // How many requests it was sent.
  int taken() const { return taken_; }
  // How many writes it carried out, and how many of these nobody asked the answer of.
  int carried_out() const;
  int unanswered() const;
  // Carries out what is due by now.
  void CatchUp();

 private:
  struct Write {
    HttpRequest request;
    TimePoint acts_at;
    bool is_done = false;
    bool is_answered = false;
    HttpResponse answer;
  };

  sim::ServedAnswer Serve(const sim::ServedRequest& request);
  sim::ServedAnswer Take(HttpRequest request);
  sim::ServedAnswer AnswerOf(int number);
  // With the mutex held.
  void CarryOutWhatIsDue();
  HttpResponse Forward(const HttpRequest& request);

  const SharedClock& clock_;
  ManagersClock& managers_;
  const std::string manager_;
  CurlClient http_;
  mutable std::mutex mutex_;
  std::mt19937 chance_;
  std::map<int, Write> writes_;
  std::atomic<int> taken_{0};
  std::unique_ptr<sim::HttpServer> server_;  // last: it calls back
};

// `inner` and `clock` outlive it. While the manager is at work, `reach` is called at some moments.
std::unique_ptr<HttpClient> WithSlowManager(HttpClient& inner, Clock& clock, ReachPoint reach);

}  // namespace sallyport

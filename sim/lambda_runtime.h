// SPDX-License-Identifier: Apache-2.0
//
// The Lambda runtime API as a custom runtime sees it (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), on
// loopback: one invocation at a time, each answered exactly once.
//
//   GET  /2018-06-01/runtime/invocation/next              blocks until there is an event
//   POST /2018-06-01/runtime/invocation/{id}/response     202; 413 over 6 MB
//   POST /2018-06-01/runtime/invocation/{id}/error        202
//   POST /2018-06-01/runtime/init/error                   202 before the first `next`, 403 after it
//
// An unknown id gets 400, a second answer 403. After a refused response (413) the invocation still waits for its
// answer.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/http_server.h"

namespace sallyport::sim {

// How one invocation ended.
struct LambdaOutcome {
  enum class Kind {
    kResponse,   // `body` is the function's result
    kError,      // `body` is the error's JSON, `error_type` its header
    kInitError,  // the runtime said that it cannot start
    kTimeout,    // the deadline passed: the real one kills the process now
    kExited,     // the runtime's process has ended (said by whoever started it)
  };
  Kind kind = Kind::kTimeout;
  std::string request_id;
  std::string body;
  std::string error_type;
  Duration took{0};
};
std::string_view ToString(LambdaOutcome::Kind kind);

// The next call of that sort is answered with this instead, and does nothing.
struct LambdaFault {
  enum class Call { kNext, kResponse, kError, kInitError };
  Call call = Call::kNext;
  int status = 500;  // 0: the connection is closed without an answer
};

class LambdaRuntime {
 public:
  static Result<std::unique_ptr<LambdaRuntime>> Start(int port = 0);
  ~LambdaRuntime();
  LambdaRuntime(const LambdaRuntime&) = delete;
  LambdaRuntime& operator=(const LambdaRuntime&) = delete;

  // `127.0.0.1:port`: the value of AWS_LAMBDA_RUNTIME_API.
  std::string address() const;

  // Hands the event to the next poll and waits for its end, at most `time_limit` from when it was handed over (and as
  // long for the poll).
  LambdaOutcome Invoke(std::string event, Duration time_limit);
  // Waits until the runtime polls, reports that it cannot start, or is said to have exited. False: none in that time.
  bool WaitForStart(Duration at_most);
  // Waits until the runtime polls again, or is gone. False: neither in that time.
  bool WaitForPoll(Duration at_most);
  // The runtime's process is gone. A waiting Invoke ends.
  void RuntimeExited();
  bool HasExited() const;
  // A new process of the runtime: forgets what the last one left.
  void RuntimeStarted();
  void AddFault(LambdaFault fault);
  // As after a thaw: the kept connection is dead, whatever is asked on it next is cut off without an answer.
  void DropConnection() { AddFault({LambdaFault::Call::kNext, 0}); }

  // When the first poll of the present process came.
  std::optional<std::chrono::steady_clock::time_point> FirstPoll() const;
  // What the runtime said when it could not start.
  std::optional<LambdaOutcome> init_error() const;
  // `GET next 200`, `POST response 202`: every call with its answer, in order.
  std::vector<std::string> Calls() const;

 private:
  struct Current {
    std::string event;
    std::string request_id;
    Duration time_limit{0};
    std::optional<TimePoint> deadline;  // set when it is handed over
    std::chrono::steady_clock::time_point handed_over;
    std::optional<LambdaOutcome> outcome;
  };

  LambdaRuntime() = default;
  ServedAnswer Serve(const ServedRequest& request);
  ServedAnswer Next();
  ServedAnswer Answer(const std::string& id, LambdaOutcome::Kind kind, const ServedRequest& request);
  ServedAnswer InitError(const ServedRequest& request);
  std::optional<ServedAnswer> TakeFault(LambdaFault::Call call);
  void Note(const std::string& what, const ServedAnswer& answer);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Current> current_;
  std::vector<std::string> answered_;  // ids
  std::deque<LambdaFault> faults_;
  std::vector<std::string> calls_;
  std::optional<std::chrono::steady_clock::time_point> first_poll_;
  std::optional<LambdaOutcome> init_error_;
  std::uint64_t generation_ = 0;  // of the runtime's process: a poll of an earlier one gets nothing
  int polling_ = 0;               // polls that wait for an event
  bool exited_ = false;
  bool stopping_ = false;
  std::uint64_t invocations_ = 0;
  SystemClock clock_;
  std::unique_ptr<HttpServer> server_;  // last: its threads use what is above
};

}  // namespace sallyport::sim

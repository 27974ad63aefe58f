// SPDX-License-Identifier: Apache-2.0
//
// Faults of the fault matrix: everything that a program reads and writes outside is an operation with a name, and each
// operation can go wrong in the ways that its seam knows. Between the program and the world stand clients and a ledger
// that note each operation and spoil the one that they are told to.
#pragma once

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ledger/ledger.h"
#include "net/http.h"

namespace sallyport {

enum class FaultSeam { kSwp, kAws, kChannel, kLedger, kFile };
enum class FaultWay {
  kRefused,   // the other side says no: 403; a file that is a folder
  kStranger,  // it does not know us: 401, an expired token
  kGone,      // 404; no such file
  kBusy,      // 429, throttled
  kBroken,    // 500; of a ledger: its disk fails, and nothing is recorded
  kCut,       // the connection ends without an answer, and nothing was done
  kCutAfter,  // the same, and it was done; of a ledger: recorded, and the disk fails then
  kHalf,      // half of the answer or file
  kNonsense,  // something else instead
  kEmpty,     // nothing, as if that were an answer
  kStale,     // as it was when the same was asked last, or an hour ago
  kSlow,      // it is done, and no answer comes in time; of a ledger: it takes half a minute
  kLate,      // the same, and it is done only after two more calls
};
std::string_view ToString(FaultSeam seam);
std::string_view ToString(FaultWay way);

struct Operation {
  FaultSeam seam = FaultSeam::kSwp;
  bool writes = false;
  std::string name;  // "POST /computers/search", "iam GetPolicy us-east-1 5f3c", "Journal FindRecent"
  bool operator==(const Operation&) const = default;
};
// "swp read POST /computers/search"
std::string ToText(const Operation& operation);
// The same back. Aborts for anything else: only the test's own files hold it.
Operation OperationFrom(std::string_view text);
// Every way in which that can go wrong.
std::vector<FaultWay> WaysOf(const Operation& operation);

struct Fault {
  Operation operation;
  int nth = 1;         // the nth with that name
  bool lasts = false;  // and all after it
  FaultWay way = FaultWay::kBroken;
};
// One line; the same back.
std::string ToText(const Fault& fault);
Fault FaultFrom(std::string_view text);

// Notes operations, and tells which one goes wrong. Thread-safe.
class FaultPlan {
 public:
  // `operations` gets a line for each operation, `injected` one for each that went wrong. Nothing: none does.
  FaultPlan(const std::string& operations, const std::string& injected, std::optional<Fault> fault, const Clock& clock);
  // Before it nothing is noted, and nothing goes wrong.
  void SetArmed(bool armed);
  // `request`: what tells the tries of one request from other requests. A fault that does not last hits all tries of
  // its request within a minute.
  std::optional<FaultWay> Meet(const Operation& operation, const std::string& request);
  // What was answered last to the same request, also before it was armed.
  void Remember(const std::string& request, const HttpResponse& answer);
  std::optional<HttpResponse> LastAnswer(const std::string& request);

 private:
  bool Hits(const Operation& operation, const std::string& request);

  std::ofstream operations_;
  std::ofstream injected_;
  const std::optional<Fault> fault_;
  const Clock& clock_;
  std::mutex mutex_;
  bool armed_ = false;
  std::map<std::string, int> seen_;
  std::map<std::string, HttpResponse> answers_;
  std::string hit_request_;
  TimePoint hit_at_{};
};

// All of them outlive what is made.
std::unique_ptr<HttpClient> WithFaults(HttpClient& inner, FaultSeam seam, FaultPlan& plan, Clock& clock);
std::unique_ptr<Ledger> WithFaults(std::unique_ptr<Ledger> inner, FaultPlan& plan, Clock& clock);
// A file: notes that it is read, and spoils it now if it is to go wrong. What makes it whole again.
std::function<void()> MeetFile(const std::string& name, const std::string& path, FaultPlan& plan);

}  // namespace sallyport

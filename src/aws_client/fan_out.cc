// SPDX-License-Identifier: Apache-2.0
#include "aws_client/fan_out.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

namespace sallyport::aws {
namespace {

constexpr int kThreads = 256;

// Hands out the items. Thread-safe but for its making.
class Lanes {
 public:
  Lanes(const std::vector<std::string>& lanes, int workers) : workers_(workers) {
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      const auto [place, is_new] = index.try_emplace(lanes[i], lanes_.size());
      if (is_new) lanes_.emplace_back();
      lanes_[place->second].waiting.push_back(i);
    }
    with_work_ = static_cast<int>(lanes_.size());
  }

  struct Taken {
    std::size_t item = 0;
    std::size_t lane = 0;
  };
  // The next item of a lane below its share, lanes in turn; of any lane when there is none such, since with as many
  // workers as shares that means that all other lanes are at rest. Nothing: no item is left.
  std::optional<Taken> Take() {
    const std::lock_guard lock(mutex_);
    if (with_work_ == 0) return std::nullopt;
    const int share = std::max(1, (workers_ + with_work_ - 1) / with_work_);
    if (auto taken = TakeBelow(share)) return taken;
    return TakeBelow(workers_ + 1);
  }
  void Done(std::size_t lane) {
    const std::lock_guard lock(mutex_);
    --lanes_[lane].running;
  }

 private:
  struct Lane {
    std::deque<std::size_t> waiting;
    int running = 0;
  };

  std::optional<Taken> TakeBelow(int most) {
    for (std::size_t step = 0; step < lanes_.size(); ++step) {
      const std::size_t at = (next_ + step) % lanes_.size();
      Lane& lane = lanes_[at];
      if (lane.waiting.empty() || lane.running >= most) continue;
      const Taken taken{lane.waiting.front(), at};
      lane.waiting.pop_front();
      ++lane.running;
      if (lane.waiting.empty()) --with_work_;
      next_ = at + 1;
      return taken;
    }
    return std::nullopt;
  }

  const int workers_;
  std::mutex mutex_;
  std::vector<Lane> lanes_;
  int with_work_ = 0;
  std::size_t next_ = 0;
};

}  // namespace

Error NotBegun() {
  return Error{ErrorCode::kTimeout, "the deadline passed before this was asked", "allow more time"};
}

std::vector<bool> RunInLanes(const Clock& clock, const FanOutOptions& options, const std::vector<std::string>& lanes,
                             const std::function<void(std::size_t)>& work) {
  const auto most = static_cast<std::size_t>(std::clamp(options.concurrency, 1, kThreads));
  const std::size_t workers = std::min(most, lanes.size());
  Lanes queue(lanes, static_cast<int>(workers));
  std::vector<char> begun(lanes.size(), 0);  // not vector<bool>: workers write side by side
  const auto run = [&] {
    // The client counts in whole milliseconds: in what is left below one it would refuse every call that is still
    // waiting.
    while (!options.until || *options.until - clock.Monotonic() >= Duration{1}) {
      const auto taken = queue.Take();
      if (!taken) return;
      begun[taken->item] = 1;
      work(taken->item);
      queue.Done(taken->lane);
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(workers);
  try {
    while (threads.size() + 1 < workers) threads.emplace_back(run);
  } catch (const std::system_error&) {
    // The machine gives no more of them; those that there are do all the work.
  }
  run();
  for (std::thread& thread : threads) thread.join();
  return {begun.begin(), begun.end()};
}

}  // namespace sallyport::aws

// SPDX-License-Identifier: Apache-2.0
//
// Jobs on several threads whose results come out in the order in which the jobs went in.
//
//   OrderedPool<Report> pool(8, {128, 2'048}, [&](Report report) { Show(report); });
//   for (...) pool.Submit("case 7", [&] { return Handle(...); });
//   pool.Finish();
//
// Jobs with the same key run one after the other, in their order; those without a key have no order among themselves.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sallyport {

struct PoolBounds {
  // Jobs that have not begun.
  std::size_t waiting = 1;
  // Jobs of all sorts whose results have not been taken. Much larger than `waiting`, so that one job that takes seconds
  // does not stop the others: their results wait for it, they do not.
  std::size_t not_taken = 1;
};

// One thread submits and finishes. `take` gets each result once, by one thread at a time, in the order of submission;
// it may be called on any of the pool's threads. Jobs must not throw.
template <class Result>
class OrderedPool {
 public:
  using Job = std::function<Result()>;
  using Take = std::function<void(Result)>;

  // Bounds below 1 are 1. One worker, or a machine that gives no thread: jobs run where they are submitted.
  OrderedPool(int workers, PoolBounds bounds, Take take)
      : most_waiting_(std::max<std::size_t>(bounds.waiting, 1)),
        most_not_taken_(std::max<std::size_t>(bounds.not_taken, 1)),
        take_(std::move(take)) {
    if (workers <= 1) return;
    for (int i = 0; i < workers; ++i) {
      try {
        threads_.emplace_back([this] { Run(); });
      } catch (const std::system_error&) {  // no more threads here: it goes on with those that there are
        break;
      }
    }
  }
  ~OrderedPool() { Finish(); }
  OrderedPool(const OrderedPool&) = delete;
  OrderedPool& operator=(const OrderedPool&) = delete;

  // Waits while a bound is reached.
  void Submit(std::string key, Job job) {
    if (threads_.empty()) return take_(job());
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return waiting_.size() < most_waiting_ && submitted_ - taken_ < most_not_taken_; });
    waiting_.push_back({submitted_++, std::move(key), std::move(job)});
    work_.notify_one();
  }

  // Waits for the end of all. Nothing may be submitted afterwards.
  void Finish() {
    {
      const std::lock_guard lock(mutex_);
      finished_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  std::size_t threads() const { return threads_.size(); }

 private:
  struct Waiting {
    std::size_t number = 0;
    std::string key;
    Job job;
  };

  // The first that waits and whose key is free.
  std::optional<Waiting> Next() {
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (!it->key.empty() && busy_.contains(it->key)) continue;
      Waiting next = std::move(*it);
      waiting_.erase(it);
      if (!next.key.empty()) busy_.insert(next.key);
      room_.notify_one();
      return next;
    }
    return std::nullopt;
  }

  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      auto next = Next();
      if (!next) {
        if (finished_ && waiting_.empty()) return;
        work_.wait(lock);
        continue;
      }
      lock.unlock();
      Result result = next->job();
      next->job = nullptr;
      lock.lock();
      if (!next->key.empty()) {
        busy_.erase(next->key);
        work_.notify_one();  // while this one hands out results, another may go on with the key
      }
      done_.emplace(next->number, std::move(result));
      HandOut(lock);
      // Whoever else is idle found nothing that may run, and nothing more has become free: they are woken for the end.
      if (finished_ && waiting_.empty()) work_.notify_all();
    }
  }

  // Whoever is at it hands out also what the others finish meanwhile.
  void HandOut(std::unique_lock<std::mutex>& lock) {
    if (handing_out_) return;
    handing_out_ = true;
    while (true) {
      auto next = done_.find(taken_);
      if (next == done_.end()) break;
      Result result = std::move(next->second);
      done_.erase(next);
      lock.unlock();
      take_(std::move(result));
      lock.lock();
      ++taken_;
      room_.notify_one();
    }
    handing_out_ = false;
  }

  const std::size_t most_waiting_;
  const std::size_t most_not_taken_;
  const Take take_;
  std::mutex mutex_;
  std::condition_variable work_;  // something waits, or the end
  std::condition_variable room_;
  std::deque<Waiting> waiting_;
  std::set<std::string> busy_;
  std::map<std::size_t, Result> done_;
  std::size_t submitted_ = 0;
  std::size_t taken_ = 0;
  bool handing_out_ = false;
  bool finished_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sallyport

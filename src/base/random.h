// SPDX-License-Identifier: Apache-2.0
//
// The Random seam: back-off jitter and ids. Never for anything that must be unguessable.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>

namespace sallyport {

class Random {
 public:
  virtual ~Random() = default;
  // Uniform in [0, 1). Thread-safe.
  virtual double Uniform() = 0;
};

class SystemRandom final : public Random {
 public:
  SystemRandom() : engine_(std::random_device{}()) {}
  double Uniform() override {
    const std::lock_guard lock(mutex_);
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine_);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace sallyport

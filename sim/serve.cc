// SPDX-License-Identifier: Apache-2.0
#include "sim/serve.h"

#include <pthread.h>
#include <unistd.h>

#include <cstdint>
#include <iostream>

#include "base/json.h"

namespace sallyport::sim {

EndingSignals::EndingSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void EndingSignals::Wait() const {
  int signal = 0;
  sigwait(&signals_, &signal);
}

void SayReady(const std::string& url) {
  JsonWriter ready;
  ready.BeginObject().Member("url", url).Member("pid", std::int64_t{getpid()}).EndObject();
  std::cout << ready.text() << std::endl;  // NOLINT(performance-avoid-endl): whoever reads this waits for the line
}

}  // namespace sallyport::sim

// SPDX-License-Identifier: Apache-2.0
#include "app/demo_world.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "sim/swp_manager.h"

namespace sallyport {
namespace {

constexpr Duration kDemoScan = std::chrono::minutes(2);

// The program lives in the simulators' time: what it would wait for passes at once.
class DemoClock final : public Clock {
 public:
  explicit DemoClock(sim::SimClock& simulated) : simulated_(simulated) {}
  TimePoint Now() const override { return simulated_.Now(); }
  std::chrono::steady_clock::time_point Monotonic() const override { return real_.Monotonic(); }
  void SleepFor(Duration duration) override { simulated_.Advance(duration); }

 private:
  sim::SimClock& simulated_;
  const SystemClock real_;
};

// All of it but pages, which stay; without one the folder goes too.
void RemoveFolder(const std::string& path) {
  std::error_code error;
  std::vector<std::filesystem::path> others;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.path().extension() != ".html") others.push_back(entry.path());
  }
  for (const auto& other : others) std::filesystem::remove_all(other, error);
  std::filesystem::remove(path, error);  // fails when a page is in it
}

// A folder of its own under the system's temporary folder. Unless it is kept nothing but a page of it is left behind,
// however the program ends (Ctrl-C too): a child process waits for that and removes the rest. Made before there are
// threads.
class DemoFolder {
 public:
  explicit DemoFolder(bool keep) : path_(Make()) {
    std::array<int, 2> ends{};
    if (keep || path_.empty() || pipe2(ends.data(), O_CLOEXEC) != 0) return;
    cleaner_ = fork();
    if (cleaner_ == 0) CleanWhenOver(ends, path_);
    close(ends[0]);
    lives_ = ends[1];
  }
  DemoFolder(const DemoFolder&) = delete;
  DemoFolder& operator=(const DemoFolder&) = delete;
  ~DemoFolder() {
    if (lives_ < 0) return;
    close(lives_);
    if (cleaner_ < 0) RemoveFolder(path_);
    while (cleaner_ > 0 && waitpid(cleaner_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  const std::string& path() const { return path_; }

 private:
  static std::string Make() {
    std::error_code error;
    std::string pattern = std::filesystem::temp_directory_path(error).string() + "/sallyport-demo-XXXXXX";
    return ::mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
  }

  // In the child: the other end closes when the program ends, whatever ended it.
  [[noreturn]] static void CleanWhenOver(const std::array<int, 2>& ends, const std::string& path) {
    // Ctrl-C goes to every process of the terminal.
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(number, SIG_IGN);
    close(ends[1]);
    char none = 0;
    while (read(ends[0], &none, 1) < 0 && errno == EINTR) {
    }
    RemoveFolder(path);
    _exit(0);
  }

  const std::string path_;
  pid_t cleaner_ = -1;
  int lives_ = -1;  // open as long as the program is there
};

// Nothing of the machine's own: the keys of the simulated AWS, and its address.
aws::Environment EnvironmentOfDemo(const std::string& url) {
  aws::Environment environment;
  environment.variable = [url](const std::string& name) -> std::string {
    if (name == "AWS_ENDPOINT_URL") return url;
    if (name == "AWS_REGION") return "us-east-1";
    if (name == "AWS_ACCESS_KEY_ID") return "AKIAIOSFODNN7EXAMPLE";
    if (name == "AWS_SECRET_ACCESS_KEY") return "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    return "";
  };
  environment.file = [](const std::string& path) -> Result<std::string> {
    return Error{ErrorCode::kNotFound, "`" + path + "`: the demo has no files", ""};
  };
  environment.output = [](const std::string&) -> Result<Secret> {
    return Error{ErrorCode::kUnavailable, "the demo runs no programs", ""};
  };
  return environment;
}

class SimulatedWorld final : public DemoWorld {
 public:
  explicit SimulatedWorld(bool keep) : folder_(keep), simulated_(real_.Now(), kSpeed, real_), clock_(simulated_) {}

  Status StartAll() {
    if (folder_.path().empty()) return Error{ErrorCode::kStorage, "no temporary folder can be made", ""};
    sim::SwpManagerOptions options;
    options.clock = &simulated_;
    options.scan_duration = kDemoScan;
    auto manager = sim::SwpManager::Start(sim::DemoSwpEstate(), options);
    if (!manager.ok()) return manager.error();
    manager_ = *std::move(manager);
    aws_sim::SimulatorOptions aws_options;
    aws_options.clock = &simulated_;
    auto simulator = aws_sim::Simulator::Start(aws_sim::DemoAwsEstate(), aws_options);
    if (!simulator.ok()) return simulator.error();
    aws_ = *std::move(simulator);
    return Ok();
  }

  Clock& clock() override { return clock_; }
  std::string swp_url() const override { return manager_->url(); }
  std::string aws_url() const override { return aws_->url(); }
  const std::string& folder() const override { return folder_.path(); }

 private:
  static constexpr double kSpeed = 1;  // of the simulators' time; what the program waits for is skipped

  const SystemClock real_;
  DemoFolder folder_;
  sim::SimClock simulated_;
  DemoClock clock_;
  std::unique_ptr<sim::SwpManager> manager_;
  std::unique_ptr<aws_sim::Simulator> aws_;
};

}  // namespace

Result<std::unique_ptr<DemoWorld>> DemoWorld::Start(bool keep) {
  auto world = std::make_unique<SimulatedWorld>(keep);
  if (const Status started = world->StartAll(); !started.ok()) return started.error();
  return std::unique_ptr<DemoWorld>(std::move(world));
}

Settings DemoWorld::MakeSettings() const {
  Settings settings;
  settings.swp.url = swp_url();
  settings.swp.api_key = Secret("SIM-KEY-FULL");
  settings.swp.api_key_source = "the demo";
  settings.gates = DefaultGates(KindsOf(ProductActions()));
  settings.gates.mode = Mode::kEnforce;
  settings.ledger.path = folder() + "/ledger.db";
  settings.log.level = LogLevel::kError;
  return settings;
}

ProgramOptions DemoWorld::MakeOptions() {
  ProgramOptions options;
  options.clock = &clock();
  options.aws_environment = [url = aws_url()] { return EnvironmentOfDemo(url); };
  options.show_messages = true;
  return options;
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "sim/lambda_run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/json.h"
#include "sim/lambda_process.h"
#include "sim/lambda_runtime.h"

namespace sallyport::sim {
namespace {

using std::chrono::steady_clock;

constexpr Duration kStartLimit{10'000};  // Lambda's own for the start-up phase
constexpr Duration kPollLimit{60'000};   // after an answer; a sanitizer build on a busy machine is slow

struct LambdaRunArguments {
  int port = 0;
  std::string time_limit = "3s";  // Lambda's default
  std::vector<std::string> faults;
  std::vector<std::string> files;
  std::vector<std::string> command;  // empty: somebody else starts the runtime
};

void DefineLambdaOptions(CLI::App& app, LambdaRunArguments& arguments) {
  app.add_option("--port", arguments.port, "port on 127.0.0.1; 0 = any free one")->check(CLI::Range(0, 65535));
  app.add_option("--time-limit", arguments.time_limit, "of one invocation, then the process is killed: 3s, 15m");
  app.add_option("--fault", arguments.faults,
                 "CALL=STATUS: the next such call (next, response, error, init-error) is answered with that status "
                 "instead, or cut off when it is 0; may be repeated")
      ->allow_extra_args(false);
  app.add_option("EVENT", arguments.files, "files whose bytes are the events, one invocation each")->required();
  app.footer(
      "Prints one line of JSON for the start of each process, each invocation and each end of a process.\n"
      "Example: lambda_simulator --time-limit 10s event.json -- ./bootstrap\n"
      "Without `-- PROGRAM` it waits for a runtime that somebody else starts with AWS_LAMBDA_RUNTIME_API.");
}

std::optional<LambdaFault> ReadFault(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  const std::string call = text.substr(0, equals);
  LambdaFault fault;
  fault.status = std::atoi(text.c_str() + equals + 1);
  if (call == "next") return fault;
  fault.call = LambdaFault::Call::kResponse;
  if (call == "response") return fault;
  fault.call = LambdaFault::Call::kError;
  if (call == "error") return fault;
  fault.call = LambdaFault::Call::kInitError;
  return call == "init-error" ? std::optional(fault) : std::nullopt;
}

void PrintLine(JsonWriter& line) {
  std::cout << line.Take() << std::endl;  // NOLINT(performance-avoid-endl): whoever reads this waits for the line
}

class LambdaRun {
 public:
  LambdaRun(LambdaRuntime& runtime, LambdaRunArguments arguments, Duration time_limit)
      : runtime_(runtime), arguments_(std::move(arguments)), time_limit_(time_limit) {}

  int All() {
    JsonWriter line;
    PrintLine(line.BeginObject().Member("address", runtime_.address()).EndObject());
    for (const std::string& file : arguments_.files) {
      std::ifstream stream(file, std::ios::binary);
      if (!stream) return Complain("cannot read `" + file + "`");
      const std::string event{std::istreambuf_iterator<char>(stream), {}};
      if (!EnsureStarted()) return 1;
      One(file, event);
    }
    if (process_ != nullptr) End();
    return 0;
  }

 private:
  static int Complain(const std::string& what) {
    std::cerr << "lambda_simulator: " << what << '\n';
    return 1;
  }

  bool EnsureStarted() {
    if (arguments_.command.empty()) {
      runtime_.WaitForStart(kPollLimit);
      return true;
    }
    if (process_ != nullptr) return true;
    auto process = LambdaProcess::Start(arguments_.command, runtime_);
    if (!process.ok()) {
      Complain(process.error().ToText());
      return false;
    }
    process_ = std::move(process).value();
    const bool started = runtime_.WaitForStart(kStartLimit);
    const auto poll = runtime_.FirstPoll();
    JsonWriter line;
    line.BeginObject().Member("start", started && poll.has_value());
    if (poll) line.Member("first_poll_us", Microseconds(*poll - process_->started()));
    PrintLine(line.Member("peak_kib", process_->PeakMemory()).EndObject());
    return true;
  }

  void One(const std::string& file, const std::string& event) {
    const LambdaOutcome outcome = runtime_.Invoke(event, time_limit_);
    const auto ended = steady_clock::now();
    const bool killed = outcome.kind == LambdaOutcome::Kind::kTimeout;
    if (!killed) runtime_.WaitForPoll(kPollLimit);
    JsonWriter line;
    line.BeginObject()
        .Member("event", file)
        .Member("kind", ToString(outcome.kind))
        .Member("request_id", outcome.request_id)
        .Member("body", outcome.body)
        .Member("error_type", outcome.error_type)
        .Member("took_ms", outcome.took.count());
    if (process_ != nullptr) {
      line.Member("since_start_us", Microseconds(ended - process_->started()))
          .Member("peak_kib", process_->PeakMemory());
    }
    PrintLine(line.EndObject());
    // The real one kills the process at the deadline, and starts a new one for what comes after an end.
    if (process_ != nullptr && (killed || runtime_.HasExited())) End();
  }

  void End() {
    JsonWriter line;
    const int code = process_->End();
    process_.reset();
    PrintLine(line.BeginObject().Member("exit", code).EndObject());
  }

  static std::int64_t Microseconds(steady_clock::duration duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  }

  LambdaRuntime& runtime_;
  const LambdaRunArguments arguments_;
  const Duration time_limit_;
  std::unique_ptr<LambdaProcess> process_;
};

int Start(const LambdaRunArguments& arguments) {
  const auto time_limit = ParseDuration(arguments.time_limit);
  if (!time_limit || *time_limit <= Duration{0}) {
    std::cerr << "lambda_simulator: --time-limit: `" << arguments.time_limit << "` is not a time like 3s or 15m\n";
    return 2;
  }
  auto runtime = LambdaRuntime::Start(arguments.port);
  if (!runtime.ok()) {
    std::cerr << "lambda_simulator: " << runtime.error().ToText() << '\n';
    return 1;
  }
  for (const std::string& text : arguments.faults) {
    const auto fault = ReadFault(text);
    if (!fault) {
      std::cerr << "lambda_simulator: --fault: `" << text << "` is not like response=413\n";
      return 2;
    }
    (*runtime)->AddFault(*fault);
  }
  return LambdaRun(**runtime, arguments, *time_limit).All();
}

}  // namespace

int RunLambdaSimulator(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  char** const end = argv + argc;
  char** const split = std::find_if(argv, end, [](const char* word) { return std::string_view(word) == "--"; });
  LambdaRunArguments arguments;
  CLI::App app("Simulates the Lambda runtime API for a custom runtime", "lambda_simulator");
  DefineLambdaOptions(app, arguments);
  try {
    app.parse(static_cast<int>(split - argv), argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (split != end) arguments.command.assign(split + 1, end);
  return Start(arguments);
}

}  // namespace sallyport::sim

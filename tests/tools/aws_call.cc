// SPDX-License-Identifier: Apache-2.0
//
// For tests: the typed AWS client as a program. It is not shipped.
//
//   aws_call list                                            every operation that the client has
//   aws_call call ec2 DescribeInstances '{"MaxResults":5}'   the answer as JSON, or the error; exit code 1 on an error
//   aws_call batch < lines                                   {"service","operation","input"} a line, one answer a line
//   aws_call sweep ec2 DescribeInstances '{...}' --calls 1000 --concurrency 32     many at a time, and what it took
//   aws_call whoami                                          the credentials chain, and who that is
//
// Credentials, region and endpoints come from the environment as in the SDKs. --capture FILE writes each request as a
// JSON line (method, url, headers, body).
#include <dirent.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>

#include "aws_api/sts.h"
#include "aws_client/chain.h"
#include "aws_client/client.h"
#include "aws_client/fan_out.h"
#include "net/curl_client.h"
#include "tools/aws_operations.h"

namespace sallyport::aws {
namespace {

struct Arguments {
  std::string region;
  std::string account;
  std::string home_account;
  std::string role_name;
  std::string external_id;
  std::string capture;
  std::string service;
  std::string operation;
  std::string input = "{}";
  std::vector<std::string> regions;
  int calls = 100;
  int concurrency = 16;
  int attempts = 3;
  int until_ms = 0;
  int deadline_ms = 30'000;
  bool one_page = false;
  bool no_throttle = false;
};

// Writes down what is sent, and counts what comes back.
class RecordingClient final : public HttpClient {
 public:
  RecordingClient(HttpClient& inner, const std::string& file) : inner_(inner) {
    if (!file.empty()) file_.open(file, std::ios::app);
  }

  Result<HttpResponse> Send(const HttpRequest& request) override {
    if (file_.is_open()) Record(request);
    Result<HttpResponse> answer = inner_.Send(request);
    ++sent;
    if (!answer.ok()) {
      ++unanswered;
    } else if (answer->status == 429 || answer->status == 503 ||
               (answer->status == 400 && answer->body.find("hrottl") != std::string::npos)) {
      ++throttled;
    }
    return answer;
  }

  std::atomic<int> sent{0};
  std::atomic<int> unanswered{0};
  std::atomic<int> throttled{0};

 private:
  void Record(const HttpRequest& request) {
    JsonWriter line;
    line.BeginObject().Member("method", request.method).Member("url", request.url).Member("body", request.body);
    line.Key("headers").BeginObject();
    for (const HttpHeader& header : request.headers) line.Member(header.name, header.value);
    for (const auto& [name, value] : request.secret_headers) line.Member(name, value.RevealForRequest());
    line.EndObject().EndObject();
    const std::lock_guard lock(mutex_);
    file_ << line.Take() << std::endl;
  }

  HttpClient& inner_;
  std::mutex mutex_;
  std::ofstream file_;
};

// Everything of the client, wired as the program would.
class Wiring {
 public:
  explicit Wiring(const Arguments& arguments)
      : log_(clock_, LogLevel::kWarning, WriteToStandardError),
        curl_(CurlWith(arguments)),
        metadata_(MetadataCurl()),
        http_(curl_, arguments.capture),
        environment_(SystemEnvironment()),
        configuration_(ReadConfiguration(environment_)),
        settings_(configuration_.ok() ? *configuration_ : Configuration{}),
        rates_(clock_),
        chain_({http_, metadata_, clock_, random_, log_, rates_, environment_, settings_}),
        base_(chain_, clock_, random_, log_),
        sts_(http_, base_, rates_, clock_, random_, log_, {settings_.endpoints}),
        accounts_(base_, sts_, clock_, random_, log_, RolesWith(arguments)),
        client_(http_, accounts_, rates_, clock_, random_, log_, OptionsWith(arguments)) {}

  Status status() const { return configuration_.ok() ? Ok() : Status(configuration_.error()); }
  Aws At(const Arguments& arguments) {
    CallOptions options;
    options.deadline = Duration{arguments.deadline_ms};
    return {client_, {arguments.account, arguments.region.empty() ? settings_.region : arguments.region}, options};
  }
  RecordingClient& http() { return http_; }
  Clock& clock() { return clock_; }

 private:
  static CurlOptions CurlWith(const Arguments& arguments) {
    CurlOptions options;
    options.user_agent = "sallyport-test";
    options.idle_handles = static_cast<std::size_t>(std::max(arguments.concurrency, 1));
    return options;
  }
  static CurlOptions MetadataCurl() {
    CurlOptions options;
    options.direct = true;
    options.connect_timeout = Duration{1000};
    return options;
  }
  AccountRoles RolesWith(const Arguments& arguments) const {
    AccountRoles roles;
    roles.home_account = arguments.home_account;
    roles.role_name = arguments.role_name;
    roles.external_id = arguments.external_id;
    roles.session_name = "sallyport-test";
    roles.region = settings_.region;
    return roles;
  }
  ClientOptions OptionsWith(const Arguments& arguments) const {
    ClientOptions options;
    options.endpoints = settings_.endpoints;
    options.attempts = arguments.attempts;
    return options;
  }

  SystemClock clock_;
  SystemRandom random_;
  Logger log_;
  CurlClient curl_;
  CurlClient metadata_;
  RecordingClient http_;
  Environment environment_;
  Result<Configuration> configuration_;
  Configuration settings_;
  RateLimiter rates_;
  CredentialsChain chain_;
  CachedCredentials base_;
  Client sts_;
  AccountCredentials accounts_;
  Client client_;
};

std::string Shown(const Error& error) {
  JsonWriter out;
  out.BeginObject().Member("code", std::string(ToString(error.code))).Member("message", error.message);
  out.Member("advice", error.advice);
  if (error.origin) {
    const ErrorOrigin& origin = *error.origin;
    out.Member("service", origin.service).Member("operation", origin.operation).Member("account", origin.account);
    out.Member("region", origin.region).Member("request_id", origin.request_id).Member("aws_code", origin.code);
    out.Member("missing_action", origin.missing_action);
  }
  return out.EndObject().Take();
}

std::string Shown(const Result<std::string>& answer) {
  JsonWriter out;
  out.BeginObject().Member("ok", answer.ok());
  out.Key(answer.ok() ? "answer" : "error").Raw(answer.ok() ? *answer : Shown(answer.error()));
  return out.EndObject().Take();
}

Result<std::string> CallNamed(const Aws& aws, const std::string& service, const std::string& name, const Json& input,
                              bool one_page) {
  const NamedOperation* operation = FindOperation(service, name);
  if (operation == nullptr) return Error{ErrorCode::kInvalidInput, "no operation `" + service + " " + name + "`", ""};
  return operation->call(aws, input, one_page ? Pages::kOne : Pages::kAll);
}

int List() {
  for (const NamedOperation& named : AllOperations()) {
    const Operation& operation = *named.operation;
    std::cout << operation.service.name << ' ' << operation.name << (operation.page_token != nullptr ? " paged" : "")
              << '\n';
  }
  return 0;
}

int CallOne(const Arguments& arguments) {
  const auto input = Json::Parse(arguments.input);
  if (!input.ok()) {
    std::fprintf(stderr, "the input: %s\n", input.error().ToText().c_str());
    return 2;
  }
  Wiring wiring(arguments);
  if (!wiring.status().ok()) {
    std::printf("%s\n", Shown(Result<std::string>(wiring.status().error())).c_str());
    return 1;
  }
  const auto answer =
      CallNamed(wiring.At(arguments), arguments.service, arguments.operation, *input, arguments.one_page);
  std::printf("%s\n", Shown(answer).c_str());
  return answer.ok() ? 0 : 1;
}

int RunBatch(const Arguments& arguments) {
  Wiring wiring(arguments);
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto row = Json::Parse(line);
    Result<std::string> answer = Error{ErrorCode::kInvalidInput, "the line is not JSON", ""};
    if (!wiring.status().ok()) {
      answer = wiring.status().error();
    } else if (row.ok()) {
      Arguments own = arguments;
      own.region = (*row)["region"].StringOr(arguments.region);
      own.account = (*row)["account"].StringOr(arguments.account);
      const auto input = (*row)["input"].HasValue() ? (*row)["input"].AsDocument() : *Json::Parse("{}");
      answer = CallNamed(wiring.At(own), (*row)["service"].StringOr(""), (*row)["operation"].StringOr(""), input,
                         (*row)["one_page"].BoolOr(arguments.one_page));
    }
    std::printf("%s\n", Shown(answer).c_str());
    std::fflush(stdout);
  }
  return 0;
}

std::int64_t PeakKilobytes() {
  std::ifstream file("/proc/self/status");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("VmHWM:")) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

int OpenFiles() {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count - 3;  // `.`, `..`, and the folder itself
}

int Sweep(const Arguments& arguments) {
  const auto input = Json::Parse(arguments.input);
  Wiring wiring(arguments);
  if (!input.ok() || !wiring.status().ok()) return 2;
  std::vector<std::string> regions = arguments.regions;
  if (regions.empty()) regions.push_back(wiring.At(arguments).place().region);
  std::vector<std::string> items;
  items.reserve(static_cast<std::size_t>(std::max(arguments.calls, 0)));
  for (int i = 0; i < arguments.calls; ++i) items.push_back(regions[static_cast<std::size_t>(i) % regions.size()]);

  FanOutOptions options;
  options.concurrency = arguments.concurrency;
  const auto start = std::chrono::steady_clock::now();
  Aws aws = wiring.At(arguments);
  if (arguments.until_ms > 0) {
    options.until = start + Duration{arguments.until_ms};
    aws = aws.With({Duration{arguments.deadline_ms}, options.until});
  }
  const auto answers = FanOut<std::string>(
      wiring.clock(), options, items, [](const std::string& region) { return region; },
      [&](const std::string& region) {
        return CallNamed(aws.In(region), arguments.service, arguments.operation, *input, arguments.one_page);
      });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  JsonWriter out;
  out.BeginObject().Member("calls", arguments.calls).Key("seconds").Double(took.count());
  out.Member("requests", wiring.http().sent.load()).Member("throttled", wiring.http().throttled.load());
  out.Member("unanswered", wiring.http().unanswered.load());
  out.Member("failed", static_cast<std::int64_t>(answers.failed));
  out.Member("missing", static_cast<std::int64_t>(answers.missing));
  out.Member("peak_kb", PeakKilobytes()).Member("open_files", OpenFiles());
  for (const auto& answer : answers.items) {
    if (answer.ok()) continue;
    out.Key("first_error").Raw(Shown(answer.error()));
    break;
  }
  std::printf("%s\n", out.EndObject().Take().c_str());
  return answers.complete() ? 0 : 1;
}

int WhoAmI(const Arguments& arguments) {
  Arguments own = arguments;
  own.service = "sts";
  own.operation = "GetCallerIdentity";
  return CallOne(own);
}

}  // namespace

int Main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("the typed AWS client, for tests");
  app.add_option("--region", arguments.region);
  app.add_option("--account", arguments.account, "call with a role of this account");
  app.add_option("--home-account", arguments.home_account, "the account of our own credentials");
  app.add_option("--role-name", arguments.role_name);
  app.add_option("--external-id", arguments.external_id);
  app.add_option("--capture", arguments.capture, "append each request to this file");
  app.add_option("--attempts", arguments.attempts);
  app.add_option("--deadline-ms", arguments.deadline_ms, "of one call");
  app.add_flag("--one-page", arguments.one_page, "of a listing only the first page");
  app.require_subcommand(1);
  app.fallthrough();
  int code = 0;
  app.add_subcommand("list")->callback([&] { code = List(); });
  app.add_subcommand("whoami")->callback([&] { code = WhoAmI(arguments); });
  app.add_subcommand("batch")->callback([&] { code = RunBatch(arguments); });
  const auto add_call = [&](CLI::App* command) {
    command->add_option("service", arguments.service)->required();
    command->add_option("operation", arguments.operation)->required();
    command->add_option("input", arguments.input);
    return command;
  };
  add_call(app.add_subcommand("call"))->callback([&] { code = CallOne(arguments); });
  CLI::App* sweep = add_call(app.add_subcommand("sweep"));
  sweep->add_option("--calls", arguments.calls);
  sweep->add_option("--concurrency", arguments.concurrency);
  sweep->add_option("--regions", arguments.regions)->delimiter(',');
  sweep->add_option("--until-ms", arguments.until_ms, "begin no call after this time");
  sweep->callback([&] { code = Sweep(arguments); });
  CLI11_PARSE(app, argc, argv);
  return code;
}

}  // namespace sallyport::aws

int main(int argc, char** argv) {
  try {
    return sallyport::aws::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "sim/serve.h"

#include <pthread.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>
#include <type_traits>

#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport::sim {
namespace {

// SIGINT and SIGTERM, blocked for this thread and those it starts, so that only Wait() gets them.
class EndingSignals {
 public:
  EndingSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  void Wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
  }

 private:
  sigset_t signals_;
};

void DefineCommon(CLI::App& app, std::string_view generated, ServeArguments& arguments) {
  app.add_option("--port", arguments.port, "port on 127.0.0.1; 0 = any free one")->check(CLI::Range(0, 65535));
  app.add_option("--estate", arguments.estate_file, "estate file; without it the demonstration estate");
  app.add_option("--generate", arguments.generate, "make up so many " + std::string(generated) + " instead")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", arguments.seed, "of --generate");
  app.add_option("--speed", arguments.speed, "simulated seconds per second; 0 = only /_sim/advance moves time")
      ->check(CLI::Range(0.0, 1e6));
}

CLI::Option* AddOption(CLI::App& app, const ServeOption& option) {
  const std::string name(option.name);
  const std::string about(option.about);
  return std::visit(
      [&](auto* into) {
        if constexpr (std::is_same_v<decltype(into), bool*>) return app.add_flag(name, *into, about);
        return app.add_option(name, *into, about);
      },
      option.into);
}

void DefineOwn(CLI::App& app, const std::vector<ServeOption>& options) {
  for (const ServeOption& option : options) {
    CLI::Option* added = AddOption(app, option);
    if (option.range) added->check(CLI::Range(option.range->least, option.range->most));
    if (!option.one_of.empty()) added->check(CLI::IsMember(option.one_of));
  }
  for (const ServeOption& option : options) {
    if (!option.needs.empty()) app.get_option(std::string(option.name))->needs(std::string(option.needs));
  }
}

int Complain(const ServeCommand& command, const Error& error) {
  std::cerr << command.name << ": " << error.ToText() << '\n';
  return 1;
}

void SayReady(const std::string& url) {
  JsonWriter ready;
  ready.BeginObject().Member("url", url).Member("pid", std::int64_t{getpid()}).EndObject();
  std::cout << ready.text() << std::endl;  // NOLINT(performance-avoid-endl): whoever reads this waits for the line
}

}  // namespace

int Serve(int argc, const char* const* argv, const ServeCommand& command) {
  CLI::App app{std::string(command.about)};
  ServeArguments arguments;
  try {
    DefineCommon(app, command.generated, arguments);
    DefineOwn(app, command.options);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  } catch (const std::exception& failed) {
    return Complain(command, {ErrorCode::kInternal, failed.what(), ""});
  }
  const EndingSignals ending;
  SystemClock real;
  SimClock clock(real.Now(), arguments.speed, real);
  const auto served = command.start(arguments, clock);
  if (!served) return Complain(command, served.error());
  SayReady(served->url);
  ending.Wait();
  return 0;
}

Result<std::string> ReadEstateFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return Error{ErrorCode::kNotFound, "cannot read estate file `" + Printable(path, 200) + "`", ""};
  if (text.str().size() <= bounds::kInputFileBytes) return text.str();
  return Error{ErrorCode::kTooLarge, "estate file `" + Printable(path, 200) + "` is too large", ""};
}

}  // namespace sallyport::sim

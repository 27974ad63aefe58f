// SPDX-License-Identifier: Apache-2.0
//
// Structured log: one JSON object per line, written at once. Not a global: whoever logs is given a Logger.
//
//   log.Info("scan requested", {{"computer", 34}, {"kind", "scan-for-recommendations"}});
//
// There is no field type for Secret, so a secret cannot be logged by mistake; payloads are not logged by custom.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

struct LogField {
  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;

  LogField(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, int v) : name(n), value(std::int64_t{v}) {}
  LogField(std::string_view n, std::int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, std::size_t v) : name(n), value(static_cast<std::int64_t>(v)) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, const Secret&) : name(n), value(std::string(Secret::kShown)) {}
};

// Thread-safe when its sink is; AddContext is for the one thread that the logger belongs to.
class Logger {
 public:
  using Sink = std::function<void(std::string_view line)>;  // one whole line, with its line end

  Logger(const Clock& clock, LogLevel lowest, Sink sink) : clock_(clock), lowest_(lowest), sink_(std::move(sink)) {}
  // A logger for one piece of work: the same sink and level, and a context of its own behind the parent's.
  static Logger For(const Logger& parent) {
    return Logger(parent.clock_, parent.lowest_, parent.sink_, parent.context_);
  }
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  // This field stands at the end of every later line.
  void AddContext(const LogField& field);

  void Debug(std::string_view message, std::initializer_list<LogField> fields = {});
  void Info(std::string_view message, std::initializer_list<LogField> fields = {});
  void Warning(std::string_view message, std::initializer_list<LogField> fields = {});
  void Failure(std::string_view message, const Error& error, std::initializer_list<LogField> fields = {});

 private:
  Logger(const Clock& clock, LogLevel lowest, Sink sink, std::string context)
      : clock_(clock), lowest_(lowest), sink_(std::move(sink)), context_(std::move(context)) {}
  void Write(LogLevel level, std::string_view message, const Error* error, std::initializer_list<LogField> fields);

  const Clock& clock_;
  LogLevel lowest_;
  Sink sink_;
  std::string context_;  // members of the line's object, each with a comma in front
};

// Writes to standard error, one write per line.
void WriteToStandardError(std::string_view line);

}  // namespace sallyport

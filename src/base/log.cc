// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <cstdio>

#include "base/json.h"

namespace sallyport {
namespace {

// Longer values are cut: a log line is for reading, and log services cut at 256 kB.
constexpr std::size_t kLongestValue = 2000;

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
    case LogLevel::kOff:
      break;
  }
  return "error";
}

void WriteValue(JsonWriter& out, const LogField& field) {
  out.Key(field.name);
  struct Writer {
    JsonWriter& out;
    void operator()(const std::string& text) const { out.String(std::string_view(text).substr(0, kLongestValue)); }
    void operator()(std::int64_t whole) const { out.Int(whole); }
    void operator()(double number) const { out.Double(number); }
    void operator()(bool yes) const { out.Bool(yes); }
  };
  std::visit(Writer{out}, field.value);
}

}  // namespace

void Logger::AddContext(const LogField& field) {
  JsonWriter out;
  out.BeginObject();
  WriteValue(out, field);
  std::string object = out.EndObject().Take();
  context_ += "," + object.substr(1, object.size() - 2);
}

void Logger::Debug(std::string_view message, std::initializer_list<LogField> fields) {
  Write(LogLevel::kDebug, message, nullptr, fields);
}
void Logger::Info(std::string_view message, std::initializer_list<LogField> fields) {
  Write(LogLevel::kInfo, message, nullptr, fields);
}
void Logger::Warning(std::string_view message, std::initializer_list<LogField> fields) {
  Write(LogLevel::kWarning, message, nullptr, fields);
}
void Logger::Failure(std::string_view message, const Error& error, std::initializer_list<LogField> fields) {
  Write(LogLevel::kError, message, &error, fields);
}

void Logger::Write(LogLevel level, std::string_view message, const Error* error,
                   std::initializer_list<LogField> fields) {
  if (level < lowest_) return;
  JsonWriter out;
  out.BeginObject();
  out.Member("time", FormatTime(clock_.Now())).Member("level", LevelName(level)).Member("message", message);
  if (error != nullptr) {
    out.Member("error", ToString(error->code)).Member("reason", error->message);
    if (!error->advice.empty()) out.Member("advice", error->advice);
  }
  for (const LogField& field : fields) WriteValue(out, field);
  std::string line = out.EndObject().Take();
  line.insert(line.size() - 1, context_);
  sink_(line + "\n");
}

void WriteToStandardError(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "base/own_json.h"

namespace sallyport {
namespace {

constexpr std::string_view kAnothersDocument = "content";

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

void WriteWithNames(JsonWriter& out, const Json& json) {
  if (json.IsArray()) {
    out.BeginArray();
    for (const Json& element : json.Elements()) WriteWithNames(out, element);
    out.EndArray();
  } else if (json.IsObject()) {
    out.BeginObject();
    for (const Json::Member& member : json.Members()) {
      const std::string name = SnakeCase(member.key);
      if (name != member.key && !json[name].IsMissing()) continue;  // a damaged file's: today's name counts
      out.Key(name);
      if (member.key == kAnothersDocument) {
        out.Raw(member.value.ToText());
      } else {
        WriteWithNames(out, member.value);
      }
    }
    out.EndObject();
  } else {
    out.Raw(json.ToText());
  }
}

}  // namespace

std::string SnakeCase(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (IsUpper(c) && !text.empty() && text.back() != '_') text += '_';
    text += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

Json WithSnakeCaseNames(const Json& json) {
  if (json.IsMissing()) return json;
  JsonWriter out;
  WriteWithNames(out, json);
  const std::string text = out.Take();
  auto made = Json::Parse(text, text.size());
  // Two names that become one are none of ours: it stays as it is.
  return made.ok() ? *std::move(made) : json;
}

Status CheckFormat(const Json& format, std::int64_t known, std::string_view what) {
  const auto number = format.HasValue() ? format.AsInt64() : Result<std::int64_t>(1);
  if (!number.ok()) return number.error();
  if (*number >= 1 && *number <= known) return Ok();
  return Error{ErrorCode::kInvalidInput,
               std::string(what) + " in format " + std::to_string(*number) + "; this release reads 1 to " +
                   std::to_string(known),
               "use the release that wrote it, or a newer one"};
}

Result<Json> InTodaysNames(const Json& json, std::int64_t named, std::int64_t known, std::string_view what) {
  if (Status good = CheckFormat(json["format"], known, what); !good.ok()) return good.error();
  return json["format"].Int64Or(1) >= named ? json : WithSnakeCaseNames(json);
}

}  // namespace sallyport

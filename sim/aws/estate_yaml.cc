// SPDX-License-Identifier: Apache-2.0
//
// YAML to JSON: quoted scalars are texts; plain ones are numbers, true, false or null when they look like it. A file of
// JSON is YAML too.
#include <yaml-cpp/yaml.h>

#include <charconv>

#include "base/text.h"
#include "sim/aws/estate.h"
#include "sim/serve.h"

namespace sallyport::aws_sim {
namespace {

constexpr int kMaxYamlDepth = 40;

// Thrown inside this file only.
struct YamlProblem {
  int line;
  std::string text;
};

json::value Plain(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto whole = std::from_chars(text.data(), end, number);
  if (whole.ec == std::errc() && whole.ptr == end) return number;
  double fraction = 0;
  const auto real = std::from_chars(text.data(), end, fraction);
  const bool digits = text.find_first_not_of("0123456789.-+eE") == std::string::npos;
  if (real.ec == std::errc() && real.ptr == end && digits) return fraction;
  return json::value(text);
}

json::value Convert(const YAML::Node& node, int depth) {
  if (depth > kMaxYamlDepth) throw YamlProblem{node.Mark().line + 1, "nested too deeply"};
  if (node.IsSequence()) {
    json::array list;
    for (const auto& element : node) list.push_back(Convert(element, depth + 1));
    return list;
  }
  if (node.IsMap()) {
    json::object object;
    for (const auto& member : node) {
      const auto key = member.first.Scalar();
      if (object.contains(key)) {
        throw YamlProblem{member.first.Mark().line + 1, "`" + Printable(key, 60) + "` is there twice"};
      }
      object[key] = Convert(member.second, depth + 1);
    }
    return object;
  }
  if (!node.IsScalar()) return nullptr;
  return node.Tag() == "!" ? json::value(node.Scalar()) : Plain(node.Scalar());
}

Error AwsEstateError(std::string_view file, int line, const std::string& text) {
  return {ErrorCode::kInvalidInput, std::string(file) + " line " + std::to_string(line) + ": " + text, ""};
}

}  // namespace

Result<World> ReadAwsEstate(std::string_view yaml, std::string_view file_name) {
  json::value estate;
  try {
    estate = Convert(YAML::Load(std::string(yaml)), 0);
  } catch (const YamlProblem& problem) {
    return AwsEstateError(file_name, problem.line, problem.text);
  } catch (const YAML::Exception& failed) {
    return AwsEstateError(file_name, failed.mark.line + 1, failed.msg);
  }
  if (!estate.is_object()) return AwsEstateError(file_name, 1, "expected names and values");
  auto world = BuildWorld(estate.get_object());
  if (!world) return world.error().In(file_name);
  return world;
}

Result<World> ReadAwsEstateFile(const std::string& path) {
  const auto text = sim::ReadEstateFile(path);
  if (!text) return text.error();
  return ReadAwsEstate(*text, path);
}

}  // namespace sallyport::aws_sim

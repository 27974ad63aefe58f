// SPDX-License-Identifier: Apache-2.0
#include "aws/profiles.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport::aws {
namespace {

constexpr std::size_t kFileBytes = std::size_t{1024} * 1024;
constexpr std::string_view kSpaces = " \t";

using Sections = std::map<std::string, ProfileSection>;

std::string_view WithoutComment(std::string_view line) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    const bool mark = line[i] == '#' || line[i] == ';';
    if (mark && kSpaces.find(line[i - 1]) != std::string_view::npos) return line.substr(0, i);
  }
  return line;
}

std::string_view Unquoted(std::string_view name) {
  name = Trim(name);
  const bool quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

// One file, section headings as they stand but for white space.
class IniReader {
 public:
  explicit IniReader(std::string_view file) : file_(file) {}

  Result<Sections> Read(std::string_view text) {
    if (text.size() > kFileBytes) {
      return Error{ErrorCode::kTooLarge, "the AWS " + std::string(file_) + " file is over 1 MB", ""};
    }
    while (!text.empty()) {
      ++line_;
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (Status status = Take(line); !status.ok()) return status.error();
    }
    return std::move(sections_);
  }

 private:
  Status Take(std::string_view line) {
    if (Trim(line).empty() || line.front() == '#' || line.front() == ';') return Ok();
    const bool indented = kSpaces.find(line.front()) != std::string_view::npos;
    const std::string_view text = Trim(WithoutComment(line));
    if (indented && section_ != nullptr && !key_.empty()) return TakeNested(text);
    if (text.front() == '[') return TakeHeading(text);
    return TakeKey(text);
  }

  Status TakeHeading(std::string_view text) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return Wrong("a section heading without `]`");
    const std::string_view inside = Trim(text.substr(1, end - 1));
    const std::size_t space = inside.find_first_of(kSpaces);
    std::string name(space == std::string_view::npos ? "" : inside.substr(0, space));
    name += name.empty() ? "" : " ";
    name += Unquoted(space == std::string_view::npos ? inside : inside.substr(space));
    section_ = &sections_[name];
    key_.clear();
    return Ok();
  }

  Status TakeKey(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return Wrong("neither a section heading nor `key = value`");
    if (section_ == nullptr) return Wrong("a key before the first section heading");
    key_ = ToLowerAscii(Trim(text.substr(0, equals)));
    (*section_)[key_] = Trim(text.substr(equals + 1));
    return Ok();
  }

  // Below `key =` stand keys of its own; below `key = value` the value goes on.
  Status TakeNested(std::string_view text) {
    std::string& outer = (*section_)[key_];
    const std::size_t equals = text.find('=');
    if (!outer.empty()) {
      outer.append("\n").append(text);
    } else if (equals == std::string_view::npos || equals == 0) {
      return Wrong("an indented line that is not `key = value`");
    } else {
      (*section_)[key_ + "." + ToLowerAscii(Trim(text.substr(0, equals)))] = Trim(text.substr(equals + 1));
    }
    return Ok();
  }

  Error Wrong(const std::string& what) const {
    return Error{ErrorCode::kInvalidInput,
                 "the AWS " + std::string(file_) + " file, line " + std::to_string(line_) + ": " + what, ""};
  }

  const std::string_view file_;
  Sections sections_;
  ProfileSection* section_ = nullptr;
  std::string key_;
  int line_ = 0;
};

void TakeConfig(Sections&& sections, Profiles& profiles) {
  constexpr std::string_view kProfile = "profile ";
  constexpr std::string_view kServices = "services ";
  for (auto& [heading, section] : sections) {
    const std::string_view name = heading;
    if (name.starts_with(kProfile)) {
      profiles.profiles[std::string(name.substr(kProfile.size()))] = std::move(section);
    } else if (name.starts_with(kServices)) {
      profiles.services[std::string(name.substr(kServices.size()))] = std::move(section);
    } else if (name == "default" && !sections.contains("profile default")) {
      profiles.profiles["default"] = std::move(section);
    }
  }
}

}  // namespace

Result<Profiles> ReadProfiles(std::string_view config, std::string_view credentials) {
  auto config_sections = IniReader("config").Read(config);
  if (!config_sections.ok()) return config_sections.error();
  auto credential_sections = IniReader("credentials").Read(credentials);
  if (!credential_sections.ok()) return credential_sections.error();
  Profiles profiles;
  TakeConfig(std::move(*config_sections), profiles);
  for (auto& [name, section] : *credential_sections) {
    for (auto& [key, value] : section) profiles.profiles[name][key] = std::move(value);
  }
  return profiles;
}

}  // namespace sallyport::aws

// SPDX-License-Identifier: Apache-2.0
#include "config/channel_secrets.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "config/file.h"

namespace sallyport {
namespace {

Result<Secret> Cleaned(std::string_view text, const std::string& where) {
  text = Trim(text);
  const auto wrong = [&](const char* why) { return Error{ErrorCode::kInvalidInput, where + " " + why, ""}; };
  if (text.empty()) return wrong("is empty");
  if (text.size() > kChannelSecretBytes) return wrong("is longer than 4096 bytes");
  const bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!visible) return wrong("holds a space, a line break or a character that is not visible ASCII");
  return Secret{std::string(text)};
}

Result<Secret> ReadSource(const SecretSource& source, const Environment& environment) {
  if (!source.given()) return Secret{};
  if (!source.file.empty()) {
    const auto bytes = ReadSmallFile(source.file, 2 * kChannelSecretBytes, FileHolds::kSecret);
    if (!bytes.ok()) return bytes.error();
    return Cleaned(*bytes, "file `" + Printable(source.file, 200) + "`");
  }
  const auto variable = environment.find(source.variable);
  const std::string name = "environment variable `" + source.variable + "`";
  if (variable == environment.end()) return Error{ErrorCode::kNotFound, name + " is not set", ""};
  return Cleaned(variable->second, name);
}

}  // namespace

Result<ChannelSecrets> ReadChannelSecrets(const ChannelSettings& channel, const Environment& environment) {
  ChannelSecrets secrets;
  const std::pair<const SecretSource*, Secret*> parts[] = {
      {&channel.url, &secrets.url}, {&channel.token, &secrets.token}, {&channel.secret, &secrets.secret}};
  for (const auto& [source, into] : parts) {
    auto secret = ReadSource(*source, environment);
    if (!secret.ok()) return secret.error().In("channel `" + channel.name + "`");
    *into = *std::move(secret);
  }
  return secrets;
}

}  // namespace sallyport

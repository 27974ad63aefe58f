// SPDX-License-Identifier: Apache-2.0
//
// YAML and environment -> Settings. The environment wins over the file, value by value; the file over the defaults.
//
// Everything that is wrong is said at once: the one Error has a line for each problem, like
//   sallyport.yaml:12: swp.deadline: `30` is not a duration; allowed: a number and ms, s, m, h or d, ... like `30s`
//   SALLYPORT_MODE: `enforced` is not one of them (did you mean `enforce`?); allowed: `observe` or `enforce`
// No message shows an API key, or an address with a user and password in it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/keys.h"
#include "config/settings.h"

namespace sallyport {

// Variables by name. An empty value counts as not set.
using Environment = std::map<std::string, std::string, std::less<>>;

// Of `NAME=value` texts with a null pointer at the end: `environ`.
Environment ReadEnvironment(const char* const* variables);

// Settings from `yaml_text` (none: no file) and `environment`, of a program that knows these kinds of actions and keys.
// Pure: the key file is named in `swp.api_key_file` and not read, and so is the owners' file. Error: kInvalidInput.
Result<Settings> LoadSettings(std::optional<std::string_view> yaml_text, std::string_view file_name,
                              const Environment& environment, const Vocabulary& known);

// The same from the first of these: `path` (the option --config; empty: not given), $SALLYPORT_CONFIG,
// ./sallyport.yaml if it exists, no file. Reads the key file too, unless the environment holds the key, and the owners'
// file. Errors: those of LoadSettings; kNotFound, kForbidden, kTooLarge, kStorage when the settings file cannot be
// read.
//
// An address or a key that is missing is no error here: not every command asks SWP. See CheckCanAskSwp.
Result<Settings> LoadSettingsFrom(const std::string& path, const Environment& environment, const Vocabulary& known);

// kInvalidInput, saying what to set, when there is no address or no key.
Status CheckCanAskSwp(const SwpSettings& settings);

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// The table of all settings: the one source of how they are called, read, checked and described. Errors, "did you
// mean" and the test of docs/settings.md come from it. A new setting is one row, one member in settings.h, and its line
// in docs/settings.md and docs/examples/sallyport.yaml (the tests say which). The settings of one workflow stand beside
// it (workflow/own_key.h).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "workflow/own_key.h"

namespace sallyport {

class Reading;

// What a program knows and its settings may name.
struct Vocabulary {
  ActionKinds kinds;
  std::vector<OwnKey> keys;  // of the rows of its workflow table
};

struct SettingsKey {
  std::string_view path;      // "swp.deadline"; empty: there is only the environment variable
  std::string_view variable;  // "SALLYPORT_MODE"; empty: only the file
  // Both as Filled completes them.
  std::string_view fallback;  // the default as it is written in YAML; empty: nothing
  std::string_view allowed;
  std::string_view meaning;
  void (*read)(Reading& reading);
  const OwnKey* own = nullptr;  // it belongs to a row of the workflow table; then `read` is nullptr
};

// Those of the program itself.
std::span<const SettingsKey> SettingsKeys();
// With those of the rows that a program has, which outlive the result.
std::vector<SettingsKey> SettingsKeysWith(const std::vector<OwnKey>& own_keys);
// Reads the value of that key into the settings.
void ReadValue(const SettingsKey& key, Reading& reading);

// A text of the table with the kinds of actions that a program has in the place of `{actions}`, and with those that are
// in gates.allow and gates.maintenance.actions by default in the places of `{allowed}` and `{windowed}`.
std::string Filled(std::string_view text, const ActionKinds& kinds);

// Variables with our prefix that mean something to others: not settings, not mistakes.
std::span<const std::string_view> OtherVariables();

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// Where the program's words go: results to standard output, complaints to standard error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/commands.h"
#include "base/result.h"
#include "base/terminal.h"
#include "config/settings.h"

namespace sallyport {

// Colors when standard output is a terminal and NO_COLOR (no-color.org) is not set.
bool WantsColor();
void Print(std::string_view text);
// The same for whoever has much to print and may stop. kStorage: standard output cannot be written.
Status WriteOut(std::string_view text);
// Whether anything could not be written to standard output: the program's exit code says so.
bool OutputFailed();
// Says so in one sentence; the exit code for it.
ExitCode TellOutputFailed();
// Takes the place of standard descriptors that are closed: the next file that is opened would get their numbers, and
// what is printed would be written into it. Reading and writing them still fails.
void KeepStandardDescriptors();
void Complain(std::string_view text);
// "sallyport: message" and what to do about it on a line of its own.
void Complain(const Error& error);

// The settings of this run; complains and gives nothing when they cannot be used.
std::optional<Settings> SettingsFor(const CommonArguments& common);

// Hands the file, or standard input for "-", piece by piece to `take`, until its end or until `take` says false.
Status ReadInput(const std::string& file, const std::function<bool(std::string_view)>& take);

}  // namespace sallyport

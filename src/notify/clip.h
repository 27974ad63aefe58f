// SPDX-License-Identifier: Apache-2.0
//
// Making a message fit: how much of it a renderer shows, and which links it may show at all. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "notify/message.h"

namespace sallyport {

// What of a message is shown. A renderer with a size limit tries the detail levels in turn until its output fits; the
// last one always does (each renderer has a test with the most hostile texts).
struct Detail {
  std::size_t lines;       // of each section
  std::size_t line_bytes;  // of each line, before the channel's own escaping
  std::size_t name_bytes;  // of names: owner, account, region
  std::size_t links;
};
inline constexpr std::array<Detail, 6> kDetailLevels = {{
    {20, 400, 100, 5},
    {10, 300, 100, 5},
    {6, 200, 80, 3},
    {4, 120, 60, 2},
    {2, 80, 40, 1},
    {1, 60, 30, 0},
}};
// For outputs without a limit of their own.
inline constexpr Detail kFullDetail = {100, 2'000, 200, 20};

// Shortens texts and lists to one detail level, makes every text printable (base/text.h) and remembers whether anything
// was left out.
class Clip {
 public:
  explicit Clip(const Detail& detail) : detail_(detail) {}

  std::string Line(std::string_view text) { return Text(text, detail_.line_bytes); }
  std::string Name(std::string_view text) { return Text(text, detail_.name_bytes); }
  std::string Text(std::string_view text, std::size_t bytes);
  // A command as a whole, or nothing: one that is shown in part, or with replaced bytes, would be copied and run.
  std::string Command(std::string_view command);
  // How many of `count` lines are shown.
  std::size_t Lines(std::size_t count) { return Count(count, detail_.lines); }
  std::size_t Links(std::size_t count) { return Count(count, detail_.links); }
  // Something was left out for another reason.
  void Cut() { cut_ = true; }
  bool cut() const { return cut_; }

 private:
  std::size_t Count(std::size_t count, std::size_t most);

  const Detail& detail_;
  bool cut_ = false;
};

// An https address that a chat client may be given to open: printable ASCII without spaces, quotes, angle brackets,
// `|` and backslash, no user and password, at most 1,000 bytes.
bool IsSafeLink(std::string_view url);

// "shortened; full text for operators: sallyport cases show 17".
std::string CutNotice(const Message& message);
// The headline as every channel shows it: with [SAMPLE].
std::string Title(const Message& message, Clip& clip);
// "Status for web-01: finished (case 19)": of the host, not of the case. `host` as it may stand in the channel's text;
// empty: it is not named.
std::string StatusLine(const Message& message, std::string_view host);
// "Case 19: needs person", and why people are told now; empty: the message does not say.
std::string CaseLine(const Message& message);
// What stands at the end for operators: "sallyport cases show 17", or that something was cut; empty for an owner.
std::string WhereMoreIs(const Message& message, bool cut);
// "i-0123456789abcdef0 (web-01)".
std::string InstanceText(const MessagePlace& where, Clip& clip);
// "verified", "refused: the exclusion tag is set".
std::string OutcomeText(const DoneLine& line, Clip& clip);
// The owner's name as people know it, and where it comes from: "Web team (tag `Owner`)".
std::string OwnerText(const MessageOwner& owner, Clip& clip);

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
//
// Events from bytes that arrive piece by piece: a file, or a pipe that never ends. Pure.
//
// When the first line is a whole document, every further line is handed out as soon as it is whole, and only the
// unfinished line is held. Otherwise everything is held until the end, to bounds::kInputFileBytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/parse.h"
#include "event/unreadable_tally.h"

namespace sallyport {

class EventStream {
 public:
  // `origin` names the input in messages: "stdin".
  EventStream(std::string origin, BareForms forms) : origin_(std::move(origin)), forms_(std::move(forms)) {}

  // What became whole with these bytes. After an error that ends the input, Finished() is true and nothing follows.
  std::vector<Arrival> Feed(std::string_view bytes);
  // What is left when the input has ended. An input without anything gives one error.
  std::vector<Arrival> Finish();
  bool Finished() const { return mode_ == Mode::kFinished; }

 private:
  enum class Mode { kUndecided, kLines, kWhole, kFinished };

  void Decide();
  void TakeLines(std::vector<Arrival>& arrivals);
  void TakeLine(std::string_view line, std::vector<Arrival>& arrivals);
  Arrival TooLarge();

  std::string origin_;
  BareForms forms_;
  Mode mode_ = Mode::kUndecided;
  std::string held_;
  std::size_t line_ = 0;        // lines taken so far
  bool is_first_ = true;        // no line was taken that holds something
  bool skipping_ = false;       // the rest of a line that was over its bound
  UnreadableTally unreadable_;  // of all lines
};

}  // namespace sallyport

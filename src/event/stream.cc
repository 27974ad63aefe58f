// SPDX-License-Identifier: Apache-2.0
#include "event/stream.h"

#include <utility>

#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsFirstDocument(std::string_view line) {
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  const Result<Json> document = Json::Parse(line);
  return document.ok() && (document->IsObject() || document->IsArray());
}

}  // namespace

std::vector<Arrival> EventStream::Feed(std::string_view bytes) {
  std::vector<Arrival> arrivals;
  if (mode_ == Mode::kFinished) return arrivals;
  held_ += bytes;
  if (mode_ == Mode::kUndecided) Decide();
  if (mode_ == Mode::kLines) TakeLines(arrivals);
  if (mode_ != Mode::kLines && held_.size() > bounds::kInputFileBytes) arrivals.push_back(TooLarge());
  return arrivals;
}

std::vector<Arrival> EventStream::Finish() {
  if (mode_ == Mode::kFinished) return {};
  std::vector<Arrival> arrivals;
  if (mode_ == Mode::kLines) {
    if (!skipping_) TakeLine(held_, arrivals);
    unreadable_.Finish(arrivals);
  } else {
    arrivals = ParseInput(held_, origin_, forms_);
  }
  mode_ = Mode::kFinished;
  held_.clear();
  return arrivals;
}

// The first line with something in it decides, once it is whole.
void EventStream::Decide() {
  std::size_t begin = 0;
  for (std::size_t end = held_.find('\n'); end != std::string::npos; end = held_.find('\n', begin)) {
    const std::string_view line = Trim(std::string_view(held_).substr(begin, end - begin));
    if (!line.empty()) {
      mode_ = IsFirstDocument(line) ? Mode::kLines : Mode::kWhole;
      return;
    }
    begin = end + 1;
  }
}

void EventStream::TakeLines(std::vector<Arrival>& arrivals) {
  std::size_t begin = 0;
  for (std::size_t end = held_.find('\n'); end != std::string::npos; end = held_.find('\n', begin)) {
    if (!skipping_) TakeLine(std::string_view(held_).substr(begin, end - begin), arrivals);
    skipping_ = false;
    begin = end + 1;
  }
  held_.erase(0, begin);
  // A line that never ends is not held: it is refused once, and its rest is passed over.
  if (skipping_) held_.clear();
  if (held_.size() > bounds::kEventBytes) {
    TakeLine(held_, arrivals);
    held_.clear();
    skipping_ = true;
  }
}

void EventStream::TakeLine(std::string_view line, std::vector<Arrival>& arrivals) {
  ++line_;
  line = Trim(line);
  if (line.empty()) return;
  const bool is_first = std::exchange(is_first_, false);
  for (Arrival& arrival : ParseDocument(line, origin_ + ", line " + std::to_string(line_), forms_, is_first)) {
    unreadable_.Add(std::move(arrival), arrivals);
  }
}

Arrival EventStream::TooLarge() {
  mode_ = Mode::kFinished;
  held_.clear();
  return {origin_, "",
          Error{ErrorCode::kTooLarge,
                origin_ + ": over the bound of " + std::to_string(bounds::kInputFileBytes) + " bytes, not read further",
                "give the events one per line, or split the input"}};
}

}  // namespace sallyport

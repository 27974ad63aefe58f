// SPDX-License-Identifier: Apache-2.0
//
// Channels on this machine: text on the console, JSON lines on standard output or in a file.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "notify/channel.h"

namespace sallyport {

// Puts out text as a whole; false when it could not.
using WriteText = std::function<bool(std::string_view text)>;

class ConsoleChannel final : public Channel {
 public:
  explicit ConsoleChannel(WriteText write) : write_(std::move(write)) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                  std::optional<TimePoint> stop_at) override;
  ContentScope scope() const override { return ContentScope::kAll; }

 private:
  WriteText write_;
};

// One JSON object a line (MessageJson). With a path: appended to that file, which is made (0600) when it is missing,
// and on the disk before the delivery counts; a line that did not fit is taken back, so that the file always ends with
// a whole line. Several processes may append to one file. Without: through `write`.
class JsonLinesChannel final : public Channel {
 public:
  JsonLinesChannel(std::string path, WriteText write) : path_(std::move(path)), write_(std::move(write)) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                  std::optional<TimePoint> stop_at) override;
  ContentScope scope() const override { return ContentScope::kAll; }

 private:
  std::string path_;
  WriteText write_;
};

// kStorage, naming the file. Follows no symbolic link at the end of the path and waits for no reader of a pipe.
Status AppendLine(const std::string& path, std::string_view line);

}  // namespace sallyport

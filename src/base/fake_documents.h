// SPDX-License-Identifier: Apache-2.0
//
// For tests: documents in memory.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/documents.h"

namespace sallyport {

class FakeDocuments final : public DocumentReads {
 public:
  void Put(const std::string& name, std::vector<std::string> pieces, TimePoint at = {}) {
    Document& document = documents_[name];
    DocumentInfo& info = document.info;
    info.name = name;
    ++info.version;
    info.at = at;
    info.pieces = pieces.size();
    info.bytes = 0;
    for (const std::string& piece : pieces) info.bytes += piece.size();
    document.pieces = std::move(pieces);
  }

  Result<std::optional<DocumentInfo>> FindDocument(std::string_view name) override {
    const auto found = documents_.find(std::string(name));
    if (found == documents_.end()) return std::optional<DocumentInfo>();
    return std::optional(found->second.info);
  }
  Result<std::vector<std::string>> ReadPieces(std::string_view name, std::int64_t version, std::size_t first,
                                              std::size_t count) override {
    if (before_reading) before_reading();
    const auto found = documents_.find(std::string(name));
    if (found == documents_.end() || found->second.info.version != version) {
      return Error{ErrorCode::kNotFound, "this version was replaced", ""};
    }
    const auto& all = found->second.pieces;
    const std::size_t begin = std::min(first, all.size());
    const std::size_t end = std::min(begin + count, all.size());
    return std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                    all.begin() + static_cast<std::ptrdiff_t>(end));
  }
  Result<std::vector<DocumentInfo>> ListDocuments(std::string_view prefix, std::size_t limit) override {
    std::vector<DocumentInfo> found;
    for (const auto& [name, document] : documents_) {
      if (name.starts_with(prefix) && found.size() < limit) found.push_back(document.info);
    }
    return found;
  }

  // What happens before pieces are read: somebody replaces the document, for instance.
  std::function<void()> before_reading;
  // A document as it never should be: fewer pieces than it says.
  void LosePieces(const std::string& name) { documents_[name].pieces.clear(); }

 private:
  std::map<std::string, Document> documents_;
};

}  // namespace sallyport

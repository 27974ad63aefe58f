// SPDX-License-Identifier: Apache-2.0
//
// Versioned documents with an age, in pieces: what is as large as the estate and is read one piece after the other.
// This is how they are read; the ledger keeps them (ledger/state.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sallyport {

struct DocumentInfo {
  std::string name;          // "rules/us-1"
  std::int64_t version = 0;  // from 1; a version is never given twice
  TimePoint at;              // when that version was stored: its age is the clock's time less this
  std::size_t pieces = 0;
  std::size_t bytes = 0;  // of all pieces
  std::string sha256;     // docs/ledger-format.md says of what
  bool operator==(const DocumentInfo&) const = default;
};

// All calls may fail with kStorage. Thread-safe.
class DocumentReads {
 public:
  virtual ~DocumentReads() = default;

  virtual Result<std::optional<DocumentInfo>> FindDocument(std::string_view name) = 0;
  // Pieces `first` (from 0) to `first + count - 1` of that version (fewer at its end). kNotFound when it was replaced
  // or dropped: read it anew from the beginning.
  virtual Result<std::vector<std::string>> ReadPieces(std::string_view name, std::int64_t version, std::size_t first,
                                                      std::size_t count) = 0;
  // Those whose name begins so, in the order of their names, at most `limit`.
  virtual Result<std::vector<DocumentInfo>> ListDocuments(std::string_view prefix, std::size_t limit) = 0;
};

struct Document {
  DocumentInfo info;
  std::vector<std::string> pieces;
};

// The newest version, whole: when it is replaced meanwhile the new one is read, from its beginning. Nothing: there is
// none. At most bounds::kDocumentBytes. kStorage: it is not whole, or it is replaced all the time.
Result<std::optional<Document>> ReadDocument(DocumentReads& reads, std::string_view name);

}  // namespace sallyport

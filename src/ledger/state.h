// SPDX-License-Identifier: Apache-2.0
//
// State: versioned documents with an age (a rule catalog, runs, caches), kept in pieces. A document is replaced as a
// whole, in one commit; a reader never sees half of a version or a mixture of two. Documents are no part of the chain,
// but the digest of each version is.
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
class State {
 public:
  virtual ~State() = default;

  // Makes the document or replaces it. `replaces`: the version that the caller has read, 0 for none; when it is another
  // one by now nothing is recorded and the answer is nothing. Without it whatever is there is replaced. kTooLarge when
  // the name, a piece, the number of pieces or their sum is over its bound (bounds::kDocument...); kInvalidInput when
  // the name is empty.
  virtual Result<std::optional<DocumentInfo>> PutDocument(std::string_view name, const std::vector<std::string>& pieces,
                                                          std::optional<std::int64_t> replaces) = 0;
  virtual Result<std::optional<DocumentInfo>> FindDocument(std::string_view name) = 0;
  // Pieces `first` to `first + count - 1` of that version (fewer at its end). kNotFound when it was replaced or
  // dropped: read it anew from the beginning.
  virtual Result<std::vector<std::string>> ReadPieces(std::string_view name, std::int64_t version, std::size_t first,
                                                      std::size_t count) = 0;
  // Those whose name begins so, in the order of their names, at most `limit`.
  virtual Result<std::vector<DocumentInfo>> ListDocuments(std::string_view prefix, std::size_t limit) = 0;
  // What is not there is dropped already.
  virtual Status DropDocument(std::string_view name) = 0;
};

}  // namespace sallyport

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

#include "base/documents.h"
#include "base/result.h"

namespace sallyport {

// All calls may fail with kStorage. Thread-safe.
class State : public DocumentReads {
 public:
  // Makes the document or replaces it. `replaces`: the version that the caller has read, 0 for none; when it is another
  // one by now nothing is recorded and the answer is nothing. Without it whatever is there is replaced. kTooLarge when
  // the name, a piece, the number of pieces or their sum is over its bound (bounds::kDocument...); kInvalidInput when
  // the name is empty.
  virtual Result<std::optional<DocumentInfo>> PutDocument(std::string_view name, const std::vector<std::string>& pieces,
                                                          std::optional<std::int64_t> replaces) = 0;
  // What is not there is dropped already.
  virtual Status DropDocument(std::string_view name) = 0;
};

}  // namespace sallyport

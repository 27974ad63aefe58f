// SPDX-License-Identifier: Apache-2.0
#include "base/documents.h"

#include <iterator>
#include <utility>

#include "base/text.h"

namespace sallyport {
namespace {

// Read at once: at most 64 MiB, as a piece has at most one.
constexpr std::size_t kPiecesAtOnce = 64;
constexpr int kMostReadings = 5;

Error CannotRead(std::string_view name, const std::string& why) {
  return Error{ErrorCode::kStorage, "the document `" + Printable(name, 300) + "` " + why, ""};
}

Result<std::vector<std::string>> ReadAll(DocumentReads& reads, const DocumentInfo& info) {
  std::vector<std::string> pieces;
  while (pieces.size() < info.pieces) {
    auto more = reads.ReadPieces(info.name, info.version, pieces.size(), kPiecesAtOnce);
    if (!more.ok()) return more.error();
    if (more->empty()) {
      return CannotRead(info.name, "has " + std::to_string(pieces.size()) + " of its " + std::to_string(info.pieces) +
                                       " pieces: nothing of it is used");
    }
    pieces.insert(pieces.end(), std::make_move_iterator(more->begin()), std::make_move_iterator(more->end()));
  }
  return pieces;
}

}  // namespace

Result<std::optional<Document>> ReadDocument(DocumentReads& reads, std::string_view name) {
  for (int tries = 0; tries < kMostReadings; ++tries) {
    const auto info = reads.FindDocument(name);
    if (!info.ok()) return info.error();
    if (!*info) return std::optional<Document>();
    auto pieces = ReadAll(reads, **info);
    if (pieces.ok()) return std::optional<Document>(Document{**info, *std::move(pieces)});
    if (pieces.error().code != ErrorCode::kNotFound) return pieces.error();
  }
  return CannotRead(name, "is replaced all the time: it could not be read as a whole");
}

}  // namespace sallyport

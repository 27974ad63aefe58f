// SPDX-License-Identifier: Apache-2.0
#include "base/bounds.h"
#include "base/digest.h"
#include "base/text.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;

constexpr std::string_view kStored = "stored";
constexpr std::string_view kDropped = "dropped";

Error TooLarge(std::string_view what, std::size_t is, std::size_t bound) {
  return Error{ErrorCode::kTooLarge,
               "a document with " + std::to_string(is) + " " + std::string(what) + " is over the bound of " +
                   std::to_string(bound),
               ""};
}

Status CheckDocument(std::string_view name, const std::vector<std::string>& pieces) {
  if (name.empty()) return Error{ErrorCode::kInvalidInput, "a document has no name", ""};
  if (name.size() > bounds::kDocumentNameBytes) {
    return TooLarge("bytes of name", name.size(), bounds::kDocumentNameBytes);
  }
  if (pieces.size() > bounds::kDocumentPieces) return TooLarge("pieces", pieces.size(), bounds::kDocumentPieces);
  std::size_t bytes = 0;
  for (const std::string& piece : pieces) {
    if (piece.size() > bounds::kDocumentPieceBytes) {
      return TooLarge("bytes in one piece", piece.size(), bounds::kDocumentPieceBytes);
    }
    bytes += piece.size();
  }
  return bytes > bounds::kDocumentBytes ? TooLarge("bytes", bytes, bounds::kDocumentBytes) : Ok();
}

Status DeletePieces(Database& database, std::int64_t document) {
  auto statement = database.Prepare("DELETE FROM document_piece WHERE document = ?");
  if (!statement) return statement.error();
  statement->Bind(document);
  return statement->Run();
}

Status InsertPieces(Database& database, std::int64_t document, const std::vector<std::string>& pieces) {
  std::int64_t position = 0;
  for (const std::string& piece : pieces) {
    auto statement = database.Prepare("INSERT INTO document_piece (document, position, text) VALUES (?, ?, ?)");
    if (!statement) return statement.error();
    statement->Bind(document).Bind(++position).Bind(piece);
    if (Status inserted = statement->Run(); !inserted) return inserted;
  }
  return Ok();
}

Status UpsertDocument(Database& database, std::int64_t number, std::string_view state, const DocumentInfo& info) {
  auto statement = database.Prepare(
      "INSERT INTO document (number, name, state, version, at, pieces, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (number) DO UPDATE SET state = excluded.state, version = excluded.version, at = excluded.at,"
      " pieces = excluded.pieces, bytes = excluded.bytes, sha256 = excluded.sha256");
  if (!statement) return statement.error();
  statement->Bind(number)
      .Bind(info.name)
      .Bind(state)
      .Bind(info.version)
      .Bind(ToEpochMilliseconds(info.at))
      .Bind(static_cast<std::int64_t>(info.pieces))
      .Bind(static_cast<std::int64_t>(info.bytes))
      .Bind(info.sha256);
  return statement->Run();
}

Status Replace(Writing& writing, std::int64_t number, std::string_view state, const DocumentInfo& info,
               const std::vector<std::string>& pieces) {
  if (Status gone = DeletePieces(writing.database, number); !gone) return gone;
  if (Status stored = UpsertDocument(writing.database, number, state, info); !stored) return stored;
  if (Status stored = InsertPieces(writing.database, number, pieces); !stored) return stored;
  const std::string reason = "version " + std::to_string(info.version) + " of " + Printable(info.name, 300);
  return Tell(writing, RecordKind::kDocument, number, reason);
}

}  // namespace

Result<std::optional<DocumentInfo>> StoreDocument(Writing& writing, std::string_view name,
                                                  const std::vector<std::string>& pieces,
                                                  std::optional<std::int64_t> replaces) {
  if (Status good = CheckDocument(name, pieces); !good) return good.error();
  const auto before = SelectStoredDocument(writing.database, name);
  if (!before) return before.error();
  const bool is_there = before->has_value() && !(*before)->dropped;
  if (replaces && *replaces != (is_there ? (*before)->info.version : 0)) return std::optional<DocumentInfo>();
  Result<std::int64_t> number =
      *before ? (*before)->number : NextNumber(writing.database, TableOf(RecordKind::kDocument));
  if (!number) return number.error();
  DocumentInfo info;
  info.name = name;
  info.version = (*before ? (*before)->info.version : 0) + 1;
  info.at = FromEpochMilliseconds(ToEpochMilliseconds(writing.now));
  info.pieces = pieces.size();
  for (const std::string& piece : pieces) info.bytes += piece.size();
  info.sha256 = DigestOfPieces(pieces);
  if (Status stored = Replace(writing, *number, kStored, info, pieces); !stored) return stored.error();
  return std::optional<DocumentInfo>(info);
}

Status DropDocument(Writing& writing, std::string_view name) {
  const auto before = SelectStoredDocument(writing.database, name);
  if (!before) return before.error();
  if (!*before || (*before)->dropped) return Ok();
  DocumentInfo info = (*before)->info;
  info.at = writing.now;
  info.pieces = 0;
  info.bytes = 0;
  info.sha256 = DigestOfPieces({});
  return Replace(writing, (*before)->number, kDropped, info, {});
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "ledger/chain.h"
#include "ledger/query.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

DocumentInfo ReadInfo(const Statement& row) {
  DocumentInfo info;
  info.name = row.Text(0);
  info.version = row.Int(1);
  info.at = FromEpochMilliseconds(row.Int(2));
  info.pieces = static_cast<std::size_t>(row.Int(3));
  info.bytes = static_cast<std::size_t>(row.Int(4));
  info.sha256 = row.Text(5);
  return info;
}

Error NotThisVersion(const Database& database, std::string_view name, std::int64_t version) {
  Error error =
      database.Problem("the document `" + Printable(name, 300) + "` no longer has version " + std::to_string(version),
                       "it was replaced or dropped: read it from the beginning");
  error.code = ErrorCode::kNotFound;
  return error;
}

}  // namespace

Result<std::optional<StoredDocument>> SelectStoredDocument(const Database& database, std::string_view name) {
  auto statement = database.Prepare(
      "SELECT name, version, at, pieces, bytes, sha256, number, state = 'dropped' FROM document WHERE name = ?");
  if (!statement) return statement.error();
  statement->Bind(name);
  return ReadRow<StoredDocument>(*statement, [](const Statement& row) {
    return Result(StoredDocument{row.Int(6), row.Int(7) == 1, ReadInfo(row)});
  });
}

Result<std::vector<DocumentInfo>> SelectDocuments(const Database& database, std::string_view prefix,
                                                  std::size_t limit) {
  auto statement = database.Prepare(
      "SELECT name, version, at, pieces, bytes, sha256 FROM document WHERE name >= ?1 AND state = 'stored'"
      " AND substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT ?2");
  if (!statement) return statement.error();
  statement->Bind(prefix).Bind(static_cast<std::int64_t>(limit));
  return ReadRows<DocumentInfo>(*statement, [](const Statement& row) { return Result(ReadInfo(row)); });
}

Result<std::vector<std::string>> SelectPieces(const Database& database, std::string_view name, std::int64_t version,
                                              std::size_t first, std::size_t count) {
  const auto stored = SelectStoredDocument(database, name);
  if (!stored) return stored.error();
  const bool same = stored->has_value() && !(*stored)->dropped && (*stored)->info.version == version;
  if (!same) return NotThisVersion(database, name, version);
  auto statement =
      database.Prepare("SELECT text FROM document_piece WHERE document = ? AND position > ? ORDER BY position LIMIT ?");
  if (!statement) return statement.error();
  statement->Bind((*stored)->number).Bind(static_cast<std::int64_t>(first)).Bind(static_cast<std::int64_t>(count));
  return ReadRows<std::string>(*statement, [](const Statement& row) { return Result(row.Text(0)); });
}

std::string DigestOfPieces(const std::vector<std::string>& pieces) {
  Fields fields;
  for (const std::string& piece : pieces) fields.Text(piece);
  return fields.Digest();
}

}  // namespace sallyport

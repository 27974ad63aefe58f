// SPDX-License-Identifier: Apache-2.0
#include "ledger/schema_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.h"
#include "ledger/chain.h"
#include "ledger/rows.h"
#include "ledger/schema.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::size_t kShownName = 200;
// Sentences in one error.
constexpr std::size_t kToldDifferences = 3;

// The whole of it: no name is left out.
constexpr std::string_view kSelectObjects =
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name, tbl_name";

struct SchemaObject {
  std::string type;
  std::string name;
  std::string table;
  std::string sql;

  bool operator==(const SchemaObject& other) const {
    return type == other.type && name == other.name && table == other.table && sql == other.sql;
  }
};

// sqlite.org/fileformat2.html, 2.6.3 to 2.6.5.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kOfAnalyze = {
    {{"sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"},
     {"sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"}}};

bool IsOfAnalyze(const SchemaObject& object) {
  return object.type == "table" && object.name == object.table &&
         std::any_of(kOfAnalyze.begin(), kOfAnalyze.end(),
                     [&](const auto& known) { return object.name == known.first && object.sql == known.second; });
}

Result<std::vector<SchemaObject>> ObjectsOf(const Database& database) {
  auto statement = database.Prepare(kSelectObjects);
  if (!statement) return statement.error();
  auto objects = ReadRows<SchemaObject>(*statement, [](const Statement& row) {
    return Result(SchemaObject{row.Text(0), row.Text(1), row.Text(2), row.Text(3)});
  });
  if (!objects) return objects.error();
  objects->erase(std::remove_if(objects->begin(), objects->end(), IsOfAnalyze), objects->end());
  return objects;
}

// As the migrations make it.
Result<std::vector<SchemaObject>> ExpectedObjects() {
  auto fresh = Database::Open(":memory:", Duration{0});
  if (!fresh) return fresh.error();
  if (Status migrated = Migrate(**fresh); !migrated) return migrated.error();
  return ObjectsOf(**fresh);
}

std::string DigestOf(const std::vector<SchemaObject>& objects) {
  Fields fields;
  for (const SchemaObject& object : objects) {
    fields.Text(object.type).Text(object.name).Text(object.table).Text(object.sql);
  }
  return fields.Digest();
}

std::string NameOfObject(const SchemaObject& object) {
  return Printable(object.type, kShownName) + " `" + Printable(object.name, kShownName) + "`";
}

using ObjectsByName = std::map<std::pair<std::string, std::string>, SchemaObject>;

ObjectsByName ByName(const std::vector<SchemaObject>& objects) {
  ObjectsByName named;
  for (const SchemaObject& object : objects) named.emplace(std::pair(object.type, object.name), object);
  return named;
}

}  // namespace

Result<std::vector<std::string>> SchemaDifferences(const Database& database) {
  const auto found = ObjectsOf(database);
  if (!found) return found.error();
  // To make what is expected takes longer than to read a whole small ledger.
  if (DigestOf(*found) == kSchemaDigest) return std::vector<std::string>();
  const auto expected = ExpectedObjects();
  if (!expected) return expected.error();
  std::vector<std::string> differences;
  const auto tell = [&](std::string what) {
    if (differences.size() < kNamedDifferences) differences.push_back(std::move(what));
  };
  const ObjectsByName ours = ByName(*expected);
  const ObjectsByName theirs = ByName(*found);
  for (const auto& [name, object] : theirs) {
    const auto known = ours.find(name);
    if (known == ours.end()) {
      tell(NameOfObject(object) + " was added: this program makes none of that name");
    } else if (!(known->second == object)) {
      tell(NameOfObject(object) + " was changed: it is not as this program makes it");
    }
  }
  for (const auto& [name, object] : ours) {
    if (!theirs.contains(name)) tell(NameOfObject(object) + " was removed");
  }
  // Two objects with one name take a hand that writes into the table of objects itself.
  if (theirs.size() != found->size()) tell("an object is there twice in the file's table of objects");
  return differences;
}

Result<std::string> SchemaDigest(const Database& database) {
  const auto objects = ObjectsOf(database);
  if (!objects) return objects.error();
  return DigestOf(*objects);
}

Status CheckSchema(const Database& database) {
  const auto differences = SchemaDifferences(database);
  if (!differences) return differences.error();
  if (differences->empty()) return Ok();
  std::string what = "its tables, indexes and triggers are not those that this program makes: ";
  for (std::size_t i = 0; i < differences->size() && i < kToldDifferences; ++i) {
    what += (i == 0 ? "" : "; ") + (*differences)[i];
  }
  if (differences->size() > kToldDifferences) {
    what += "; and " + std::to_string(differences->size() - kToldDifferences) + " more";
  }
  return database.Problem(what,
                          "nothing is written into it as long as that is so; drop what was added, or restore the file "
                          "from a backup (`sallyport ledger verify` shows what else differs)");
}

}  // namespace sallyport

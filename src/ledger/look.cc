// SPDX-License-Identifier: Apache-2.0
#include "ledger/look.h"

#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "ledger/file.h"
#include "ledger/schema.h"
#include "ledger/schema_check.h"

namespace sallyport {
namespace {

Error NotReadable(const std::string& path, const std::string& why, std::string advice) {
  return Error{ErrorCode::kStorage, "ledger `" + Printable(path, 400) + "`: " + why, std::move(advice)};
}

Result<bool> IsThere(const std::string& path) {
  std::error_code failed;
  const bool is_there = std::filesystem::exists(path, failed);
  if (!failed) return is_there;
  return NotReadable(path, "cannot be looked for: " + failed.message(), "look at `ledger.path` in the settings");
}

Result<std::int64_t> VersionOfLedger(Readers& readers) {
  std::int64_t found = 0;
  const Status read = readers.Read([&](sqlite::Database& database) -> Status {
    if (Status ours = CheckIsLedger(database); !ours) return ours;
    const Result<std::int64_t> version = VersionOf(database);
    if (!version) return version.error();
    found = *version;
    return Ok();
  });
  if (!read) return read.error();
  return found;
}

}  // namespace

Status CheckLedgerPath(const std::string& path) {
  if (path.empty()) return Error{ErrorCode::kInvalidInput, "the path of the ledger is empty", "give it a path"};
  if (path.find('\0') != std::string::npos) {
    return Error{ErrorCode::kInvalidInput,
                 "the path of the ledger, `" + Printable(path, 400) + "`, has a zero byte in it", ""};
  }
  return Ok();
}

Result<FoundLedger> LookForLedger(const std::string& path, Duration busy_timeout) {
  if (Status good = CheckLedgerPath(path); !good) return good.error();
  const auto is_there = IsThere(path);
  if (!is_there) return is_there.error();
  if (!*is_there) return FoundLedger{};
  if (Status ours = CheckLedgerRights(path); !ours) return ours.error();
  Readers readers(path, busy_timeout, true);
  const auto version = VersionOfLedger(readers);
  if (!version) return version.error();
  if (*version == kLedgerVersion) {
    if (Status made_by_us = readers.Read([](sqlite::Database& database) { return CheckSchema(database); });
        !made_by_us) {
      return made_by_us.error();
    }
  }
  return FoundLedger{true, *version, *version > 0 && *version < kLedgerVersion};
}

Status CheckLedgerIsThere(const std::string& path) {
  const auto is_there = IsThere(path);
  if (!is_there) return is_there.error();
  if (*is_there) return Ok();
  return NotReadable(path, "there is no such file",
                     "look at `ledger.path` in the settings; the first event that is handled makes the file");
}

Status CheckCanBeRead(Readers& readers, const std::string& path) {
  if (Status there = CheckLedgerIsThere(path); !there) return there;
  if (Status ours = CheckLedgerRights(path); !ours) return ours;
  const auto version = VersionOfLedger(readers);
  if (!version) return version.error();
  if (*version == kLedgerVersion) return Ok();
  if (*version == 0) return NotReadable(path, "there is nothing in it yet", "");
  return NotReadable(path,
                     "the file has version " + std::to_string(*version) + ", and this program reads version " +
                         std::to_string(kLedgerVersion),
                     AdviceForOldLedger());
}

std::string AdviceForOldLedger() {
  return "the next event that is handled, or `sallyport followups run`, brings it to version " +
         std::to_string(kLedgerVersion) + "; keep a copy of the file if an older program is to read it again";
}

}  // namespace sallyport

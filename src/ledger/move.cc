// SPDX-License-Identifier: Apache-2.0
#include "ledger/move.h"

#include <string>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownWord = 40;
constexpr const char* kDamageAdvice =
    "restore the file from a backup, or use the program that wrote it; nothing else may write into it";

std::string Named(std::string_view what, std::int64_t number) {
  return std::string(what) + " " + std::to_string(number);
}

}  // namespace

Error CannotMove(std::string_view what, std::int64_t number, std::string_view is, std::string_view to) {
  return Error{
      ErrorCode::kInvalidInput,
      Named(what, number) + " is `" + Printable(is, kShownWord) + "` and cannot become `" + std::string(to) + "`",
      "another process may have been faster: read it again"};
}

Error UnknownState(const sqlite::Database& database, std::string_view what, std::int64_t number,
                   std::string_view word) {
  return database.Problem(Named(what, number) + " has the unknown state `" + Printable(word, kShownWord) + "`",
                          kDamageAdvice);
}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "base/csv.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sallyport {
namespace {

TEST(CsvCell, ACellIsNeverAFormula) {
  const std::pair<std::string, std::string> rows[] = {{"plain", "plain"},
                                                      {"", ""},
                                                      {"=1+1", "'=1+1"},
                                                      {"+1", "'+1"},
                                                      {"-1", "'-1"},
                                                      {"@x", "'@x"},
                                                      {"\t=1", "'\\x09=1"},
                                                      {"\r=1", "'\\x0d=1"},
                                                      {"  =1", "'  =1"},
                                                      {"\xEF\xBC\x9D"
                                                       "1",
                                                       "'\xEF\xBC\x9D"
                                                       "1"},
                                                      {"1=1", "1=1"},
                                                      {"a,b", "\"a,b\""},
                                                      {"a\"b", "\"a\"\"b\""},
                                                      {"=\"a\"", "\"'=\"\"a\"\"\""},
                                                      {"\x1b[2J", "\\x1b[2J"}};
  for (const auto& [text, cell] : rows) EXPECT_EQ(CsvCell(text), cell) << text;
}

}  // namespace
}  // namespace sallyport

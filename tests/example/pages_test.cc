// SPDX-License-Identifier: Apache-2.0
//
// The pages that say how to add something show the files of the examples, as they are.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/test_files.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;

// The blocks of code under a line that names their file: "`tests/example/main.cc`:".
std::vector<std::pair<std::string, std::string>> BlocksOf(const std::string& page) {
  const std::string name_begins = "\n`tests/example/";
  const std::string code_begins = "`:\n\n```cpp\n";
  std::vector<std::pair<std::string, std::string>> blocks;
  for (std::size_t at = page.find(name_begins); at != std::string::npos; at = page.find(name_begins, at + 1)) {
    const std::size_t name_ends = page.find('`', at + 2);
    if (page.compare(name_ends, code_begins.size(), code_begins) != 0) continue;
    const std::size_t code = name_ends + code_begins.size();
    blocks.emplace_back(page.substr(at + 2, name_ends - at - 2), page.substr(code, page.find("```\n", code) - code));
  }
  return blocks;
}

// Without the license line, which pages leave out.
std::string Shown(const std::string& file) {
  std::string text = ReadFile(fs::path(SALLYPORT_SOURCE_DIR) / file);
  const std::string license = "// SPDX-License-Identifier: Apache-2.0\n";
  EXPECT_TRUE(text.starts_with(license)) << file;
  text.erase(0, license.size());
  if (text.starts_with('\n')) text.erase(0, 1);
  return text;
}

TEST(Pages, ShowTheWantedPlans) {
  const std::string wanted =
      "```\n" + ReadFile(fs::path(SALLYPORT_SOURCE_DIR) / "tests/example/abuse-report.txt") + "```\n";
  EXPECT_NE(ReadFile(fs::path(SALLYPORT_SOURCE_DIR) / "docs/adding-a-workflow.md").find(wanted), std::string::npos)
      << wanted;
}

TEST(Pages, ShowTheFilesOfTheExamples) {
  const std::pair<std::string, std::size_t> pages[] = {{"docs/adding-an-action.md", 5},
                                                       {"docs/adding-a-workflow.md", 4}};
  for (const auto& [page, files] : pages) {
    SCOPED_TRACE(page);
    const auto blocks = BlocksOf(ReadFile(fs::path(SALLYPORT_SOURCE_DIR) / page));
    EXPECT_EQ(blocks.size(), files);
    for (const auto& [file, code] : blocks) EXPECT_EQ(code, Shown(file)) << file;
  }
}

}  // namespace
}  // namespace sallyport

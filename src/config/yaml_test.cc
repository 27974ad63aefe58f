// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sallyport {
namespace {

using ::testing::HasSubstr;

std::string YamlError(std::string_view text) {
  const auto root = ParseYaml(text, "f.yaml");
  return root.ok() ? "no error" : root.error().message;
}

std::string Nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(ParseYaml, GivesValuesWithTheirLines) {
  const auto root = ParseYaml("# comment\na: 1\nb:\n  - x\n  - 'y z'\nc:\n", "f.yaml");
  ASSERT_TRUE(root.ok()) << root.error().message;
  ASSERT_EQ(root->members.size(), 3U);
  EXPECT_EQ(root->members[0].key, "a");
  EXPECT_EQ(root->members[0].line, 2);
  EXPECT_EQ(root->members[0].value.text, "1");
  ASSERT_EQ(root->members[1].value.items.size(), 2U);
  EXPECT_EQ(root->members[1].value.items[1].text, "y z");
  EXPECT_EQ(root->members[1].value.items[1].line, 5);
  EXPECT_EQ(root->members[2].value.kind, YamlNode::Kind::kNull);
}

TEST(ParseYaml, DoesNotGuessTypes) {
  const auto root = ParseYaml("[off, 08, 1.50, yes]", "f.yaml");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root->items[0].text, "off");
  EXPECT_EQ(root->items[1].text, "08");
  EXPECT_EQ(root->items[2].text, "1.50");
}

TEST(ParseYaml, KeepsRepeatedKeys) {
  const auto root = ParseYaml("a: 1\na: 2\n", "f.yaml");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root->members.size(), 2U);
}

TEST(ParseYaml, TakesNothingAsNothing) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n"}) {
    const auto root = ParseYaml(text, "f.yaml");
    ASSERT_TRUE(root.ok()) << text;
    EXPECT_EQ(root->kind, YamlNode::Kind::kNull) << text;
  }
}

TEST(ParseYaml, SaysWhereTheSyntaxIsWrong) {
  EXPECT_THAT(YamlError("a: 1\nb: [1, 2\nc: 3\n"), HasSubstr("f.yaml:3:2: not valid YAML: "));
  EXPECT_THAT(YamlError("a: 'x' y\n"), HasSubstr("f.yaml:1:8: not valid YAML: "));
  EXPECT_THAT(YamlError("\ta: 1\n"), HasSubstr("f.yaml:1:"));
}

TEST(ParseYaml, RefusesAQuotationMarkThatIsNotClosed) {
  for (const char* text :
       {"a: \"x", "a: \"x\n", "a: 'x\n", "a: 'x\nb: c\n\n", "a: \"x\\\n", "a: \"x\\\"\n", "a: 'it''s\n"}) {
    EXPECT_THAT(YamlError(text), HasSubstr("not valid YAML: ")) << text;
  }
}

TEST(ParseYaml, RefusesASecondDocument) {
  EXPECT_THAT(YamlError("a: 1\n---\nb: 2\n"), HasSubstr("the document ends here"));
  EXPECT_THAT(YamlError("  a: 1\nb: 2\n"), HasSubstr("f.yaml:2:"));
}

TEST(ParseYaml, RefusesAnchorsAliasesAndTags) {
  EXPECT_THAT(YamlError("a: &x 1\n"), HasSubstr("f.yaml:1:4: anchors and aliases are not supported"));
  EXPECT_THAT(YamlError("a: &x [1]\nb: *x\n"), HasSubstr("anchors and aliases are not supported"));
  EXPECT_THAT(YamlError("a: &x\n"), HasSubstr("anchors and aliases are not supported"));
  EXPECT_THAT(YamlError("a: *x\n"), HasSubstr("f.yaml:1:"));
  EXPECT_THAT(YamlError("a: !!binary aGk=\n"), HasSubstr("f.yaml:1:4: tags like `!!str` are not supported"));
  EXPECT_THAT(YamlError("!x {a: 1}\n"), HasSubstr("tags like `!!str` are not supported"));
}

TEST(ParseYaml, RefusesKeysThatAreNotText) {
  EXPECT_THAT(YamlError("[a, b]: 1\n"), HasSubstr("a key must be text, not a list or a map"));
  EXPECT_THAT(YamlError("? {a: b}\n: 1\n"), HasSubstr("a key must be text, not a list or a map"));
  EXPECT_THAT(YamlError(": 1\n"), HasSubstr("a key is missing before the colon"));
}

TEST(ParseYaml, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(YamlError("a: \xff\n"), "f.yaml: not UTF-8 text");
  EXPECT_EQ(YamlError(std::string_view("a: \0\n", 5)), "f.yaml: not UTF-8 text");
  EXPECT_EQ(YamlError(std::string_view("\xff\xfe"
                                       "a\0",
                                       4)),
            "f.yaml: not UTF-8 text");
}

TEST(ParseYaml, HasABoundOnTheSize) {
  const std::string text = "a: 1\n#" + std::string(kYamlBytes - 6, 'x');
  EXPECT_TRUE(ParseYaml(text, "f.yaml").ok());
  const auto over = ParseYaml(text + "x", "f.yaml");
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(over.error().message, "f.yaml: larger than 1048576 bytes");
}

TEST(ParseYaml, HasABoundOnTheDepth) {
  EXPECT_TRUE(ParseYaml(Nested(kYamlDepth), "f.yaml").ok());
  const auto over = ParseYaml(Nested(kYamlDepth + 1), "f.yaml");
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(over.error().message, "f.yaml:1:17: nested more than 16 deep");
}

TEST(ParseYaml, HasABoundOnTheNumberOfValues) {
  std::string text;
  for (std::size_t i = 1; i < kYamlValues; ++i) text += "- x\n";
  EXPECT_TRUE(ParseYaml(text, "f.yaml").ok());
  EXPECT_THAT(YamlError(text + "- x\n"), HasSubstr("f.yaml:20000:3: more than 20000 values"));
}

// Shapes that are known to be hard on YAML readers, large enough for anything worse than linear to be felt.
TEST(ParseYaml, EndsOnHostileText) {
  for (const char* unit :
       {"[", "{", "? ", "- ", "a: ", "{a: ", "&a ", "!a ", "\"", "|\n ", "*a,", "%x\n", "\n ", ":"}) {
    std::string text;
    while (text.size() < kYamlBytes / 8) text += unit;
    const auto root = ParseYaml(text, "f.yaml");
    EXPECT_TRUE(root.ok() || !root.error().message.empty()) << unit;
  }
}

TEST(ParseYaml, IsSafeOnTruncatedText) {
  constexpr std::string_view kText = "a: {b: [1, 'x', \"y\\u0041\"]}\nc: |\n  text\n? k\n: v\nd: &x !!str z\n...\n";
  for (std::size_t length = 0; length <= kText.size(); ++length) {
    const auto root = ParseYaml(kText.substr(0, length), "f.yaml");
    EXPECT_TRUE(root.ok() || !root.error().message.empty());
  }
}

TEST(TypeName, IsInWordsOfTheUser) {
  EXPECT_EQ(TypeName(*ParseYaml("x", "f")), "text");
  EXPECT_EQ(TypeName(*ParseYaml("[]", "f")), "a list");
  EXPECT_EQ(TypeName(*ParseYaml("{}", "f")), "a map");
  EXPECT_EQ(TypeName(*ParseYaml("", "f")), "nothing");
}

}  // namespace
}  // namespace sallyport

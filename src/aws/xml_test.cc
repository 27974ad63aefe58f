// SPDX-License-Identifier: Apache-2.0
#include "aws/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "aws/bounds.h"

namespace sallyport::aws {
namespace {

using testing::HasSubstr;

std::string Repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string Nested(std::size_t depth) {
  return Repeated("<a>", depth) + Repeated("</a>", depth);
}

TEST(Xml, ReadsElementsTextsAndPaths) {
  const auto root =
      Xml::Parse("<?xml version=\"1.0\"?>\n<R xmlns=\"urn:x\"><a>1 &lt; 2<![CDATA[ & ]]></a><b/><a>3</a></R>");
  ASSERT_TRUE(root.ok()) << root.error().ToText();
  EXPECT_EQ(root->Name(), "R");
  EXPECT_EQ((*root)["a"].Text(), "1 < 2 & ");
  EXPECT_EQ(root->Children("a").size(), 2U);
  EXPECT_EQ(root->Children().size(), 3U);
  EXPECT_EQ((*root)["b"].Path(), "R/b");
  EXPECT_EQ((*root)["b"].Text(), "");
  EXPECT_TRUE((*root)["c"]["d"].IsMissing());
}

TEST(Xml, LooksAtNamesWithoutTheirPrefix) {
  const auto root = Xml::Parse("<s:R xmlns:s=\"urn:x\"><s:a>1</s:a></s:R>");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root->Name(), "R");
  EXPECT_EQ((*root)["a"].Text(), "1");
}

TEST(Xml, KeepsAValueOfSpaces) {
  const auto root = Xml::Parse("<R><value>  </value></R>");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ((*root)["value"].Text(), "  ");
}

TEST(Xml, RefusesWhatIsNotOneDocument) {
  struct Row {
    std::string text;
    const char* message;
  };
  for (const Row& row : {
           Row{"", "no document element"},
           Row{"<R><a>1</a>", "not valid XML: "},  // cut off
           Row{"<R><a>1</R>", "not valid XML: "},
           Row{"{}", "not valid XML: "},
           Row{"<R/><R/>", "it has 2 root elements"},
           Row{"<R>\xff</R>", "the text is not UTF-8"},
       }) {
    const auto root = Xml::Parse(row.text);
    ASSERT_FALSE(root.ok()) << row.text;
    EXPECT_EQ(root.error().code, ErrorCode::kBadAnswer);
    EXPECT_THAT(root.error().message, HasSubstr(row.message)) << row.text;
  }
}

TEST(Xml, RefusesEntitiesOfItsOwn) {
  const auto root =
      Xml::Parse("<!DOCTYPE R [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><R>&b;&b;</R>");
  ASSERT_FALSE(root.ok());
  EXPECT_EQ(root.error().code, ErrorCode::kBadAnswer);
  EXPECT_THAT(root.error().message, HasSubstr("document type declaration"));
}

TEST(Xml, HasABoundOnDepth) {
  EXPECT_TRUE(Xml::Parse(Nested(bounds::kXmlDepth)).ok());
  const auto deeper = Xml::Parse(Nested(bounds::kXmlDepth + 1));
  ASSERT_FALSE(deeper.ok());
  EXPECT_EQ(deeper.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(deeper.error().message, "XML nested deeper than 64 levels");
}

TEST(Xml, HasABoundOnSize) {
  const std::string tags = "<R></R>";
  const std::string most = "<R>" + std::string(bounds::kAnswerBytes - tags.size(), 'a') + "</R>";
  EXPECT_TRUE(Xml::Parse(most).ok());
  const auto more = Xml::Parse(most + " ");
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().code, ErrorCode::kTooLarge);
}

TEST(Xml, HasABoundOnTags) {
  const std::string most = Repeated("<a/>", bounds::kXmlTags - 2);
  EXPECT_TRUE(Xml::Parse("<R>" + most + "</R>").ok());
  const auto more = Xml::Parse("<R>" + most + "<a/></R>");
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(more.error().message, "more than 2000000 XML tags");
}

}  // namespace
}  // namespace sallyport::aws

// SPDX-License-Identifier: Apache-2.0
#include "base/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fake_documents.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(ReadDocument, ReadsAllPiecesOfTheNewestVersion) {
  FakeDocuments documents;
  documents.Put("map", {"old"});
  documents.Put("map", std::vector<std::string>(150, "piece"), FromEpochMilliseconds(7));
  const auto read = ReadDocument(documents, "map");
  ASSERT_TRUE(read.ok() && read->has_value());
  EXPECT_EQ((*read)->info.version, 2);
  EXPECT_EQ((*read)->info.at, FromEpochMilliseconds(7));
  EXPECT_THAT((*read)->pieces, SizeIs(150));
}

TEST(ReadDocument, NoDocumentAndAnEmptyOneAreTwoThings) {
  FakeDocuments documents;
  documents.Put("empty", {});
  EXPECT_FALSE(ReadDocument(documents, "none").value().has_value());
  ASSERT_TRUE(ReadDocument(documents, "empty").value().has_value());
  EXPECT_THAT(ReadDocument(documents, "empty").value()->pieces, SizeIs(0));
}

TEST(ReadDocument, OneThatIsReplacedMeanwhileIsReadAnewAndNeverMixed) {
  FakeDocuments documents;
  documents.Put("map", std::vector<std::string>(100, "old"));
  int reads = 0;
  documents.before_reading = [&] {
    if (++reads == 2) documents.Put("map", {"new", "new"});
  };
  const auto read = ReadDocument(documents, "map");
  ASSERT_TRUE(read.ok() && read->has_value());
  EXPECT_EQ((*read)->info.version, 2);
  EXPECT_THAT((*read)->pieces, ElementsAre("new", "new"));
}

TEST(ReadDocument, OneThatIsReplacedAllTheTimeIsAnError) {
  FakeDocuments documents;
  documents.Put("map", {"a"});
  documents.before_reading = [&] { documents.Put("map", {"a"}); };
  const auto read = ReadDocument(documents, "map");
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("replaced all the time"));
}

TEST(ReadDocument, OneThatIsNotWholeIsNotRead) {
  FakeDocuments documents;
  documents.Put("map", {"a", "b"});
  documents.LosePieces("map");
  const auto read = ReadDocument(documents, "map");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kStorage);
  EXPECT_EQ(read.error().message, "the document `map` has 0 of its 2 pieces: nothing of it is used");
}

}  // namespace
}  // namespace sallyport

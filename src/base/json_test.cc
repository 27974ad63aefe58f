// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

Json ParsedText(std::string_view text) {
  Result<Json> json = Json::Parse(text);
  EXPECT_TRUE(json.ok()) << (json.ok() ? "" : json.error().message);
  return json.ok() ? *json : Json();
}

TEST(Json, ErrorsNameTheWholePath) {
  const Json json = ParsedText(R"({"detail":{"resource":{"tags":[{"key":"a"},{"key":7}]}}})");
  const Json key = json["detail"]["resource"]["tags"].Elements()[1]["key"];
  EXPECT_EQ(key.Path(), "detail.resource.tags[1].key");
  EXPECT_EQ(key.AsString().error().message, "detail.resource.tags[1].key: expected a string, found a number");
}

TEST(Json, AMissingPlaceKnowsWhereItWouldBe) {
  const Json json = ParsedText(R"({"detail":{}})");
  EXPECT_EQ(json["detail"]["resource"]["instanceId"].AsString().error().message,
            "detail.resource.instanceId: expected a string, found nothing");
  EXPECT_TRUE(json["detail"]["x"].IsMissing());
  EXPECT_FALSE(json["detail"]["x"].HasValue());
}

TEST(Json, ReadsWholeNumbersInTheFormsTheApisUse) {
  const Json json = ParsedText(R"({"a":5,"b":5.0,"c":"1764000000000","d":5.5,"e":"5x","f":18446744073709551615})");
  EXPECT_EQ(json["a"].Int64Or(-1), 5);
  EXPECT_EQ(json["b"].Int64Or(-1), 5);
  EXPECT_EQ(json["c"].Int64Or(-1), 1764000000000);
  EXPECT_FALSE(json["d"].AsInt64().ok());
  EXPECT_FALSE(json["e"].AsInt64().ok());
  EXPECT_FALSE(json["f"].AsInt64().ok());
}

TEST(Json, SaysLineAndColumnOfASyntaxError) {
  const Result<Json> json = Json::Parse("{\n  \"a\": tru }");
  ASSERT_FALSE(json.ok());
  EXPECT_NE(json.error().message.find("line 2"), std::string::npos) << json.error().message;
}

TEST(Json, BoundsDepthAtTheBoundAndOnePast) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(Json::Parse(nested(bounds::kJsonDepth)).ok());
  const Result<Json> deeper = Json::Parse(nested(bounds::kJsonDepth + 1));
  ASSERT_FALSE(deeper.ok());
  EXPECT_NE(deeper.error().message.find("nested deeper than 64 levels"), std::string::npos);
  EXPECT_FALSE(Json::Parse(nested(1000)).ok());
}

TEST(Json, BoundsSizeAtTheBoundAndOnePast) {
  EXPECT_TRUE(Json::Parse("\"1234\"", 6).ok());
  EXPECT_EQ(Json::Parse("\"12345\"", 6).error().code, ErrorCode::kTooLarge);
}

TEST(Json, RefusesANumberThatCouldNotBeWrittenAgain) {
  EXPECT_TRUE(Json::Parse("[1e308,-1e308,1e-400]").ok());
  EXPECT_EQ(Json::Parse(R"({"a":[0,1e309]})").error().message, "a[1]: the number is too large (over 1e308)");
  EXPECT_EQ(Json::Parse("-1e309").error().message, "the document: the number is too large (over 1e308)");
}

TEST(Json, RefusesTextBehindTheValueAndTruncatedText) {
  EXPECT_FALSE(Json::Parse("{} {}").ok());
  EXPECT_FALSE(Json::Parse("{\"a\":1").ok());
  EXPECT_FALSE(Json::Parse("").ok());
}

TEST(Json, ParseFirstLeavesTheRest) {
  std::size_t consumed = 0;
  const std::string_view text = "{\"a\":1}\n {\"b\":2}";
  ASSERT_TRUE(Json::ParseFirst(text, consumed).ok());
  EXPECT_EQ(text.substr(consumed), "{\"b\":2}");
}

TEST(Json, ParseFirstGoesOnFromWhereItStoppedAndCountsLinesFromTheStart) {
  const std::string_view text = "{\"a\":1}\n{\"b\":2}\n{\"c\":nope}";
  std::size_t position = 0;
  ASSERT_TRUE(Json::ParseFirst(text, position).ok());
  const Result<Json> second = Json::ParseFirst(text, position);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->ToText(), "{\"b\":2}");
  const Result<Json> third = Json::ParseFirst(text, position);
  ASSERT_FALSE(third.ok());
  EXPECT_NE(third.error().message.find("line 3, column "), std::string::npos) << third.error().message;
}

TEST(Json, AMissingPlaceBelowAnArrayElementKnowsItsWholePath) {
  const Json json = ParsedText(R"({"records":[{},{"id":1}]})");
  EXPECT_EQ(json["records"].Elements()[1]["sns"]["message"].Path(), "records[1].sns.message");
  EXPECT_EQ(json["x"]["y"].Path(), "x.y");
}

TEST(Json, PathsInAPartThatIsADocumentOfItsOwnStartThere) {
  const Json record = ParsedText(R"({"records":[{},{"a":[{"b":1}]}]})")["records"].Elements()[1].AsDocument();
  EXPECT_EQ(record.Path(), "");
  EXPECT_EQ(record["a"].Elements()[0]["b"].Path(), "a[0].b");
  EXPECT_EQ(record["a"].Elements()[0]["c"].Path(), "a[0].c");
  EXPECT_EQ(record["x"].AsDocument().Path(), "x");
}

TEST(Json, OutlivesTheDocumentItCameFrom) {
  Json inner;
  {
    const Json outer = ParsedText(R"({"a":{"b":"text"}})");
    inner = outer["a"]["b"];
  }
  EXPECT_EQ(inner.StringOr(""), "text");
}

TEST(JsonWriter, WritesNestedValuesWithCommasInTheRightPlaces) {
  JsonWriter out;
  out.BeginObject().Member("a", 1).Key("b").BeginArray().String("x").BeginObject().EndObject().EndArray();
  out.Member("c", true).Key("d").Null().EndObject();
  EXPECT_EQ(out.text(), R"({"a":1,"b":["x",{}],"c":true,"d":null})");
}

TEST(JsonWriter, OutputIsValidJsonWhateverTheTextHolds) {
  const std::string hostile("a\"\\\n\x01\xff\xc3\x28\xe2\x82", 10);
  const Json back = ParsedText(JsonString(hostile));
  EXPECT_EQ(back.StringOr(""), "a\"\\\n\x01\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace sallyport

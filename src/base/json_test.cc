// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <vector>

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

// Whichever of the two a reader takes, another reader may take the other one: such a text says nothing.
TEST(Json, RefusesAnObjectThatHasANameTwiceWhereverItStands) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {R"({"a":1,"a":1})", "not usable JSON at line 1, column 8: an object has the member `a` twice"},
      {R"({"a":[],"b":2,"a":[{}]})", "not usable JSON at line 1, column 15: an object has the member `a` twice"},
      {"[{},\n {\"b\":{\"c\":\"}\\\"{\",\"c\":null}}]",
       "not usable JSON at line 2, column 19: an object has the member `c` twice"},
      {R"({"a":{"x":1,"x":2},"a":3})", "not usable JSON at line 1, column 13: an object has the member `x` twice"},
      {R"({"a":1,"\u0061":2})", "not usable JSON at line 1, column 8: an object has the member `a` twice"},
      {R"({"":1,"":2})", "not usable JSON at line 1, column 7: an object has the member `` twice"},
  };
  for (const Case& one : cases) {
    const Result<Json> json = Json::Parse(one.text);
    ASSERT_FALSE(json.ok()) << one.text;
    EXPECT_EQ(json.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(json.error().message, one.error) << one.text;
  }
  EXPECT_TRUE(Json::Parse(R"([{"a":"a"},{"a":{"a":["a","a"]}},{"A":1,"a":1}])").ok());
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_TRUE(Json::Parse(many + "\"k1000\":0}").ok());
  EXPECT_FALSE(Json::Parse(many + "\"k777\":0}").ok());
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

// Whatever shows JSON shows this text: a terminal, a log viewer, a browser.
TEST(JsonWriter, EscapesEveryCharacterThatDeceivesAReader) {
  const std::vector<std::uint32_t> deceptive = {0x7f,   0x80,   0x85,   0x9b,   0x9f,   0x061c, 0x200b, 0x200e,
                                                0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff};
  for (const std::uint32_t code_point : deceptive) {
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(code_point));
    const Json read = ParsedText("\"a" + std::string(escape.data()) + "b\"");
    const std::string text = read.StringOr("");
    EXPECT_EQ(JsonString(text), "\"a" + std::string(escape.data()) + "b\"");
    EXPECT_EQ(read.ToText(), "\"a" + std::string(escape.data()) + "b\"");
    EXPECT_EQ(ParsedText(JsonString(text)).StringOr(""), text);
    const std::string object = std::string("{\"").append(text).append("\":\"").append(text).append("\"}");
    const std::string written = std::string("\"a").append(escape.data()).append("b\"");
    EXPECT_EQ(ParsedText(object).ToText(), std::string("{").append(written).append(":").append(written).append("}"));
  }
  // Everything else stays as it is: text of any language.
  const std::string plain = "Gr\u00fc\u00dfe, \u65e5\u672c, \U0001F512 \u00a0\u2010";
  EXPECT_EQ(JsonString(plain), "\"" + plain + "\"");
}

TEST(Json, BoundsTheValuesAtTheBoundAndOnePast) {
  const std::size_t most = bounds::kEventBytes / bounds::kBytesPerJsonValue;
  // With the array itself.
  std::string text = "[0";
  for (std::size_t i = 2; i < most; ++i) text += ",0";
  EXPECT_TRUE(Json::Parse(text + "]").ok());
  for (const std::string more : {"0", "{}", "[]", "null", "true", "1.5", "\"x\""}) {
    const auto over = Json::Parse(std::string(text).append(",").append(more).append("]"));
    ASSERT_FALSE(over.ok()) << more;
    EXPECT_EQ(over.error().code, ErrorCode::kTooLarge) << more;
    EXPECT_NE(over.error().message.find("over the bound of " + std::to_string(most) + " values"), std::string::npos)
        << over.error().message;
  }
  EXPECT_TRUE(Json::Parse(text + ",0]", 2 * bounds::kEventBytes).ok());
}

TEST(Json, AnObjectGivesItsMembersOneByOneInTheirOrder) {
  const Json json = ParsedText(R"({"one":1,"two":"2","three":{"four":4},"none":[]})");
  const Json::MemberList members = json.Members();
  ASSERT_EQ(members.size(), 4U);
  EXPECT_EQ(members[0].key, "one");
  EXPECT_EQ(members[2].value["four"].Path(), "three.four");
  std::string keys;
  for (const auto& [key, value] : json.Members()) keys += key + (value.HasValue() ? " " : "!");
  EXPECT_EQ(keys, "one two three none ");
  EXPECT_TRUE(json["none"].Members().empty());
  EXPECT_TRUE(Json().Members().empty());
  EXPECT_TRUE(ParsedText("{}").Members().empty());
}

// Of a file the bound is that of its own size, so that memory is linear in it: at the bound, and one past it.
TEST(Json, BoundsTheValuesOfADocumentInAFileByItsSize) {
  const std::size_t values = 150'000;
  std::string text = "[0";
  for (std::size_t i = 2; i < values; ++i) text += ",0";
  text += "]";
  const auto padded = [&](std::size_t size) { return text + std::string(size - text.size(), ' '); };
  std::size_t position = 0;
  EXPECT_TRUE(Json::ParseFirst(padded(values * bounds::kBytesPerJsonValue), position).ok());
  position = 0;
  const auto over = Json::ParseFirst(padded(values * bounds::kBytesPerJsonValue - 1), position);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
  // Any may have 100,000.
  std::string few = "[0";
  for (std::size_t i = 2; i < 100'000; ++i) few += ",0";
  position = 0;
  EXPECT_TRUE(Json::ParseFirst(few + "]", position).ok());
  position = 0;
  EXPECT_FALSE(Json::ParseFirst(few + ",0]", position).ok());
}

TEST(Json, AListGivesItsElementsOneByOne) {
  const Json json = ParsedText(R"({"list":[1,"two",{"three":3}],"none":7})");
  const Json::List list = json["list"].Elements();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list.front().Int64Or(0), 1);
  EXPECT_EQ(list[1].StringOr(""), "two");
  EXPECT_EQ(list.at(2)["three"].Path(), "list[2].three");
  std::size_t seen = 0;
  for (const Json& element : list) seen += element.HasValue() ? 1 : 0;
  EXPECT_EQ(seen, 3U);
  EXPECT_TRUE(json["none"].Elements().empty());
  EXPECT_TRUE(Json().Elements().empty());
}

}  // namespace
}  // namespace sallyport

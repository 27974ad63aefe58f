// SPDX-License-Identifier: Apache-2.0
#include "base/json_fields.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

Json Parsed(std::string_view text) {
  const Result<Json> json = Json::Parse(text);
  EXPECT_TRUE(json.ok());
  return json.value_or(Json());
}

TEST(JsonFields, TakesAbsentAndNullForNotTold) {
  const Json json = Parsed(R"({"null":null})");
  JsonFields fields;
  for (const char* name : {"null", "absent"}) {
    EXPECT_EQ(fields.Text(json[name]), "");
    EXPECT_EQ(fields.Whole(json[name], 7), 7);
    EXPECT_FALSE(fields.Flag(json[name]));
    EXPECT_FALSE(fields.Object(json[name]).IsObject());
    EXPECT_FALSE(fields.Array(json[name]).IsArray());
  }
  EXPECT_TRUE(fields.status().ok());
}

TEST(JsonFields, ReadsWhatIsThere) {
  const Json json = Parsed(R"({"text":"a","whole":3,"flag":true,"object":{},"array":[]})");
  JsonFields fields;
  EXPECT_EQ(fields.Text(json["text"]), "a");
  EXPECT_EQ(fields.RequiredText(json["text"]), "a");
  EXPECT_EQ(fields.Whole(json["whole"], 7), 3);
  EXPECT_TRUE(fields.Flag(json["flag"]));
  EXPECT_TRUE(fields.Object(json["object"]).IsObject());
  EXPECT_TRUE(fields.Array(json["array"]).IsArray());
  EXPECT_TRUE(fields.status().ok());
}

TEST(JsonFields, KeepsTheFirstError) {
  const Json json = Parsed(R"({"a":{"b":5}})");
  JsonFields fields;
  EXPECT_EQ(fields.Text(json["a"]["b"]), "");
  EXPECT_FALSE(fields.Flag(json["a"]));
  ASSERT_FALSE(fields.status().ok());
  EXPECT_EQ(fields.status().error().message, "a.b: expected a string, found a number");
  EXPECT_EQ(fields.RequiredText(json["gone"]), "");
  EXPECT_EQ(fields.status().error().message, "a.b: expected a string, found a number");
}

TEST(JsonFields, EveryReaderNamesPathExpectedAndFound) {
  const Json json = Parsed(R"({"m":"x","empty":"","n":1})");
  const auto message = [](auto read) {
    JsonFields fields;
    read(fields);
    return fields.status().ok() ? "" : fields.status().error().message;
  };
  EXPECT_EQ(message([&](JsonFields& f) { f.Whole(json["m"], 0); }), "m: expected a whole number, found a string");
  EXPECT_EQ(message([&](JsonFields& f) { f.Flag(json["m"]); }), "m: expected true or false, found a string");
  EXPECT_EQ(message([&](JsonFields& f) { f.Object(json["m"]); }), "m: expected an object, found a string");
  EXPECT_EQ(message([&](JsonFields& f) { f.Array(json["m"]); }), "m: expected an array, found a string");
  EXPECT_EQ(message([&](JsonFields& f) { f.RequiredText(json["empty"]); }),
            "empty: expected text, found an empty string");
  EXPECT_EQ(message([&](JsonFields& f) { f.RequiredText(json["gone"]); }), "gone: expected a string, found nothing");
  EXPECT_EQ(message([&](JsonFields& f) { f.RequiredText(json["n"]); }), "n: expected a string, found a number");
}

}  // namespace
}  // namespace sallyport

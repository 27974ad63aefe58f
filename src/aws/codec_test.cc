// SPDX-License-Identifier: Apache-2.0
#include "aws/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/json_shape.h"
#include "aws/table.h"
#include "base/json.h"

namespace sallyport::aws {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr Service kJson{"j", "J", "j", "j", "j", Protocol::kJson11, "1", "Target_1"};
constexpr Service kOldJson{"j", "J", "j", "j", "j", Protocol::kJson10, "1", "Target_0"};
constexpr Service kQuery{"q", "Q", "q", "q", "q", Protocol::kQuery, "2010-05-08"};
constexpr Service kEc2Protocol{"e", "E", "e", "e", "e", Protocol::kEc2, "2016-11-15"};
constexpr Service kRestJson{"rj", "RJ", "rj", "rj", "rj", Protocol::kRestJson};
constexpr Service kRestXml{"rx", "RX", "rx", "rx", "rx", Protocol::kRestXml};

struct Part {
  std::string name{};
  std::vector<std::string> values{};
};
constexpr auto kPart = Table<Part>({{"Name", Required<&Part::name>}, {"Values", Field<&Part::values>}});

struct Everything {
  std::string text{};
  std::optional<std::int64_t> number{};
  std::optional<double> fraction{};
  std::optional<bool> flag{};
  std::optional<TimePoint> time{};
  Secret secret{};
  Json tree{};
  std::vector<Part> parts{};
  std::map<std::string, Part> map{};
};
constexpr auto kEverything = Table<Everything>({{"Text", Field<&Everything::text>},
                                                {"Number", Field<&Everything::number>},
                                                {"Fraction", Field<&Everything::fraction>},
                                                {"Flag", Field<&Everything::flag>},
                                                {"Time", Field<&Everything::time>},
                                                {"Secret", Field<&Everything::secret>},
                                                {"Tree", Field<&Everything::tree>},
                                                {"Parts", Field<&Everything::parts, kPart>},
                                                {"Map", Field<&Everything::map, kPart>}});

Everything Full() {
  Everything full;
  full.text = "a b&c";
  full.number = -3;
  full.fraction = 0.5;
  full.flag = false;
  full.time = FromEpochMilliseconds(1'440'938'160'250);
  full.secret = Secret("s");
  full.tree = *Json::Parse(R"({"new":[1,null]})");
  full.parts = {{"p", {"1", "2"}}, {"q", {}}};
  full.map["k"] = {"m", {}};
  return full;
}

Result<Call> EncodeAs(const Service& service, Everything value) {
  const Operation operation{.service = service, .name = "Do", .request = kEverything.View()};
  return Encode(operation, {"", "eu-west-1"}, &value);
}
Result<Call> EncodeAs(const Service& service, Part value) {
  const Operation operation{.service = service, .name = "Do", .request = kPart.View()};
  return Encode(operation, {"", "eu-west-1"}, &value);
}

TEST(Encode, Json) {
  const auto call = EncodeAs(kJson, Full());
  ASSERT_TRUE(call.ok());
  EXPECT_THAT(call->headers, UnorderedElementsAre(Pair("Content-Type", "application/x-amz-json-1.1"),
                                                  Pair("X-Amz-Target", "Target_1.Do")));
  EXPECT_EQ(
      call->body,
      R"({"Text":"a b&c","Number":-3,"Fraction":5E-1,"Flag":false,"Time":1440938160.250,"Secret":"s",)"
      R"("Tree":{"new":[1,null]},"Parts":[{"Name":"p","Values":["1","2"]},{"Name":"q"}],"Map":{"k":{"Name":"m"}}})");
  EXPECT_EQ(EncodeAs(kOldJson, Everything{})->headers.front().second, "application/x-amz-json-1.0");
  EXPECT_EQ(EncodeAs(kOldJson, Everything{})->body, "{}");
}

TEST(Encode, Query) {
  Everything full = Full();
  full.fraction.reset();
  full.tree = {};
  const auto call = EncodeAs(kQuery, full);
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->headers.front().second, "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(
      call->body,
      "Action=Do&Version=2010-05-08&Text=a%20b%26c&Number=-3&Flag=false&Time=2015-08-30T12%3A36%3A00.250Z&Secret=s"
      "&Parts.member.1.Name=p&Parts.member.1.Values.member.1=1&Parts.member.1.Values.member.2=2"
      "&Parts.member.2.Name=q&Map.entry.1.Name=k&Map.entry.1.Value.Name=m");
}

TEST(Encode, Ec2NumbersItsListsWithoutAWord) {
  const auto call = EncodeAs(kEc2Protocol, Part{"n", {"1", "2"}});
  EXPECT_EQ(call->body, "Action=Do&Version=2016-11-15&Name=n&Values.1=1&Values.2=2");
}

TEST(Encode, NamesAMissingMember) {
  for (const Service& service : {kJson, kQuery}) {
    const auto call = EncodeAs(service, Part{});
    ASSERT_FALSE(call.ok());
    EXPECT_EQ(call.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(call.error().message, HasSubstr(":Do in eu-west-1: the member `Name` of the request is missing"));
  }
}

struct Located {
  std::string id{};
  std::string next{};
  std::optional<std::int64_t> most{};
  std::string tag{};
  std::string body_text{};
};
constexpr auto kLocated = Table<Located>({{"Id", Required<&Located::id>, Location::kPath},
                                          {"next", Field<&Located::next>, Location::kQuery},
                                          {"most", Field<&Located::most>, Location::kQuery},
                                          {"X-Tag", Field<&Located::tag>, Location::kHeader},
                                          {"text", Field<&Located::body_text>}});

TEST(Encode, RestPutsMembersWhereTheyBelong) {
  const Operation operation{
      .service = kRestJson, .name = "Do", .uri = "/things/{Id}/do?fixed", .request = kLocated.View()};
  Located value{"arn:aws:x/1", "a=b", 5, "t", "body"};
  const auto call = Encode(operation, {"", "eu-west-1"}, &value);
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->path, "/things/arn%3Aaws%3Ax%2F1/do");
  EXPECT_EQ(call->query, "fixed&next=a%3Db&most=5");
  EXPECT_EQ(call->body, R"({"text":"body"})");
  EXPECT_THAT(call->headers, UnorderedElementsAre(Pair("X-Tag", "t"), Pair("Content-Type", "application/json")));
}

TEST(Encode, RestGetHasNoBody) {
  const Operation operation{
      .service = kRestJson, .name = "Do", .method = "GET", .uri = "/things/{Id}", .request = kLocated.View()};
  Located value{.id = "1"};
  const auto call = Encode(operation, {"", "eu-west-1"}, &value);
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->body, "");
  EXPECT_TRUE(call->headers.empty());
}

TEST(Encode, RestRefusesAPathWithAHole) {
  const Operation operation{
      .service = kRestJson, .name = "Do", .uri = "/things/{Id}/{Other}", .request = kLocated.View()};
  Located value{.id = "1"};
  EXPECT_THAT(Encode(operation, {"", "eu-west-1"}, &value).error().message,
              HasSubstr("a part of the path `/things/{Id}/{Other}` is missing"));
}

struct Outside {
  std::string whole{};
  std::string tag{};
  std::optional<std::int64_t> count{};
};
constexpr auto kOutside = Table<Outside>({{"Whole", Field<&Outside::whole>, Location::kPayload},
                                          {"ETag", Required<&Outside::tag>, Location::kHeader},
                                          {"X-Count", Field<&Outside::count>, Location::kHeader}});

template <class T>
Result<T> DecodeAs(const Service& service, std::string body, HeaderList headers = {}, std::string_view root = "") {
  const Structure structure = std::is_same_v<T, Outside> ? kOutside.View() : kEverything.View();
  const Operation operation{.service = service, .name = "Do", .root = root, .answer = structure};
  T answer;
  const Status read = Decode(operation, {200, std::move(headers), std::move(body)}, &answer);
  if (!read.ok()) return read.error();
  return answer;
}

void ExpectFull(const Result<Everything>& read) {
  ASSERT_TRUE(read.ok()) << read.error().ToText();
  EXPECT_EQ(read->text, "a b&c");
  EXPECT_EQ(read->number, -3);
  EXPECT_EQ(read->fraction, 0.5);
  EXPECT_EQ(read->flag, false);
  EXPECT_EQ(read->time, FromEpochMilliseconds(1'440'938'160'250));
  EXPECT_EQ(read->secret.RevealForRequest(), "s");
  EXPECT_EQ(read->tree.ToText(), R"({"new":[1,null]})");
  ASSERT_EQ(read->parts.size(), 2U);
  EXPECT_EQ(read->parts[0].values, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(read->map.at("k").name, "m");
}

TEST(Decode, JsonReadsWhatEncodeWrote) {
  ExpectFull(DecodeAs<Everything>(kJson, EncodeAs(kJson, Full())->body));
}

TEST(Decode, JsonSkipsUnknownMembersAndNulls) {
  const auto read = DecodeAs<Everything>(kJson, R"({"New":{"deep":[{}]},"Text":null,"Number":7,"Map":{"a":null}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->text, "");
  EXPECT_EQ(read->number, 7);
  EXPECT_TRUE(read->map.empty());
}

TEST(Decode, JsonTakesTimesInBothForms) {
  EXPECT_EQ(DecodeAs<Everything>(kJson, R"({"Time":1440938160.25})")->time, FromEpochMilliseconds(1'440'938'160'250));
  EXPECT_EQ(DecodeAs<Everything>(kJson, R"({"Time":"2015-08-30T12:36:00.250Z"})")->time,
            FromEpochMilliseconds(1'440'938'160'250));
}

TEST(Decode, JsonNamesWhatIsWrong) {
  struct Row {
    const char* body;
    const char* message;
  };
  for (const Row& row : {
           Row{R"({"Parts":[{"Name":"a"},{"Values":[]}]})", "Parts[1].Name is missing"},
           Row{R"({"Parts":{}})", "Parts: expected an array, found an object"},
           Row{R"({"Parts":["a"]})", "Parts[0]: expected an object, found a string"},
           Row{R"({"Map":[]})", "Map: expected an object, found an array"},
           Row{R"({"Flag":"yes"})", "Flag: expected true or false, found a string"},
           Row{R"({"Number":1.5})", "Number: expected a whole number, found a number"},
           Row{R"({"Time":1e18})", "Time: expected a time, found a number"},
           Row{R"({"Time":-1})", "Time: expected a time, found a number"},
           Row{"[]", "the document: expected an object, found an array"},
           Row{R"({"Text":"a)", "the answer cannot be read: not valid JSON at line 1"},
           Row{"", "the answer cannot be read: not valid JSON"},
       }) {
    const auto read = DecodeAs<Everything>(kJson, row.body);
    ASSERT_FALSE(read.ok()) << row.body;
    EXPECT_EQ(read.error().code, ErrorCode::kBadAnswer);
    EXPECT_THAT(read.error().message, HasSubstr(row.message)) << row.body;
  }
}

constexpr const char* kXmlMembers =
    "<Text>a b&amp;c</Text><Number>-3</Number><Fraction>0.5</Fraction><Flag>false</Flag><New><x/></New>"
    "<Time>2015-08-30T12:36:00.250Z</Time><Secret>s</Secret><Tree>{\"new\":[1,null]}</Tree>"
    "<Parts><member><Name>p</Name><Values><member>1</member><member>2</member></Values></member>"
    "<member><Name>q</Name></member></Parts><Map><entry><key>k</key><value><Name>m</Name></value></entry></Map>";

TEST(Decode, XmlHasAWrapperForEachProtocol) {
  const std::string members = kXmlMembers;
  ExpectFull(DecodeAs<Everything>(
      kQuery, "<DoResponse xmlns=\"u\"><DoResult>" + members + "</DoResult><ResponseMetadata/></DoResponse>"));
  ExpectFull(DecodeAs<Everything>(kEc2Protocol, "<DoResponse><requestId>r</requestId>" + members + "</DoResponse>"));
  ExpectFull(DecodeAs<Everything>(kRestXml, "<Thing>" + members + "</Thing>", {}, "Thing"));
}

TEST(Decode, XmlNamesWhatIsWrong) {
  struct Row {
    Service service;
    const char* body;
    const char* message;
  };
  for (const Row& row : {
           Row{kEc2Protocol, "<OtherResponse/>", "the answer is not one of Do: its root element is `OtherResponse`"},
           Row{kQuery, "<html/>", "its root element is `html`"},
           Row{kQuery, "<DoResponse/>", "the answer lacks `DoResult`"},
           Row{kEc2Protocol, "<DoResponse><Text>", "the answer cannot be read: not valid XML: "},
           Row{kEc2Protocol, "<DoResponse><Parts><item/></Parts></DoResponse>",
               "DoResponse/Parts/item/Name is missing"},
           Row{kEc2Protocol, "<DoResponse><Number>x</Number></DoResponse>",
               "DoResponse/Number: expected a whole number, found `x`"},
           Row{kEc2Protocol, "<DoResponse><Flag>2</Flag></DoResponse>",
               "DoResponse/Flag: expected true or false, found `2`"},
           Row{kEc2Protocol, "<DoResponse><Time>now</Time></DoResponse>",
               "DoResponse/Time: expected a time, found `now`"},
           Row{kEc2Protocol, "<DoResponse><Fraction>{}</Fraction></DoResponse>", "expected a number, found `{}`"},
           Row{kEc2Protocol, "<DoResponse><Tree>x</Tree></DoResponse>", "DoResponse/Tree: expected JSON, found `x`"},
       }) {
    const auto read = DecodeAs<Everything>(row.service, row.body);
    ASSERT_FALSE(read.ok()) << row.body;
    EXPECT_EQ(read.error().code, ErrorCode::kBadAnswer);
    EXPECT_THAT(read.error().message, HasSubstr(row.message)) << row.body;
  }
}

TEST(Decode, TakesMembersFromHeadersAndTheWholeBody) {
  const auto read = DecodeAs<Outside>(kRestXml, "{not xml}", {{"etag", "E1"}, {"x-count", "3"}});
  ASSERT_TRUE(read.ok()) << read.error().ToText();
  EXPECT_EQ(read->whole, "{not xml}");
  EXPECT_EQ(read->tag, "E1");
  EXPECT_EQ(read->count, 3);
  EXPECT_THAT(DecodeAs<Outside>(kRestXml, "").error().message, HasSubstr("ETag is missing"));
  EXPECT_THAT(DecodeAs<Outside>(kRestXml, "", {{"ETag", "E"}, {"X-Count", "3x"}}).error().message,
              HasSubstr("expected a whole number, found `3x`"));
}

TEST(JsonWriteShape, HidesSecretsAndWritesTimesForPeople) {
  Everything full = Full();
  JsonWriteShape shape(Secrets::kHidden, Times::kText);
  shape.Walk(kEverything.View(), &full);
  const std::string text = shape.Take();
  EXPECT_THAT(text, HasSubstr(R"("Secret":"***")"));
  EXPECT_THAT(text, HasSubstr(R"("Time":"2015-08-30T12:36:00.250Z")"));
}

struct Shared {
  std::string id{};
  std::string state{};
  std::string document{};
  std::vector<std::string> addresses{};
};
constexpr auto kSharedState = Table<Shared>({{"Name", Required<&Shared::state>}});
constexpr auto kAddress = Only("Address");
void Loud(Shared& shared) {
  shared.id += "!";
}
constexpr auto kShared = Table<Shared>({{"Id", Required<&Shared::id>},
                                        {"State", RequiredInside<kSharedState>},
                                        {"Document", Encoded<&Shared::document>},
                                        {"Addresses", Field<&Shared::addresses, kAddress>}},
                                       Completed<&Loud>);
struct Around {
  Shared shared{};
  std::vector<Part> parts{};
};
constexpr auto kAround = Table<Around>({{"", Merged<&Around::shared, kShared>}, {"Part", Flat<&Around::parts, kPart>}});

TEST(Tables, KeepInOneStructureWhatStandsInSeveralOnTheWire) {
  const Operation operation{.service = kEc2Protocol, .name = "Do", .answer = kAround.View()};
  const auto read = [&](const std::string& members, Around& into) {
    return Decode(operation, {200, {}, "<DoResponse>" + members + "</DoResponse>"}, &into);
  };
  Around around;
  const std::string first =
      "<Id>a</Id><State><Code>1</Code><Name>on</Name></State><Document>%7B+%7D</Document>"
      "<Addresses><item><Address>1</Address><Primary/></item><item><Address>2</Address></item></Addresses>"
      "<Part><Name>p</Name></Part><Other/><Part><Name>q</Name></Part>";
  ASSERT_TRUE(read(first, around).ok());
  EXPECT_EQ(around.shared.id, "a!");
  EXPECT_EQ(around.shared.state, "on");
  EXPECT_EQ(around.shared.document, "{+}");
  EXPECT_EQ(around.shared.addresses, (std::vector<std::string>{"1", "2"}));
  ASSERT_EQ(around.parts.size(), 2U);
  EXPECT_EQ(around.parts[1].name, "q");
  // A second page adds to the lists and replaces the rest.
  ASSERT_TRUE(read("<Id>b</Id><State><Name>off</Name></State><Part><Name>r</Name></Part>", around).ok());
  EXPECT_EQ(around.shared.id, "b!");
  EXPECT_EQ(around.shared.state, "off");
  EXPECT_EQ(around.parts.size(), 3U);
  EXPECT_EQ(around.shared.addresses.size(), 2U);
  Around none;
  EXPECT_THAT(read("<Id>a</Id>", none).error().message, HasSubstr("DoResponse/State is missing"));
  EXPECT_THAT(read("<Id>a</Id><State/>", none).error().message, HasSubstr("DoResponse/State/Name is missing"));
  EXPECT_THAT(read("<Id>a</Id><State><Name>x</Name></State><Addresses><item/></Addresses>", none).error().message,
              HasSubstr("DoResponse/Addresses/item/Address is missing"));
}

struct Unknown {
  Json all{};
};
constexpr auto kUnknown = Table<Unknown>({{"", Rest<&Unknown::all>}});

TEST(Tables, CarryMembersThatNobodyKnows) {
  const Operation operation{.service = kJson, .name = "Do", .request = kUnknown.View(), .answer = kUnknown.View()};
  Unknown unknown;
  ASSERT_TRUE(Decode(operation, {200, {}, R"({"New":{"a":[1,null]},"None":null})"}, &unknown).ok());
  const auto call = Encode(operation, {"", "eu-west-1"}, &unknown);
  ASSERT_TRUE(call.ok()) << call.error().ToText();
  EXPECT_EQ(call->body, R"({"New":{"a":[1,null]}})");
}

TEST(Tables, WhatHasNoRowsIsNotRead) {
  const Operation operation{.service = kJson, .name = "Do"};
  EXPECT_TRUE(Decode(operation, {200, {}, "not JSON"}, nullptr).ok());
}

// Which of two members with one name counts would be a guess, in every protocol.
TEST(Decode, RefusesAMemberThatStandsTwice) {
  const std::pair<const Service*, const char*> answers[] = {
      {&kJson, R"({"Text":"a","Text":"b"})"},
      {&kOldJson, R"({"Number":1,"Number":1})"},
      {&kJson, R"({"Parts":[{"Name":"p","Name":"q"}]})"},
      {&kQuery, "<DoResponse><DoResult><Text>a</Text><Text>b</Text></DoResult></DoResponse>"},
      {&kEc2Protocol,
       "<DoResponse><number>1</number><number>1</number><Number>1</Number><Number>2</Number></DoResponse>"},
  };
  for (const auto& [service, body] : answers) {
    const auto read = DecodeAs<Everything>(*service, body);
    ASSERT_FALSE(read.ok()) << body;
    EXPECT_EQ(read.error().code, ErrorCode::kBadAnswer);
  }
}

}  // namespace
}  // namespace sallyport::aws

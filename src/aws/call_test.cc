// SPDX-License-Identifier: Apache-2.0
#include "aws/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/bounds.h"
#include "aws/fake_transport.h"
#include "aws/table.h"

namespace sallyport::aws {
namespace {

using testing::HasSubstr;

constexpr Service kService{"svc", "SVC", "svc", "svc", "svc", Protocol::kJson11, "1", "T"};
constexpr Service kWafLikeService{"svc", "SVC", "svc", "svc", "svc", Protocol::kJson11, "1", "T", true};

struct ListAnswer {
  std::vector<std::string> names{};
  std::optional<bool> truncated{};
  std::string next_page{};
};
struct List {
  using Answer = ListAnswer;
  static const Operation kOp;
  std::string filter{};
  std::string page_token{};
};
constexpr auto kList = Table<List>({{"filter", Field<&List::filter>}, {"token", Field<&List::page_token>}});
constexpr auto kListAnswer = Table<ListAnswer>({{"names", Required<&ListAnswer::names>},
                                                {"more", Field<&ListAnswer::truncated>},
                                                {"next", Field<&ListAnswer::next_page>}});
const Operation List::kOp = Make<List>({kService, "List"}, kList, kListAnswer);

struct WafLikeAnswer {
  std::vector<std::string> names{};
  std::string next_page{};
};
struct WafLike {
  using Answer = WafLikeAnswer;
  static const Operation kOp;
  std::string scope{};
  std::string page_token{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};
constexpr auto kWafLike = Table<WafLike>({{"scope", Field<&WafLike::scope>}, {"token", Field<&WafLike::page_token>}});
constexpr auto kWafLikeAnswer =
    Table<WafLikeAnswer>({{"names", Required<&WafLikeAnswer::names>}, {"next", Field<&WafLikeAnswer::next_page>}});
const Operation WafLike::kOp = Make<WafLike>({kWafLikeService, "List"}, kWafLike, kWafLikeAnswer);

class CallTest : public testing::Test {
 protected:
  FakeTransport transport_;
  Aws aws_{transport_, {"111122223333", "eu-west-1"}};
};

TEST_F(CallTest, ListsToTheEndAndKeepsTheFilter) {
  transport_.Answer(R"({"names":["a"],"next":"1"})");
  transport_.Answer(R"({"names":[],"next":"2"})");  // an empty page is not the last one
  transport_.Answer(R"({"names":["b","c"]})");
  const auto all = aws_.Call(List{.filter = "f"});
  ASSERT_TRUE(all.ok()) << all.error().ToText();
  EXPECT_EQ(all->names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(all->next_page, "");
  const auto calls = transport_.Calls();
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[0].body, R"({"filter":"f"})");
  EXPECT_EQ(calls[2].body, R"({"filter":"f","token":"2"})");
}

TEST_F(CallTest, GivesOnePageWhenAsked) {
  transport_.Answer(R"({"names":["a"],"next":"1"})");
  const auto page = aws_.Page(List{.page_token = "0"});
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->next_page, "1");
  EXPECT_EQ(transport_.Calls().front().body, R"({"token":"0"})");
}

TEST_F(CallTest, BelievesWhatTheServiceSaysAboutMore) {
  transport_.Answer(R"({"names":["a"],"more":false,"next":"left over"})");
  EXPECT_EQ(aws_.Call(List{})->names.size(), 1U);
  transport_.Answer(R"({"names":["a"],"more":true})");
  const auto wrong = aws_.Call(List{});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message,
            "svc:List in eu-west-1 of account 111122223333: the answer says that there is more, and not where");
}

TEST_F(CallTest, StopsWhenAPageTokenComesAgain) {
  for (int i = 0; i < 4; ++i) transport_.Answer(R"({"names":["a"],"next":")" + std::to_string(i % 2) + "\"}");
  const auto all = aws_.Call(List{});
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.error().code, ErrorCode::kBadAnswer);
  EXPECT_THAT(all.error().message, HasSubstr("the same page token came twice, the second time with page 3"));
  EXPECT_EQ(all.error().origin->operation, "List");
  EXPECT_EQ(transport_.Calls().size(), 3U);
}

TEST_F(CallTest, HasABoundOnPages) {
  for (int i = 0; i <= bounds::kPages; ++i) transport_.Answer(R"({"names":[],"next":")" + std::to_string(i) + "\"}");
  const auto all = aws_.Call(List{});
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(all.error().message, HasSubstr("more than 10000 pages"));
  EXPECT_EQ(transport_.Calls().size(), static_cast<std::size_t>(bounds::kPages));
}

TEST_F(CallTest, HalfAListIsNoList) {
  transport_.Answer(R"({"names":["a"],"next":"1"})");
  transport_.Push(Error{ErrorCode::kUnavailable, "gone", ""});
  const auto all = aws_.Call(List{});
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.error().message, "gone");
}

TEST_F(CallTest, StopsAtAnEmptyPageWhereMarkersOutliveTheList) {
  transport_.Answer(R"({"names":["a"],"next":"1"})");
  transport_.Answer(R"({"names":[],"next":"1"})");
  EXPECT_EQ(aws_.Call(WafLike{})->names.size(), 1U);
}

TEST_F(CallTest, AsksForGlobalThingsInTheGlobalRegion) {
  transport_.Answer(R"({"names":[]})");
  transport_.Answer(R"({"names":[]})");
  ASSERT_TRUE(aws_.Call(WafLike{.scope = "CLOUDFRONT"}).ok());
  ASSERT_TRUE(aws_.In("cn-north-1").Call(WafLike{.scope = "REGIONAL"}).ok());
  EXPECT_EQ(transport_.Calls()[0].place, (Place{"111122223333", "us-east-1"}));
  EXPECT_EQ(transport_.Calls()[1].place, (Place{"111122223333", "cn-north-1"}));
}

TEST_F(CallTest, NamesTheRequestWhoseAnswerCannotBeRead) {
  transport_.Answer("{}", {{"x-amzn-requestid", "r-1"}});
  const auto all = aws_.Call(List{});
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.error().message, "svc:List in eu-west-1 of account 111122223333: names is missing, request id r-1");
  EXPECT_EQ(all.error().origin->request_id, "r-1");
}

TEST_F(CallTest, HandsDeadlinesOn) {
  transport_.Answer(R"({"names":[]})");
  const std::chrono::steady_clock::time_point until{std::chrono::seconds{5}};
  ASSERT_TRUE(aws_.With({Duration{7}, until}).Call(List{}).ok());
  EXPECT_EQ(transport_.Calls()[0].deadline, Duration{7});
  EXPECT_EQ(transport_.Calls()[0].until, until);
}

}  // namespace
}  // namespace sallyport::aws

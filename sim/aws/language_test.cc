// SPDX-License-Identifier: Apache-2.0
//
// The small languages that the simulator reads: XML, policies, DynamoDB expressions, Config queries.
#include <gtest/gtest.h>

#include "sim/aws/policy.h"
#include "sim/aws/xml.h"

namespace sallyport::aws_sim {
namespace {

std::string Nested(int depth) {
  std::string out;
  for (int i = 0; i < depth; ++i) out += "<a>";
  for (int i = 0; i < depth; ++i) out += "</a>";
  return out;
}

TEST(Xml, GivesBackWhatItRead) {
  const std::string text =
      "<Config><Id>1 &lt; 2 &amp; 3</Id><List><Item>a</Item><Item>b</Item></List><Empty></Empty></Config>";
  const auto read = ReadXml("<?xml version='1.0'?><!-- c -->" + text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->ToText(), text);
  EXPECT_EQ(read->ChildText("Id"), "1 < 2 & 3");
}

TEST(Xml, SkipsAttributesAndPrefixes) {
  const auto read = ReadXml(R"(<n:A xmlns:n="x" y='>'><n:B/></n:A>)");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->ToText(), "<A><B></B></A>");
}

TEST(Xml, RefusesWhatIsNotWellFormed) {
  for (const std::string_view text :
       {"", "text", "<a>", "<a></b>", "<a/>x", "<a>&unknown;</a>", "<a>&#xD800;</a>", "<a b></a>", "<a b='c></a>",
        R"(<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>)", "<a><!-- ", "<?xml "}) {
    EXPECT_FALSE(ReadXml(text).ok()) << text;
  }
}

TEST(Xml, HasBounds) {
  EXPECT_TRUE(ReadXml(Nested(41)).ok());
  EXPECT_FALSE(ReadXml(Nested(42)).ok());
  std::string many = "<a>";
  for (int i = 0; i < 100'000 - 1; ++i) many += "<b/>";
  EXPECT_TRUE(ReadXml(many + "</a>").ok());
  EXPECT_FALSE(ReadXml(many + "<b/></a>").ok());
}

TEST(Xml, WritesListsInTheThreeWays) {
  const json::object members{{"L", json::array{1, 2}}, {"@x", "y"}, {"N", nullptr}, {"T", "a<b"}};
  std::string member;
  WriteXmlElement(member, "E", members, ListStyle::kMember);
  EXPECT_EQ(member, R"(<E x="y"><L><member>1</member><member>2</member></L><T>a&lt;b</T></E>)");
  std::string item;
  WriteXmlMembers(item, members, ListStyle::kItem);
  EXPECT_EQ(item, "<L><item>1</item><item>2</item></L><T>a&lt;b</T>");
  std::string flat;
  WriteXmlMembers(flat, members, ListStyle::kFlat);
  EXPECT_EQ(flat, "<L>1</L><L>2</L><T>a&lt;b</T>");
}

struct PolicyCase {
  std::string_view what;
  std::string_view statement;
  PolicyQuestion question;
  Verdict verdict;
};

TEST(Policy, Judges) {
  const std::string session = "arn:aws:sts::111122223333:assumed-role/web/i-1";
  const PolicyCase cases[] = {
      {"action by pattern, without case",
       R"("Effect":"Allow","Action":"S3:Get*","Resource":"*")",
       {"s3:GetObject", "r", "", {}},
       Verdict::kAllow},
      {"another action",
       R"("Effect":"Allow","Action":"s3:Get*","Resource":"*")",
       {"s3:PutObject", "r", "", {}},
       Verdict::kNone},
      {"not action",
       R"("Effect":"Deny","NotAction":["s3:Get*"],"Resource":"*")",
       {"s3:PutObject", "r", "", {}},
       Verdict::kDeny},
      {"resource with case",
       R"("Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::A/*")",
       {"s3:GetObject", "arn:aws:s3:::a/1", "", {}},
       Verdict::kNone},
      {"not resource", R"("Effect":"Allow","Action":"*","NotResource":"a")", {"x:Y", "b", "", {}}, Verdict::kAllow},
      {"root stands for the account",
       R"("Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:iam::111122223333:root"})",
       {"sts:AssumeRole", "", session, {}},
       Verdict::kAllow},
      {"a role for its sessions",
       R"("Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:iam::111122223333:role/app/web"})",
       {"sts:AssumeRole", "", session, {}},
       Verdict::kAllow},
      {"another role",
       R"("Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:iam::111122223333:role/we"})",
       {"sts:AssumeRole", "", session, {}},
       Verdict::kNone},
      {"another account",
       R"("Effect":"Allow","Action":"*","Principal":{"AWS":"444455556666"})",
       {"sts:AssumeRole", "", session, {}},
       Verdict::kNone},
      {"everybody",
       R"("Effect":"Allow","Action":"*","Principal":"*")",
       {"sts:AssumeRole", "", session, {}},
       Verdict::kAllow},
      {"condition met",
       R"("Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"K":["a","b"]}})",
       {"x:Y", "r", "", {{"k", {"b"}}}},
       Verdict::kAllow},
      {"condition not met",
       R"("Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"K":"a"}})",
       {"x:Y", "r", "", {{"k", {"b"}}}},
       Verdict::kNone},
      {"condition missing",
       R"("Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"K":"a*"}})",
       {"x:Y", "r", "", {}},
       Verdict::kNone},
      {"missing but if exists",
       R"("Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLikeIfExists":{"K":"a*"}})",
       {"x:Y", "r", "", {}},
       Verdict::kAllow},
      {"not equals",
       R"("Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"K":"a"}})",
       {"x:Y", "r", "", {{"k", {"a"}}}},
       Verdict::kNone},
      {"null",
       R"("Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"K":true}})",
       {"x:Y", "r", "", {}},
       Verdict::kAllow},
      {"bool",
       R"("Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":false}})",
       {"x:Y", "r", "", {{"aws:securetransport", {"false"}}}},
       Verdict::kDeny},
      {"unknown operator",
       R"("Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"K":"a"}})",
       {"x:Y", "r", "", {{"k", {"a"}}}},
       Verdict::kNone},
  };
  for (const PolicyCase& one : cases) {
    const auto document = R"({"Version":"2012-10-17","Statement":{)" + std::string(one.statement) + "}}";
    EXPECT_EQ(Judge(document, one.question), one.verdict) << one.what;
  }
  EXPECT_EQ(Judge("no policy", {"x:Y", "r", "", {}}), Verdict::kNone);
}

TEST(Policy, DenyBeatsAllow) {
  const std::string_view both =
      R"({"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}]})";
  EXPECT_EQ(Judge(both, {"x:Y", "r", "", {}}), Verdict::kDeny);
}

}  // namespace
}  // namespace sallyport::aws_sim

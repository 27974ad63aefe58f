// SPDX-License-Identifier: Apache-2.0
#include "aws_client/providers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws_client/chain.h"
#include "aws_client/test_support.h"

namespace sallyport::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kContainerAnswer =
    R"({"AccessKeyId":"AKIDC","SecretAccessKey":"sc","Token":"tc","Expiration":"2030-01-01T00:00:00Z"})";

std::string StsAnswer(const std::string& operation, const std::string& key) {
  return "<" + operation + "Response><" + operation + "Result><Credentials><AccessKeyId>" + key +
         "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>"
         "2030-01-01T00:00:00Z</Expiration></Credentials></" +
         operation + "Result></" + operation + "Response>";
}

class ProvidersTest : public testing::Test {
 protected:
  ProviderParts Parts() {
    auto configuration = ReadConfiguration(environment_);
    EXPECT_TRUE(configuration.ok()) << configuration.error().ToText();
    configuration_ = configuration.value_or({});
    return {bench_.http, bench_.metadata, bench_.clock, bench_.random,
            bench_.log,  bench_.rates,    environment_, configuration_};
  }
  void Config(const std::string& text) { fake_.files["/home/me/.aws/config"] = text; }

  template <class Provider>
  std::string Fetch() {
    const auto credentials = Provider(Parts()).Fetch();
    return credentials.ok() ? credentials->keys.access_key_id
                            : std::string(ToString(credentials.error().code)) + ": " + credentials.error().message;
  }
  std::string Profile() { return Fetch<ProfileProvider>(); }

  ClientBench bench_;
  FakeEnvironment fake_{.variables = {{"HOME", "/home/me"}, {"AWS_REGION", "eu-west-1"}}};
  Environment environment_ = fake_.Get();
  Configuration configuration_;
};

TEST_F(ProvidersTest, EnvironmentNeedsBothKeys) {
  EXPECT_EQ(Fetch<EnvironmentProvider>(), "not-found: AWS_ACCESS_KEY_ID is not set");
  fake_.variables["AWS_ACCESS_KEY_ID"] = "AKIDE";
  EXPECT_EQ(Fetch<EnvironmentProvider>(), "unauthenticated: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
  fake_.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  fake_.variables["AWS_SESSION_TOKEN"] = "t";
  EXPECT_EQ(EnvironmentProvider(Parts()).Fetch()->keys.session_token.RevealForRequest(), "t");
}

TEST_F(ProvidersTest, WebIdentityReadsTheTokenEachTime) {
  EXPECT_EQ(Fetch<WebIdentityProvider>(), "not-found: AWS_WEB_IDENTITY_TOKEN_FILE is not set");
  fake_.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
  EXPECT_EQ(Fetch<WebIdentityProvider>(),
            "unauthenticated: AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not");
  fake_.variables["AWS_ROLE_ARN"] = "arn:aws:iam::111122223333:role/pod";
  EXPECT_EQ(Fetch<WebIdentityProvider>(), "unauthenticated: the web identity token: there is no file `/token`");
  for (const char* token : {"one\n", "two\n"}) {
    fake_.files["/token"] = token;
    bench_.http.Answer(200, StsAnswer("AssumeRoleWithWebIdentity", "AKIDW"));
    EXPECT_EQ(Fetch<WebIdentityProvider>(), "AKIDW");
  }
  const auto sent = bench_.http.Requests();
  EXPECT_EQ(sent[0].url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_THAT(sent[0].body, HasSubstr("WebIdentityToken=one"));
  EXPECT_THAT(sent[0].body, HasSubstr("RoleSessionName=sallyport"));
  EXPECT_THAT(sent[1].body, HasSubstr("WebIdentityToken=two"));
  EXPECT_TRUE(sent[0].secret_headers.empty());
}

TEST_F(ProvidersTest, ProfileGivesItsKeys) {
  EXPECT_EQ(Profile(), "not-found: AWS_PROFILE is not set and the shared files have no such profile");
  fake_.files["/home/me/.aws/credentials"] = "[default]\naws_access_key_id=AKIDP\naws_secret_access_key=s\n";
  EXPECT_EQ(Profile(), "AKIDP");
  fake_.variables["AWS_PROFILE"] = "gone";
  EXPECT_EQ(Profile(), "unauthenticated: profile `gone` is in neither of the shared files");
}

TEST_F(ProvidersTest, ProfileTakesARoleWithTheKeysOfAnother) {
  Config(
      "[default]\nrole_arn=arn:aws:iam::111122223333:role/a\nsource_profile=base\nexternal_id=ext\n"
      "role_session_name=me\nduration_seconds=43200\n"
      "[profile base]\naws_access_key_id=AKIDB\naws_secret_access_key=s\n");
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKIDR"));
  EXPECT_EQ(Profile(), "AKIDR");
  const HttpRequest sent = bench_.http.Requests().at(0);
  EXPECT_EQ(
      sent.body,
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa&RoleSessionName=me"
      "&DurationSeconds=43200&ExternalId=ext");
  EXPECT_THAT(HeaderOf(sent, "Authorization"), HasSubstr("Credential=AKIDB/"));
}

TEST_F(ProvidersTest, AChainOfRolesLivesAnHour) {
  Config(
      "[default]\nrole_arn=arn:aws:iam::444455556666:role/b\nsource_profile=middle\nduration_seconds=7200\n"
      "[profile middle]\nrole_arn=arn:aws:iam::111122223333:role/a\nsource_profile=middle\n"
      "aws_access_key_id=AKIDM\naws_secret_access_key=s\n");
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKID1"));
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKID2"));
  EXPECT_EQ(Profile(), "AKID2");
  const auto sent = bench_.http.Requests();
  EXPECT_THAT(HeaderOf(sent[0], "Authorization"), HasSubstr("Credential=AKIDM/"));
  EXPECT_THAT(HeaderOf(sent[1], "Authorization"), HasSubstr("Credential=AKID1/"));
  EXPECT_THAT(sent[1].body, HasSubstr("DurationSeconds=3600"));
}

TEST_F(ProvidersTest, ProfileNamesOtherSources) {
  Config("[default]\nrole_arn=arn:aws:iam::111122223333:role/a\ncredential_source=Environment\n");
  EXPECT_EQ(Profile(), "unauthenticated: the source of profile `default`: AWS_ACCESS_KEY_ID is not set");
  fake_.variables["AWS_ACCESS_KEY_ID"] = "AKIDE";
  fake_.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKIDR"));
  EXPECT_EQ(Profile(), "AKIDR");
  Config("[default]\nrole_arn=arn:aws:iam::111122223333:role/a\ncredential_source=EcsContainer\n");
  fake_.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2";
  bench_.metadata.Answer(200, kContainerAnswer);
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKIDR"));
  EXPECT_EQ(Profile(), "AKIDR");
  Config("[default]\nrole_arn=arn:aws:iam::111122223333:role/a\nweb_identity_token_file=/token\n");
  fake_.files["/token"] = "t";
  bench_.http.Answer(200, StsAnswer("AssumeRoleWithWebIdentity", "AKIDW"));
  EXPECT_EQ(Profile(), "AKIDW");
}

TEST_F(ProvidersTest, ProfileRunsAProgram) {
  Config("[default]\ncredential_process = /bin/keys --for \"a b\"\n");
  const std::string command = "/bin/keys --for \"a b\"";
  EXPECT_EQ(Profile(), "unavailable: profile `default`: credential_process: `/bin/keys --for \"a b\"` failed");
  fake_.programs[command] = R"({"Version":1,"AccessKeyId":"AKIDX","SecretAccessKey":"s","SessionToken":"t"})";
  EXPECT_EQ(Profile(), "AKIDX");
  fake_.programs[command] = R"({"Version":2,"AccessKeyId":"AKIDX","SecretAccessKey":"s"})";
  EXPECT_THAT(Profile(), HasSubstr(R"(credential_process that does not print `"Version": 1`)"));
  fake_.programs[command] = "the secret is hunter2";
  EXPECT_THAT(Profile(), HasSubstr("profile `default`: credential_process: the answer is not JSON"));
  EXPECT_THAT(Profile(), Not(HasSubstr("hunter2")));
}

TEST_F(ProvidersTest, ProfileSaysWhatIsWrongWithIt) {
  struct Row {
    const char* config;
    const char* message;
  };
  for (const Row& row : {
           Row{"region=x", "not-found: profile `default` has neither keys nor role_arn nor credential_process"},
           Row{"aws_access_key_id=a", "profile `default` has aws_access_key_id without aws_secret_access_key"},
           Row{"role_arn=r\nmfa_serial=m", "profile `default` needs an MFA code that an operator types (mfa_serial)"},
           Row{"role_arn=r", "profile `default` needs exactly one of source_profile and credential_source"},
           Row{"role_arn=r\nsource_profile=b\ncredential_source=Environment",
               "needs exactly one of source_profile and credential_source"},
           Row{"role_arn=r\ncredential_source=Moon", "has the credential_source `Moon`, which is none of"},
           Row{"role_arn=r\nsource_profile=default", "takes its keys, through other profiles, from itself"},
           Row{"role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=default",
               "takes its keys, through other profiles, from itself"},
           Row{"role_arn=r\nsource_profile=b\nduration_seconds=899", "duration_seconds that is not a number from 900"},
           Row{"role_arn=r\nsource_profile=gone", "profile `gone` is in neither of the shared files"},
       }) {
    Config(std::string("[default]\n") + row.config + "\n");
    EXPECT_THAT(Profile(), HasSubstr(row.message)) << row.config;
  }
}

TEST_F(ProvidersTest, AChainOfProfilesHasABound) {
  std::string config = "[default]\nrole_arn=r\nsource_profile=p1\n";
  for (int i = 1; i < 12; ++i) {
    const std::string number = std::to_string(i);
    config += "[profile p" + number + "]\nrole_arn=r\nsource_profile=p" + std::to_string(i + 1) + "\n";
  }
  Config(config);
  EXPECT_THAT(Profile(), HasSubstr("profile `p10` is the last of too many that take each other's role"));
}

TEST_F(ProvidersTest, ContainerAsksWithItsToken) {
  EXPECT_THAT(Fetch<ContainerProvider>(), HasSubstr("not-found: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor"));
  fake_.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  fake_.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/pod-token";
  fake_.files["/pod-token"] = "pod\n";
  bench_.metadata.Fail(ErrorCode::kUnavailable);
  bench_.metadata.Answer(200, kContainerAnswer);
  const auto credentials = ContainerProvider(Parts()).Fetch();
  ASSERT_TRUE(credentials.ok()) << credentials.error().ToText();
  EXPECT_EQ(credentials->keys.session_token.RevealForRequest(), "tc");
  EXPECT_EQ(FormatTime(*credentials->expires), "2030-01-01T00:00:00Z");
  EXPECT_EQ(HeaderOf(bench_.metadata.Requests()[1], "Authorization"), "pod");
  fake_.files["/pod-token"] = "a\r\nHost: b";
  EXPECT_EQ(Fetch<ContainerProvider>(), "unauthenticated: the container's authorization token has a line end in it");
  fake_.files.clear();
  EXPECT_EQ(Fetch<ContainerProvider>(), "unauthenticated: the authorization token: there is no file `/pod-token`");
}

TEST_F(ProvidersTest, ContainerAsksInTheClearOnlyOnThisMachine) {
  for (const char* url : {"http://127.0.0.1:8080/x", "http://127.9.9.9/x", "http://[::1]:1/x", "http://localhost/x",
                          "http://169.254.170.2/x", "http://[fd00:ec2::23]/x", "https://keys.example/x"}) {
    fake_.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    bench_.metadata.Answer(200, kContainerAnswer);
    EXPECT_EQ(Fetch<ContainerProvider>(), "AKIDC") << url;
  }
  for (const char* url : {"http://keys.example/x", "http://127.evil.example/x", "http://127.0.0.1@evil.example/x",
                          "http://169.254.170.2.evil.example/x", "ftp://localhost/x", "http://[::2]/x"}) {
    fake_.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_THAT(Fetch<ContainerProvider>(), HasSubstr("is neither an https URL nor one of this computer")) << url;
  }
}

TEST_F(ProvidersTest, ContainerSaysWhatCameInstead) {
  fake_.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x";
  bench_.metadata.Answer(403);
  EXPECT_EQ(Fetch<ContainerProvider>(), "unauthenticated: HTTP 403 from the container's address");
  EXPECT_EQ(bench_.metadata.Requests()[0].url, "http://169.254.170.2/v2/x");
  bench_.metadata.Answer(200, "{}");
  EXPECT_EQ(Fetch<ContainerProvider>(), "bad-answer: the answer has no AccessKeyId or no SecretAccessKey");
  bench_.metadata.Answer(200, R"({"AccessKeyId":"a","SecretAccessKey":"hunter2","Expiration":"soon"})");
  EXPECT_EQ(Fetch<ContainerProvider>(), "bad-answer: the Expiration in the answer is no time");
}

TEST_F(ProvidersTest, InstanceUsesVersionTwoOnly) {
  bench_.metadata.Answer(200, "imds-token");
  bench_.metadata.Answer(200, "web-role\n");
  bench_.metadata.Answer(
      200,
      R"({"Code":"Success","AccessKeyId":"AKIDI","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-01T00:00:00Z"})");
  EXPECT_EQ(Fetch<InstanceProvider>(), "AKIDI");
  const auto sent = bench_.metadata.Requests();
  EXPECT_EQ(sent[0].method, "PUT");
  EXPECT_EQ(sent[0].url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(HeaderOf(sent[0], "X-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(sent[2].url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/web-role");
  EXPECT_EQ(HeaderOf(sent[2], "X-aws-ec2-metadata-token"), "imds-token");
  bench_.metadata.Answer(403);
  EXPECT_EQ(Fetch<InstanceProvider>(), "unavailable: HTTP 403 when asked for a token");
  EXPECT_EQ(bench_.metadata.Requests().size(), 4U);  // no fall-back to version one
}

TEST_F(ProvidersTest, InstanceRenewsAnAgedTokenOnce) {
  InstanceProvider provider(Parts());
  bench_.metadata.Answer(200, "t1");
  bench_.metadata.Answer(200, "eu-west-1");
  EXPECT_EQ(*provider.Region(), "eu-west-1");
  bench_.metadata.Answer(401);
  bench_.metadata.Answer(200, "t2");
  bench_.metadata.Answer(200, "eu-west-1");
  EXPECT_EQ(*provider.Region(), "eu-west-1");
  bench_.metadata.Answer(401);
  bench_.metadata.Answer(200, "t3");
  bench_.metadata.Answer(401);
  EXPECT_EQ(provider.Region().error().message, "HTTP 401 for /latest/meta-data/placement/region");
}

TEST_F(ProvidersTest, InstanceSaysWhyItGaveNothing) {
  fake_.variables["AWS_EC2_METADATA_DISABLED"] = "True";
  EXPECT_EQ(Fetch<InstanceProvider>(), "not-found: AWS_EC2_METADATA_DISABLED is true");
  fake_.variables.erase("AWS_EC2_METADATA_DISABLED");
  bench_.metadata.Fail(ErrorCode::kTimeout, "too slow");
  bench_.metadata.Fail(ErrorCode::kTimeout, "too slow");
  EXPECT_EQ(Fetch<InstanceProvider>(), "not-found: it does not answer: too slow");
  bench_.metadata.Answer(200, "t");
  bench_.metadata.Answer(404);
  EXPECT_EQ(Fetch<InstanceProvider>(), "not-found: this instance has no role");
  bench_.metadata.Answer(200, "t");
  bench_.metadata.Answer(200, "../x");
  EXPECT_EQ(Fetch<InstanceProvider>(), "bad-answer: the name of the instance's role cannot be one");
  bench_.metadata.Answer(200, "t");
  bench_.metadata.Answer(200, "r");
  bench_.metadata.Answer(200, R"({"Code":"AssumeRoleUnauthorizedAccess"})");
  EXPECT_EQ(Fetch<InstanceProvider>(),
            "unavailable: the instance's role has no keys now: `AssumeRoleUnauthorizedAccess`");
  fake_.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  bench_.metadata.Answer(500);
  bench_.metadata.Answer(500);
  EXPECT_EQ(Fetch<InstanceProvider>(), "unavailable: HTTP 500 when asked for a token");
  EXPECT_EQ(bench_.metadata.Requests().back().url, "http://[fd00:ec2::254]/latest/api/token");
}

TEST_F(ProvidersTest, TheChainNamesEveryProviderAndItsReason) {
  bench_.metadata.Fail(ErrorCode::kUnavailable, "nobody");
  bench_.metadata.Fail(ErrorCode::kUnavailable, "nobody");
  const auto none = CredentialsChain(Parts()).Fetch();
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(
      none.error().message,
      "no AWS credentials: the environment: AWS_ACCESS_KEY_ID is not set; web identity: "
      "AWS_WEB_IDENTITY_TOKEN_FILE is not set; profile `default`: AWS_PROFILE is not set and the shared files have no "
      "such profile; the container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
      "AWS_CONTAINER_CREDENTIALS_FULL_URI is set; the instance metadata service: it does not answer: nobody");
}

TEST_F(ProvidersTest, TheChainStopsAtAProviderThatIsSetUpAndFails) {
  fake_.variables["AWS_PROFILE"] = "typo";
  const auto none = CredentialsChain(Parts()).Fetch();
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message, HasSubstr("profile `typo`: profile `typo` is in neither of the shared files"));
  EXPECT_THAT(none.error().message, Not(HasSubstr("container")));
  EXPECT_TRUE(bench_.metadata.Requests().empty());
}

TEST_F(ProvidersTest, TheChainTakesTheFirstThatGives) {
  fake_.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2";
  bench_.metadata.Answer(200, kContainerAnswer);
  CredentialsChain chain(Parts());
  EXPECT_EQ(chain.Fetch()->keys.access_key_id, "AKIDC");
  EXPECT_TRUE(chain.MayOutliveExpiry());
  fake_.variables["AWS_ACCESS_KEY_ID"] = "AKIDE";
  fake_.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(chain.Fetch()->keys.access_key_id, "AKIDE");
  EXPECT_FALSE(chain.MayOutliveExpiry());
}

TEST_F(ProvidersTest, EachAccountHasARoleOfItsOwn) {
  Client sts = bench_.Make();
  AccountRoles roles;
  roles.home_account = "123456789012";
  roles.role_name = "audit/sallyport";
  roles.external_id = "ext";
  roles.region = "eu-west-1";
  roles.listed["444455556666"] = {"arn:aws:iam::444455556666:role/other", ""};
  AccountCredentials accounts(bench_.credentials, sts, bench_.clock, bench_.random, bench_.log, roles);
  EXPECT_EQ(accounts.For({"", "eu-west-1"})->access_key_id, "AKID1");
  EXPECT_EQ(accounts.For({"123456789012", "eu-west-1"})->access_key_id, "AKID1");
  EXPECT_TRUE(bench_.http.Requests().empty());
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKIDA"));
  EXPECT_EQ(accounts.For({"111122223333", "eu-west-1"})->access_key_id, "AKIDA");
  EXPECT_EQ(accounts.For({"111122223333", "us-east-1"})->access_key_id, "AKIDA");  // kept
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKIDB"));
  EXPECT_EQ(accounts.For({"444455556666", "eu-west-1"})->access_key_id, "AKIDB");
  auto sent = bench_.http.Requests();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_THAT(sent[0].body, HasSubstr("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Faudit%2Fsallyport&"));
  EXPECT_THAT(sent[0].body, HasSubstr("&ExternalId=ext"));
  EXPECT_THAT(sent[1].body, HasSubstr("role%2Fother"));
  EXPECT_THAT(sent[1].body, Not(HasSubstr("ExternalId")));
  accounts.Distrust({"111122223333", ""}, "AKIDA");
  bench_.http.Answer(200, StsAnswer("AssumeRole", "AKIDA2"));
  EXPECT_EQ(accounts.For({"111122223333", "eu-west-1"})->access_key_id, "AKIDA2");
}

TEST_F(ProvidersTest, AnAccountWithoutARoleIsAnError) {
  Client sts = bench_.Make();
  AccountCredentials accounts(bench_.credentials, sts, bench_.clock, bench_.random, bench_.log, {});
  EXPECT_EQ(accounts.For({"111122223333", ""}).error().message, "no role is set for account 111122223333");
  EXPECT_EQ(accounts.For({"11112222333x", ""}).error().message, "`11112222333x` is not an AWS account number");
}

TEST_F(ProvidersTest, ARoleThatCannotBeTakenSaysWhich) {
  Client sts = bench_.Make();
  bench_.http.Answer(403,
                     "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: "
                     "sts:AssumeRole on resource: y</Message></Error></ErrorResponse>");
  const auto refused = TakeRole(sts, "", {"arn:aws:iam::111122223333:role/gone", "", "", 0});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(refused.error().origin->missing_action, "sts:AssumeRole");
  EXPECT_THAT(refused.error().message,
              HasSubstr("taking the role `arn:aws:iam::111122223333:role/gone`: sts:AssumeRole in us-east-1"));
}

TEST(StsRegion, FollowsThePartitionOfTheRole) {
  EXPECT_EQ(StsRegion("eu-west-1", "arn:aws-cn:iam::1:role/r"), "eu-west-1");
  EXPECT_EQ(StsRegion("", "arn:aws-cn:iam::1:role/r"), "cn-north-1");
  EXPECT_EQ(StsRegion("", "arn:aws-us-gov:iam::1:role/r"), "us-gov-west-1");
  EXPECT_EQ(StsRegion("", "arn:aws:iam::1:role/r"), "us-east-1");
}

}  // namespace
}  // namespace sallyport::aws

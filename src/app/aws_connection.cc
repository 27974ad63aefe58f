// SPDX-License-Identifier: Apache-2.0
#include "app/aws_connection.h"

#include <utility>

#include "app/wire.h"
#include "aws/endpoint.h"
#include "aws_api/sts.h"
#include "aws_client/chain.h"
#include "aws_client/client.h"
#include "aws_client/configuration.h"
#include "net/curl_client.h"

namespace sallyport {
namespace {

// The instance metadata service is next door or not there at all.
constexpr Duration kMetadataConnect{1'000};

CurlOptions CurlOptionsForAws() {
  CurlOptions options;
  options.user_agent = UserAgent();
  options.idle_handles = 16;  // as many as calls go out at one time
  return options;
}

CurlOptions CurlOptionsForMetadata() {
  CurlOptions options;
  options.user_agent = UserAgent();
  options.direct = true;
  options.connect_timeout = kMetadataConnect;
  return options;
}

aws::ClientOptions ClientOptionsFor(const aws::Configuration& configuration) {
  aws::ClientOptions options;
  options.endpoints = configuration.endpoints;
  options.attempts = configuration.attempts;
  return options;
}

aws::AccountRoles RolesFor(const AwsSettings& settings, const AwsIdentity& identity) {
  aws::AccountRoles roles;
  roles.home_account = identity.account;
  roles.role_name = settings.role_name;
  roles.external_id = settings.external_id;
  roles.partition = aws::PartitionOf(identity.region).id;
  roles.region = identity.region;
  for (const auto& [account, role_arn] : settings.accounts) roles.listed[account] = {role_arn, settings.external_id};
  return roles;
}

reach::GatherOptions GatherOptionsFor(const AwsSettings& settings, const AwsIdentity& identity) {
  reach::GatherOptions options;
  options.home_account = identity.account;
  options.home_region = identity.region;
  options.regions = settings.regions;
  for (const auto& [account, role_arn] : settings.accounts) options.other_accounts.insert(account);
  options.any_account = !settings.role_name.empty();
  return options;
}

}  // namespace

// In the order in which they need each other.
struct AwsConnection::Parts {
  Parts(aws::Environment the_environment, aws::Configuration the_configuration, Clock& clock, Random& random,
        Logger& log)
      : environment(std::move(the_environment)),
        configuration(std::move(the_configuration)),
        http(CurlOptionsForAws()),
        metadata(CurlOptionsForMetadata()),
        rates(clock),
        chain({http, metadata, clock, random, log, rates, environment, configuration}),
        own(chain, clock, random, log),
        sts(http, own, rates, clock, random, log, ClientOptionsFor(configuration)) {}

  aws::Environment environment;
  aws::Configuration configuration;
  CurlClient http;
  CurlClient metadata;
  aws::RateLimiter rates;
  aws::CredentialsChain chain;
  aws::CachedCredentials own;
  aws::Client sts;
  AwsIdentity identity;
  std::unique_ptr<aws::AccountCredentials> accounts;
  std::unique_ptr<aws::Client> client;
  std::unique_ptr<reach::AwsReach> reach;
};

AwsConnection::AwsConnection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AwsConnection::~AwsConnection() = default;

const AwsIdentity& AwsConnection::identity() const {
  return parts_->identity;
}

reach::Reads& AwsConnection::reach() {
  return *parts_->reach;
}

Result<std::unique_ptr<AwsConnection>> AwsConnection::Make(const AwsSettings& settings, aws::Environment environment,
                                                           Clock& clock, Random& random, Logger& log) {
  auto configuration = aws::ReadConfiguration(environment);
  if (!configuration.ok()) return configuration.error();
  if (!settings.region.empty()) configuration->region = settings.region;
  if (configuration->region.empty()) {
    return Error{ErrorCode::kInvalidInput, "no AWS region is set", "set AWS_REGION, or aws.region in the settings"};
  }
  auto parts = std::make_unique<Parts>(std::move(environment), *std::move(configuration), clock, random, log);
  AwsIdentity& identity = parts->identity;
  identity.region = parts->configuration.region;
  const auto caller = aws::Aws(parts->sts, {"", identity.region}).Call(aws::sts::GetCallerIdentity{});
  if (!caller.ok()) return caller.error().In("who we are in AWS");
  identity.account = caller->account;
  identity.arn = caller->arn;
  parts->accounts = std::make_unique<aws::AccountCredentials>(parts->own, parts->sts, clock, random, log,
                                                              RolesFor(settings, identity));
  parts->client = std::make_unique<aws::Client>(parts->http, *parts->accounts, parts->rates, clock, random, log,
                                                ClientOptionsFor(parts->configuration));
  parts->reach = std::make_unique<reach::AwsReach>(*parts->client, clock, GatherOptionsFor(settings, identity));
  return std::unique_ptr<AwsConnection>(new AwsConnection(std::move(parts)));
}

Result<reach::Answer> LazyReach::WhoCan(const reach::Ask& ask) {
  reach::Reads* reads = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (connection_ == nullptr) {
      auto made = AwsConnection::Make(settings_, environment_(), clock_, random_, log_);
      if (!made.ok()) return made.error();
      connection_ = *std::move(made);
    }
    reads = &connection_->reach();
  }
  return reads->WhoCan(ask);
}

}  // namespace sallyport

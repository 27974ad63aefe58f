// SPDX-License-Identifier: Apache-2.0
#include "app/aws_connection.h"

#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "app/wire.h"
#include "aws/endpoint.h"
#include "aws_api/ec2.h"
#include "aws_api/sts.h"
#include "aws_client/chain.h"
#include "aws_client/client.h"
#include "aws_client/configuration.h"
#include "net/counting_client.h"
#include "net/curl_client.h"
#include "reach_gather/aws_reach.h"

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

aws::ClientOptions ClientOptionsFor(const aws::Configuration& configuration,
                                    std::optional<AwsConnection::Instant> until = std::nullopt) {
  aws::ClientOptions options;
  options.until = until;
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

// The account of "arn:aws:iam::111122223333:role/name"; empty: it is no ARN of a role.
std::string AccountOfRole(std::string_view arn) {
  constexpr std::size_t kAccountField = 4;
  std::size_t field = 0;
  for (std::size_t colon = arn.find(':'); colon != std::string_view::npos; colon = arn.find(':')) {
    if (field == kAccountField)
      return arn.substr(colon + 1).starts_with("role/") ? std::string(arn.substr(0, colon)) : "";
    if (field == 2 && arn.substr(0, colon) != "iam") return "";
    arn = arn.substr(colon + 1);
    ++field;
  }
  return "";
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
  Parts(aws::Environment the_environment, aws::Configuration the_configuration, const AwsSurroundings& surroundings,
        Clock& the_clock, Random& the_random, Logger& the_log)
      : environment(std::move(the_environment)),
        configuration(std::move(the_configuration)),
        curl(CurlOptionsForAws()),
        wrapped(surroundings.wrap ? surroundings.wrap(curl) : nullptr),
        guarded(wrapped ? *wrapped : static_cast<HttpClient&>(curl), surroundings.may_write),
        http(guarded),
        metadata(CurlOptionsForMetadata()),
        rates(the_clock),
        chain({http, metadata, the_clock, the_random, the_log, rates, environment, configuration}),
        own(chain, the_clock, the_random, the_log),
        sts(http, own, rates, the_clock, the_random, the_log, ClientOptionsFor(configuration)),
        clock(the_clock),
        random(the_random),
        log(the_log) {}

  // The keys of accounts whose role an event named, kept for each role: taking one is a call.
  aws::CredentialsSource& KeysWith(const std::string& role_arn) {
    const std::string account = AccountOfRole(role_arn);
    const bool settings_decide =
        account.empty() || account == identity.account || roles.listed.contains(account) || !roles.role_name.empty();
    if (settings_decide) return *accounts;
    const std::lock_guard lock(named_mutex);
    auto& keys = named[role_arn];
    if (keys == nullptr) {
      aws::AccountRoles with = roles;
      with.listed[account] = {role_arn, with.external_id};
      keys = std::make_unique<aws::AccountCredentials>(own, sts, clock, random, log, std::move(with));
    }
    return *keys;
  }

  aws::Environment environment;
  aws::Configuration configuration;
  CurlClient curl;
  std::unique_ptr<HttpClient> wrapped;  // of a test; else nothing
  WriteGuardClient guarded;
  HttpClient& http;
  CurlClient metadata;
  aws::RateLimiter rates;
  aws::CredentialsChain chain;
  aws::CachedCredentials own;
  aws::Client sts;
  AwsIdentity identity;
  aws::AccountRoles roles;
  std::unique_ptr<aws::AccountCredentials> accounts;
  std::mutex named_mutex;
  std::map<std::string, std::unique_ptr<aws::AccountCredentials>> named;
  reach::GatherOptions gather;
  std::shared_ptr<aws::ClientMemory> memory = std::make_shared<aws::ClientMemory>();
  std::shared_ptr<reach::Sweeps> sweeps = std::make_shared<reach::Sweeps>();
  Clock& clock;
  Random& random;
  Logger& log;
};

class AwsConnection::OneSender final : public Sender {
 public:
  OneSender(Parts& parts, Logger& log, std::optional<Instant> until, const std::string& role_arn)
      : counting_(parts.http, parts.clock),
        client_(counting_, parts.KeysWith(role_arn), parts.rates, parts.clock, parts.random, log,
                ClientOptionsFor(parts.configuration, until), parts.memory),
        reach_(client_, parts.clock, parts.gather, parts.sweeps) {}

  reach::Reads& reach() override { return reach_; }
  aws::Transport& transport() override { return client_; }
  int calls() const override { return static_cast<int>(counting_.Snapshot().sends); }

 private:
  CountingClient counting_;
  aws::Client client_;
  reach::AwsReach reach_;
};

AwsConnection::AwsConnection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AwsConnection::~AwsConnection() = default;

const AwsIdentity& AwsConnection::identity() const {
  return parts_->identity;
}

std::unique_ptr<AwsConnection::Sender> AwsConnection::NewSender(Logger& log, std::optional<Instant> until,
                                                                const std::string& role_arn) {
  return std::make_unique<OneSender>(*parts_, log, until, role_arn);
}

Result<std::unique_ptr<AwsConnection>> AwsConnection::Make(const AwsSettings& settings,
                                                           const AwsSurroundings& surroundings, Clock& clock,
                                                           Random& random, Logger& log, std::optional<Instant> until) {
  aws::Environment environment = surroundings.environment();
  auto configuration = aws::ReadConfiguration(environment);
  if (!configuration.ok()) return configuration.error();
  if (!settings.region.empty()) configuration->region = settings.region;
  if (configuration->region.empty()) {
    return Error{ErrorCode::kInvalidInput, "no AWS region is set", "set AWS_REGION, or aws.region in the settings"};
  }
  auto parts =
      std::make_unique<Parts>(std::move(environment), *std::move(configuration), surroundings, clock, random, log);
  AwsIdentity& identity = parts->identity;
  identity.region = parts->configuration.region;
  const auto caller = aws::Aws(parts->sts, {"", identity.region}, {.until = until}).Call(aws::sts::GetCallerIdentity{});
  if (!caller.ok()) return caller.error().In("the identity of the AWS credentials");
  identity.account = caller->account;
  identity.arn = caller->arn;
  parts->roles = RolesFor(settings, identity);
  parts->accounts = std::make_unique<aws::AccountCredentials>(parts->own, parts->sts, clock, random, log, parts->roles);
  parts->gather = GatherOptionsFor(settings, identity);
  return std::unique_ptr<AwsConnection>(new AwsConnection(std::move(parts)));
}

Result<AwsConnection*> LazyAws::Connect(std::optional<AwsConnection::Instant> until) {
  const std::lock_guard lock(mutex_);
  if (connection_ == nullptr) {
    auto made = AwsConnection::Make(settings_, surroundings_, clock_, random_, log_, until);
    if (!made.ok()) return made.error();
    connection_ = *std::move(made);
  }
  return connection_.get();
}

AwsLine::AwsLine(LazyAws& aws, const Clock& clock, Logger& log, std::optional<TimePoint> stop_at)
    : aws_(aws), log_(log) {
  if (stop_at) until_ = clock.Monotonic() + (*stop_at - clock.Now());
}

bool HasCredentials(const aws::Environment& environment, const AwsSettings& settings) {
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"}) {
    if (!environment.variable(name).empty()) return true;
  }
  return !settings.region.empty() && (!settings.role_name.empty() || !settings.accounts.empty());
}

bool LazyAws::HasCredentials() const {
  return sallyport::HasCredentials(surroundings_.environment(), settings_);
}

Result<AwsConnection::Sender*> AwsLine::Connect() {
  if (sender_ == nullptr) {
    const auto connection = aws_.Connect(until_);
    if (!connection.ok()) return connection.error();
    sender_ = (*connection)->NewSender(log_, until_);
    own_account_ = (*connection)->identity().account;
  }
  return sender_.get();
}

Result<reach::Answer> AwsLine::WhoCan(const reach::Ask& ask) {
  const auto sender = Connect();
  if (!sender.ok()) return sender.error();
  return (*sender)->reach().WhoCan(ask);
}

Result<std::string> AwsLine::InstanceState(const std::string& account, const std::string& region,
                                           const InstanceId& instance) {
  if (!aws_.HasCredentials()) return Error{ErrorCode::kUnavailable, "there are no AWS credentials", ""};
  const auto sender = Connect();
  if (!sender.ok()) return sender.error();
  const auto answer =
      aws::Aws((*sender)->transport(), {account == own_account_ ? "" : account, region}, {.until = until_})
          .Call(aws::ec2::DescribeInstances{.instance_ids = {instance.value}});
  if (!answer.ok()) {
    // An instance is known for about an hour after its end.
    if (answer.error().RemoteCode() == "InvalidInstanceID.NotFound") return std::string("terminated");
    return answer.error();
  }
  for (const auto& reservation : answer->reservations) {
    for (const auto& one : reservation.instances) {
      if (one.id == instance.value && !one.state.empty()) return one.state;
    }
  }
  return Error{ErrorCode::kBadAnswer, "EC2's answer does not name the instance", ""};
}

}  // namespace sallyport

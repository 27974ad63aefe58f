// SPDX-License-Identifier: Apache-2.0
//
// The places where AWS keys may be found, one class each. Contract aws-api, section 3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws_client/client.h"
#include "aws_client/configuration.h"
#include "aws_client/credentials.h"
#include "aws_client/environment.h"
#include "aws_client/rate_limiter.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "net/http.h"

namespace sallyport::aws {

// What providers work with. References outlive them.
struct ProviderParts {
  HttpClient& http;      // to STS
  HttpClient& metadata;  // to container and instance metadata: never through a proxy, short time limits
  Clock& clock;
  Random& random;
  Logger& log;
  RateLimiter& rates;
  const Environment& environment;
  const Configuration& configuration;
};

// AWS_ACCESS_KEY_ID and the two that go with it.
class EnvironmentProvider final : public CredentialsProvider {
 public:
  explicit EnvironmentProvider(ProviderParts parts) : parts_(parts) {}
  Result<Credentials> Fetch() override;
  std::string Name() const override { return "the environment"; }

 private:
  ProviderParts parts_;
};

// AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (EKS service accounts, OIDC).
class WebIdentityProvider final : public CredentialsProvider {
 public:
  explicit WebIdentityProvider(ProviderParts parts) : parts_(parts) {}
  Result<Credentials> Fetch() override;
  std::string Name() const override { return "web identity"; }

 private:
  ProviderParts parts_;
};

// The profile of the shared files, through all the roles that it names.
class ProfileProvider final : public CredentialsProvider {
 public:
  explicit ProfileProvider(ProviderParts parts) : parts_(parts) {}
  Result<Credentials> Fetch() override;
  std::string Name() const override;

 private:
  ProviderParts parts_;
};

// ECS and EKS Pod Identity: an address in AWS_CONTAINER_CREDENTIALS_{RELATIVE,FULL}_URI.
class ContainerProvider final : public CredentialsProvider {
 public:
  explicit ContainerProvider(ProviderParts parts) : parts_(parts) {}
  Result<Credentials> Fetch() override;
  std::string Name() const override { return "the container"; }
  bool MayOutliveExpiry() const override { return true; }

 private:
  Result<std::string> Url() const;
  Result<Secret> Token() const;

  ProviderParts parts_;
};

// IMDSv2: the role of the EC2 instance. Version 1, without a token, is never used.
class InstanceProvider final : public CredentialsProvider {
 public:
  explicit InstanceProvider(ProviderParts parts) : parts_(parts) {}
  Result<Credentials> Fetch() override;
  std::string Name() const override { return "the instance metadata service"; }
  bool MayOutliveExpiry() const override { return true; }

  // `placement/region`.
  Result<std::string> Region();

 private:
  Result<std::string> Get(const std::string& path);
  Result<Secret> NewToken() const;
  std::string Base() const;
  Status CheckUsable() const;

  ProviderParts parts_;
  Secret token_;
};

// The keys of a role, with keys that may take it.
struct RoleRequest {
  std::string role_arn{};
  std::string session_name{};
  std::string external_id{};
  std::int64_t duration_seconds = 0;  // 0: the service's default, one hour
};
Result<Credentials> TakeRole(Transport& sts, const std::string& region, const RoleRequest& request);
// The same with the token of a web identity. The file is read each time, since the token in it changes.
Result<Credentials> TakeRoleWithToken(const ProviderParts& parts, const std::string& token_file,
                                      const RoleRequest& request);

// The region to ask STS in: the configured one, or that of the global services of the role's partition.
std::string StsRegion(std::string_view configured, std::string_view role_arn);

// `{"AccessKeyId":..,"SecretAccessKey":..,"Token":..,"Expiration":..}`, the form of containers, instances and programs.
// `token`: the name of the session token's member. The message never shows a value.
Result<Credentials> ReadCredentials(std::string_view text, std::string_view token);

}  // namespace sallyport::aws

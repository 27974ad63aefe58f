// SPDX-License-Identifier: Apache-2.0
//
// The way to AWS: curl <- rates, keys, signature, retries (aws_client) <- typed calls. Credentials, region and
// endpoints come from the environment and the shared files as in the SDKs; roles in other accounts from the settings.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "aws_client/environment.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "config/settings.h"
#include "reach_gather/aws_reach.h"

namespace sallyport {

struct AwsIdentity {
  std::string account;
  std::string arn;
  std::string region;
};

class AwsConnection {
 public:
  // Finds credentials and asks who they are: one call to STS. References outlive the connection.
  static Result<std::unique_ptr<AwsConnection>> Make(const AwsSettings& settings, aws::Environment environment,
                                                     Clock& clock, Random& random, Logger& log);
  ~AwsConnection();

  const AwsIdentity& identity() const;
  reach::Reads& reach();

 private:
  struct Parts;
  explicit AwsConnection(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Makes the connection when it is needed first, so that nothing of AWS is touched by a program that never asks it.
// Without a connection each question is answered with the reason, and the next one tries again. Thread-safe.
class LazyReach final : public reach::Reads {
 public:
  // `environment`: where credentials and endpoints are looked for; asked when the connection is made.
  using MakeEnvironment = std::function<aws::Environment()>;
  LazyReach(AwsSettings settings, MakeEnvironment environment, Clock& clock, Random& random, Logger& log)
      : settings_(std::move(settings)),
        environment_(std::move(environment)),
        clock_(clock),
        random_(random),
        log_(log) {}

  Result<reach::Answer> WhoCan(const reach::Ask& ask) override;

 private:
  const AwsSettings settings_;
  const MakeEnvironment environment_;
  Clock& clock_;
  Random& random_;
  Logger& log_;
  std::mutex mutex_;
  std::unique_ptr<AwsConnection> connection_;
};

}  // namespace sallyport

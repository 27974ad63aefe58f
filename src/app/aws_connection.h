// SPDX-License-Identifier: Apache-2.0
//
// The way to AWS: curl <- write guard <- count <- rates, keys, signature, retries (aws_client) <- typed calls.
// Credentials, region and endpoints come from the environment and the shared files as in the SDKs; roles in other
// accounts from the settings.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "aws/operation.h"
#include "aws_client/environment.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "config/settings.h"
#include "net/http.h"
#include "net/write_guard_client.h"
#include "reach/reads.h"

namespace sallyport {

struct AwsIdentity {
  std::string account;
  std::string arn;
  std::string region;
};

// Where a connection finds what it needs, and what a test puts between it and the network (empty: nothing).
struct AwsSurroundings {
  std::function<aws::Environment()> environment = aws::SystemEnvironment;
  std::function<std::unique_ptr<HttpClient>(HttpClient&)> wrap{};
  // Asked before each try of a request that changes something; empty: nobody is asked.
  MayWrite may_write{};
};

// What all who ask in a process share: connections, keys, rates, what was learned. Thread-safe.
class AwsConnection {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // Finds credentials and asks who they are: one call to STS, which does not run beyond `until`. References outlive the
  // connection.
  static Result<std::unique_ptr<AwsConnection>> Make(const AwsSettings& settings, const AwsSurroundings& surroundings,
                                                     Clock& clock, Random& random, Logger& log,
                                                     std::optional<Instant> until = std::nullopt);
  ~AwsConnection();

  const AwsIdentity& identity() const;

  // One sender: its count, its latest moment, its log lines. The connection and the logger outlive it.
  class Sender {
   public:
    virtual ~Sender() = default;
    virtual reach::Reads& reach() = 0;
    // For calls that no seam has: lists of a whole service (aws/call.h).
    virtual aws::Transport& transport() = 0;
    // HTTP requests so far, retries included; not those that fetch keys, which belong to the process.
    virtual int calls() const = 0;
  };
  // `role_arn`: a role that an event names for its account (AWS Config's organization rules); it is taken where it is
  // of another account than our own, and the settings name none for that account. Empty: there is none.
  std::unique_ptr<Sender> NewSender(Logger& log, std::optional<Instant> until, const std::string& role_arn = "");

 private:
  struct Parts;
  class OneSender;
  explicit AwsConnection(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Whether somebody has set up credentials, in the environment or by the settings: nobody waits for a metadata service
// that may not be there.
bool HasCredentials(const aws::Environment& environment, const AwsSettings& settings);

// Makes the connection when it is needed first, so that nothing of AWS is touched by a program that never asks it.
// Without a connection each question is answered with the reason, and the next one tries again. Thread-safe.
class LazyAws {
 public:
  // The environment is asked for when the connection is made.
  using MakeEnvironment = std::function<aws::Environment()>;
  LazyAws(AwsSettings settings, AwsSurroundings surroundings, Clock& clock, Random& random, Logger& log)
      : settings_(std::move(settings)),
        surroundings_(std::move(surroundings)),
        clock_(clock),
        random_(random),
        log_(log) {}

  Result<AwsConnection*> Connect(std::optional<AwsConnection::Instant> until);
  // Whether somebody has set up credentials: for what is asked only where there are some.
  bool HasCredentials() const;

 private:
  const AwsSettings settings_;
  const AwsSurroundings surroundings_;
  Clock& clock_;
  Random& random_;
  Logger& log_;
  std::mutex mutex_;
  std::unique_ptr<AwsConnection> connection_;
};

// One sender, as SwpLine is to SWP. Nothing is made before it is asked. Belongs to one thread; references outlive it.
class AwsLine final : public reach::Reads {
 public:
  // No call of its questions runs beyond `stop_at`; nothing: each has its own deadline alone.
  AwsLine(LazyAws& aws, const Clock& clock, Logger& log, std::optional<TimePoint> stop_at);
  Result<reach::Answer> WhoCan(const reach::Ask& ask) override;
  Result<std::string> InstanceState(const std::string& account, const std::string& region,
                                    const InstanceId& instance) override;
  int calls() const { return sender_ == nullptr ? 0 : sender_->calls(); }

 private:
  Result<AwsConnection::Sender*> Connect();

  LazyAws& aws_;
  Logger& log_;
  std::optional<AwsConnection::Instant> until_;
  std::unique_ptr<AwsConnection::Sender> sender_;
  std::string own_account_;  // once there is a sender
};

}  // namespace sallyport

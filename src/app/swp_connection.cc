// SPDX-License-Identifier: Apache-2.0
#include "app/swp_connection.h"

#include <utility>

#include "app/wire.h"

namespace sallyport {
namespace {

CurlOptions CurlOptionsForSwp(const SwpSettings& settings) {
  CurlOptions options;
  options.ca_file = settings.ca_file;
  options.proxy = settings.proxy;
  options.default_deadline = settings.deadline;
  options.user_agent = UserAgent();
  return options;
}

swp::ClientOptions ClientOptionsForSwp(const SwpSettings& settings) {
  swp::ClientOptions options;
  options.base_url = settings.url;
  options.key_header = settings.authentication == SwpAuthentication::kCloudOne ? swp::KeyHeader::kAuthorization
                                                                               : swp::KeyHeader::kApiSecretKey;
  options.api_key = settings.api_key;
  options.deadline = settings.deadline;
  return options;
}

}  // namespace

SwpConnection::SwpConnection(const SwpSettings& settings, Clock& clock, Random& random, MayWrite may_write,
                             const std::function<std::unique_ptr<HttpClient>(HttpClient&)>& wrap)
    : clock_(clock),
      random_(random),
      client_options_(ClientOptionsForSwp(settings)),
      curl_(CurlOptionsForSwp(settings)),
      wrapped_(wrap ? wrap(curl_) : nullptr),
      guarded_(wrapped_ ? *wrapped_ : curl_, std::move(may_write)),
      budget_(clock, settings.requests_per_minute),
      memory_(std::make_shared<swp::Memory>()) {}

SwpLine::SwpLine(SwpConnection& connection, Logger& log, std::optional<TimePoint> stop_at)
    : counting_(connection.guarded_, connection.clock_),
      retrying_(counting_, connection.budget_, connection.clock_, connection.random_, log, RetryPolicy{}),
      latest_(retrying_, connection.clock_, stop_at),
      client_(latest_, connection.clock_, connection.client_options_, connection.memory_) {}

}  // namespace sallyport

// SPDX-License-Identifier: Apache-2.0
#include "aws_client/configuration.h"

#include <charconv>

#include "base/text.h"

namespace sallyport::aws {
namespace {

constexpr std::string_view kUrlVariable = "AWS_ENDPOINT_URL_";
// Of the services that we speak to: variables cannot be listed through the seam.
constexpr std::string_view kServiceIds[] = {"EC2",
                                            "IAM",
                                            "S3",
                                            "S3 Control",
                                            "KMS",
                                            "Organizations",
                                            "CloudFront",
                                            "Elastic Load Balancing",
                                            "Elastic Load Balancing v2",
                                            "WAFV2",
                                            "ECS",
                                            "Config Service",
                                            "Inspector2",
                                            "GuardDuty",
                                            "Macie2",
                                            "SNS",
                                            "SQS",
                                            "STS"};

class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  Result<Configuration> Read() {
    if (Status status = ReadFiles(); !status.ok()) return status.error();
    ReadProfileName();
    out_.region = Variable("AWS_REGION");
    if (out_.region.empty()) out_.region = Variable("AWS_DEFAULT_REGION");
    if (out_.region.empty()) out_.region = Key("region");
    if (Status status = ReadAttempts(); !status.ok()) return status.error();
    out_.endpoints.fips = Flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
    out_.endpoints.dual_stack = Flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
    out_.endpoints.sts_global = Text("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints") == "legacy";
    if (!Flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")) ReadUrls();
    if (!status_.ok()) return status_.error();
    return std::move(out_);
  }

 private:
  std::string Variable(const std::string& name) const { return environment_.variable(name); }
  std::string Key(const std::string& key) const {
    const auto profile = out_.profiles.profiles.find(out_.profile);
    if (profile == out_.profiles.profiles.end()) return "";
    const auto value = profile->second.find(key);
    return value == profile->second.end() ? "" : value->second;
  }
  std::string Text(const std::string& variable, const std::string& key) const {
    const std::string value = Variable(variable);
    return value.empty() ? Key(key) : value;
  }

  bool Flag(const std::string& variable, const std::string& key) {
    const std::string text = ToLowerAscii(Text(variable, key));
    if (text != "true" && text != "false" && !text.empty() && status_.ok()) {
      status_ = Error{ErrorCode::kInvalidInput,
                      variable + " (`" + key + "`) is `" + Printable(text, 40) + "`, not true or false", ""};
    }
    return text == "true";
  }

  Status ReadFiles() {
    const auto config = ReadFile("AWS_CONFIG_FILE", "/.aws/config");
    if (!config.ok()) return config.error();
    const auto credentials = ReadFile("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
    if (!credentials.ok()) return credentials.error();
    auto profiles = ReadProfiles(*config, *credentials);
    if (!profiles.ok()) return profiles.error();
    out_.profiles = std::move(*profiles);
    return Ok();
  }

  Result<std::string> ReadFile(const std::string& variable, const std::string& at_home) const {
    std::string path = Variable(variable);
    const std::string home = Variable("HOME");
    if (path.empty() && home.empty()) return std::string();
    if (path.empty()) path = home + at_home;
    if (path.starts_with("~/")) path = home + path.substr(1);
    auto text = environment_.file(path);
    if (!text.ok() && text.error().code == ErrorCode::kNotFound) return std::string();
    return text;
  }

  void ReadProfileName() {
    std::string name = Variable("AWS_PROFILE");
    if (name.empty()) name = Variable("AWS_DEFAULT_PROFILE");
    out_.profile_named = !name.empty();
    if (out_.profile_named) out_.profile = std::move(name);
  }

  Status ReadAttempts() {
    const std::string text = Text("AWS_MAX_ATTEMPTS", "max_attempts");
    if (text.empty()) return Ok();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out_.attempts);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (whole && out_.attempts >= 1 && out_.attempts <= 20) return Ok();
    return Error{ErrorCode::kInvalidInput,
                 "AWS_MAX_ATTEMPTS (`max_attempts`) is `" + Printable(text, 40) + "`, not a number from 1 to 20", ""};
  }

  // First hit wins: the service's variable, the variable for all, the profile's services section, the profile.
  void ReadUrls() {
    const std::string variable_for_all = Variable("AWS_ENDPOINT_URL");
    const auto services = out_.profiles.services.find(Key("services"));
    for (const std::string_view id : kServiceIds) {
      const std::string name = EnvironmentName(id);
      std::string url = Variable(std::string(kUrlVariable) + name);
      if (url.empty()) url = variable_for_all;
      if (url.empty() && services != out_.profiles.services.end()) {
        const auto value = services->second.find(ToLowerAscii(name) + ".endpoint_url");
        if (value != services->second.end()) url = value->second;
      }
      if (!url.empty()) out_.endpoints.service_urls[name] = std::move(url);
    }
    out_.endpoints.url = variable_for_all.empty() ? Key("endpoint_url") : variable_for_all;
  }

  const Environment& environment_;
  Configuration out_;
  Status status_;
};

}  // namespace

Result<Configuration> ReadConfiguration(const Environment& environment) {
  return Reader(environment).Read();
}

}  // namespace sallyport::aws

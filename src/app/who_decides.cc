// SPDX-License-Identifier: Apache-2.0
#include "app/who_decides.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>

#include "app/aws_connection.h"
#include "app/console.h"
#include "app/wire.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr auto kAskAwsFor = std::chrono::seconds(3);
constexpr std::size_t kShownName = 100;

std::string NameOfUser(uid_t id) {
  const passwd* user = ::getpwuid(id);  // NOLINT(concurrency-mt-unsafe): one thread
  return user == nullptr ? "user " + std::to_string(id) : user->pw_name;
}

// Who logged in, whatever he has become since; the kernel keeps it. Nothing: it does not say.
std::optional<uid_t> LoginUser() {
  std::ifstream file("/proc/self/loginuid");
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  uid_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id == std::numeric_limits<uid_t>::max() ? std::nullopt : std::optional(id);
}

std::string UserOfSystem() {
  const uid_t user = ::geteuid();
  std::string name = Printable(NameOfUser(user), kShownName);
  if (const auto login = LoginUser(); login && *login != user) {
    name += " (login " + Printable(NameOfUser(*login), kShownName) + ")";
  }
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0') {
    name += "@" + Printable(host.data(), kShownName);
  }
  return name;
}

}  // namespace

std::string NameInAws(std::string_view arn) {
  const std::size_t last = arn.rfind('/');
  if (last == std::string_view::npos) return "";
  const std::string_view name = arn.substr(last + 1);
  const bool is_sso = arn.find(":assumed-role/AWSReservedSSO_") != std::string_view::npos;
  const bool is_user = arn.find(":user/") != std::string_view::npos;
  return is_sso || is_user ? Printable(name, kShownName) : "";
}

std::string WhoDecides(const CommonArguments& common) {
  std::string who = UserOfSystem();
  const ProgramOptions seams = SeamsOf(common);
  const auto settings = SettingsFor(common);
  if (!settings) return who;
  const aws::Environment environment = seams.aws_environment();
  if (!HasCredentials(environment, settings->aws)) return who;
  SystemRandom random;
  Clock& clock = ClockOf(seams);
  Logger log(clock, settings->log.level, WriteToStandardError);
  const auto aws = AwsConnection::Make(settings->aws, {seams.aws_environment, seams.wrap_aws, {}}, clock, random, log,
                                       clock.Monotonic() + kAskAwsFor);
  if (!aws.ok()) return who;
  const std::string name = NameInAws((*aws)->identity().arn);
  return name.empty() ? who : who + ", AWS " + name;
}

}  // namespace sallyport

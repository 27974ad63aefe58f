// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "aws_client/providers.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

// A role taken with the keys of a role lives at most an hour (IAM User Guide, "role chaining").
constexpr std::int64_t kChainedSeconds = 3600;
// Roles that take roles; nobody writes so many by hand.
constexpr std::size_t kChain = 10;

std::string Quoted(const std::string& name) {
  return "profile `" + Printable(name, 100) + "`";
}

class FixedCredentials final : public CredentialsSource {
 public:
  explicit FixedCredentials(Keys keys) : keys_(std::move(keys)) {}
  Result<Keys> For(const Place&) override { return keys_; }
  void Distrust(const Place&, const std::string&) override {}

 private:
  Keys keys_;
};

class Resolver {
 public:
  explicit Resolver(const ProviderParts& parts) : parts_(parts) {}

  Result<Credentials> Resolve(const std::string& name) {
    const auto found = parts_.configuration.profiles.profiles.find(name);
    if (found == parts_.configuration.profiles.profiles.end()) {
      return Error{ErrorCode::kUnauthenticated, Quoted(name) + " is in neither of the shared files", ""};
    }
    if (visited_.size() >= kChain) return Wrong(name, "is the last of too many that take each other's role");
    const bool again = std::find(visited_.begin(), visited_.end(), name) != visited_.end();
    if (again) return OfItself(name, found->second);
    visited_.push_back(name);
    if (!Key(found->second, "role_arn").empty()) return TakeProfileRole(name, found->second);
    return OwnKeys(name, found->second);
  }

 private:
  static std::string Key(const ProfileSection& profile, const std::string& key) {
    const auto value = profile.find(key);
    return value == profile.end() ? "" : value->second;
  }
  static Error Wrong(const std::string& name, const std::string& what) {
    return Error{ErrorCode::kUnauthenticated, Quoted(name) + " " + what, ""};
  }

  // A profile may name itself as the source when it has keys of its own.
  Result<Credentials> OfItself(const std::string& name, const ProfileSection& profile) {
    const bool itself = visited_.back() == name;
    if (itself && !Key(profile, "aws_access_key_id").empty()) return StaticKeys(name, profile);
    return Wrong(name, "takes its keys, through other profiles, from itself");
  }

  Result<Credentials> OwnKeys(const std::string& name, const ProfileSection& profile) {
    if (!Key(profile, "aws_access_key_id").empty()) return StaticKeys(name, profile);
    const std::string program = Key(profile, "credential_process");
    if (!program.empty()) return FromProgram(name, program);
    return Error{ErrorCode::kNotFound, Quoted(name) + " has neither keys nor role_arn nor credential_process", ""};
  }

  Result<Credentials> StaticKeys(const std::string& name, const ProfileSection& profile) {
    Keys keys{Key(profile, "aws_access_key_id"), Secret(Key(profile, "aws_secret_access_key")),
              Secret(Key(profile, "aws_session_token"))};
    if (keys.secret_access_key.empty()) return Wrong(name, "has aws_access_key_id without aws_secret_access_key");
    return Credentials{std::move(keys), std::nullopt};
  }

  Result<Credentials> FromProgram(const std::string& name, const std::string& program) {
    const auto output = parts_.environment.output(program);
    if (!output.ok()) return output.error().In(Quoted(name) + ": credential_process");
    const auto json = Json::Parse(output->RevealForRequest());
    if (json.ok() && (*json)["Version"].Int64Or(0) != 1) {
      return Wrong(name, "has a credential_process that does not print `\"Version\": 1`");
    }
    auto credentials = ReadCredentials(output->RevealForRequest(), "SessionToken");
    if (!credentials.ok()) return credentials.error().In(Quoted(name) + ": credential_process");
    return credentials;
  }

  Result<RoleRequest> RoleOf(const std::string& name, const ProfileSection& profile) {
    RoleRequest role{Key(profile, "role_arn"), Key(profile, "role_session_name"), Key(profile, "external_id"), 0};
    const std::string text = Key(profile, "duration_seconds");
    if (text.empty()) return role;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), role.duration_seconds);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (whole && role.duration_seconds >= 900 && role.duration_seconds <= 43'200) return role;
    return Wrong(name, "has a duration_seconds that is not a number from 900 to 43200");
  }

  Result<Credentials> TakeProfileRole(const std::string& name, const ProfileSection& profile) {
    if (!Key(profile, "mfa_serial").empty())
      return Wrong(name, "needs an MFA code that an operator types (mfa_serial)");
    auto role = RoleOf(name, profile);
    if (!role.ok()) return role.error();
    const std::string token_file = Key(profile, "web_identity_token_file");
    if (!token_file.empty()) return TakeRoleWithToken(parts_, token_file, *role);

    auto source = SourceOf(name, profile);
    if (!source.ok()) return source.error();
    if (!source->keys.session_token.empty()) role->duration_seconds = std::min(role->duration_seconds, kChainedSeconds);
    FixedCredentials fixed(std::move(source->keys));
    Client sts(parts_.http, fixed, parts_.rates, parts_.clock, parts_.random, parts_.log,
               {parts_.configuration.endpoints, parts_.configuration.attempts});
    auto taken = TakeRole(sts, parts_.configuration.region, *role);
    if (!taken.ok()) return taken.error().In(Quoted(name));
    return taken;
  }

  Result<Credentials> SourceOf(const std::string& name, const ProfileSection& profile) {
    const std::string from_profile = Key(profile, "source_profile");
    const std::string from_elsewhere = Key(profile, "credential_source");
    if (from_profile.empty() == from_elsewhere.empty()) {
      return Wrong(name, "needs exactly one of source_profile and credential_source");
    }
    if (!from_profile.empty()) return Required(name, Resolve(from_profile));
    if (from_elsewhere == "Environment") return Required(name, EnvironmentProvider(parts_).Fetch());
    if (from_elsewhere == "Ec2InstanceMetadata") return Required(name, InstanceProvider(parts_).Fetch());
    if (from_elsewhere == "EcsContainer") return Required(name, ContainerProvider(parts_).Fetch());
    return Wrong(name, "has the credential_source `" + Printable(from_elsewhere, 60) +
                           "`, which is none of Environment, Ec2InstanceMetadata, EcsContainer");
  }

  // What the profile names must be there: its absence is a failure of the profile.
  static Result<Credentials> Required(const std::string& name, Result<Credentials> source) {
    if (source.ok()) return source;
    Error error = source.error().In("the source of " + Quoted(name));
    if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kUnauthenticated;
    return error;
  }

  const ProviderParts& parts_;
  std::vector<std::string> visited_;
};

}  // namespace

std::string ProfileProvider::Name() const {
  return Quoted(parts_.configuration.profile);
}

Result<Credentials> ProfileProvider::Fetch() {
  const Configuration& configuration = parts_.configuration;
  if (!configuration.profile_named && !configuration.profiles.profiles.contains(configuration.profile)) {
    return Error{ErrorCode::kNotFound, "AWS_PROFILE is not set and the shared files have no such profile", ""};
  }
  return Resolver(parts_).Resolve(configuration.profile);
}

}  // namespace sallyport::aws

// SPDX-License-Identifier: Apache-2.0
#include "reach/text.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "policy/glob.h"

namespace sallyport::reach {
namespace {

using policy::Decision;

constexpr std::size_t kShownText = 300;

std::string Pad(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

constexpr std::size_t kMostJoined = 20;

// As many as can be read; --json has all.
std::string Join(const std::vector<std::string>& list) {
  std::string text;
  for (std::size_t i = 0; i < list.size() && i < kMostJoined; ++i) {
    text += (text.empty() ? "" : ", ") + Printable(list[i], kShownText);
  }
  if (list.size() > kMostJoined) text += " and " + std::to_string(list.size() - kMostJoined) + " more";
  return text;
}

bool IsReduced(const ActionAnswer& action) {
  return Word(action.without_key) != Word(action.decision);
}

std::string Headline(const PrincipalAnswer& principal) {
  const Decision best = principal.Best();
  if (Word(best) == "denied") {
    const bool reduced = std::any_of(principal.actions.begin(), principal.actions.end(), IsReduced);
    return reduced ? "DENIED BY KMS" : "DENIED";
  }
  std::string word(Word(best));
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  const auto as_best = std::count_if(principal.actions.begin(), principal.actions.end(),
                                     [&](const ActionAnswer& action) { return Word(action.decision) == Word(best); });
  const auto all = principal.actions.size();
  if (static_cast<std::size_t>(as_best) == all) return word;
  return word + " (" + std::to_string(as_best) + " of " + CountText(all, "action") + ")";
}

class Page {
 public:
  Page(const Answer& answer, const TextOptions& options) : answer_(answer), options_(options) {}

  std::string Write() {
    Line("Bucket " + answer_.bucket + " of account " + answer_.account +
         (answer_.region.empty() ? "" : " in " + answer_.region));
    Line("Asked:  " + Join(answer_.actions) +
         (answer_.prefix.empty() ? "" : ", objects that begin with `" + Printable(answer_.prefix, kShownText) + "`"));
    Summary();
    for (const PrincipalAnswer& principal : answer_.principals) Principal(principal);
    Undecided();
    Users();
    Outsiders();
    List("Could not be read or decided", answer_.gaps);
    List("Not considered", answer_.not_considered);
    return std::move(out_);
  }

 private:
  void Line(const std::string& text) { out_ += text + "\n"; }

  std::size_t Count(Decision decision) const {
    return static_cast<std::size_t>(
        std::count_if(answer_.principals.begin(), answer_.principals.end(),
                      [&](const PrincipalAnswer& one) { return Word(one.Best()) == Word(decision); }));
  }

  void Summary() {
    const auto reduced = std::count_if(answer_.principals.begin(), answer_.principals.end(), [](const auto& one) {
      return Word(one.Best()) == "denied" && std::any_of(one.actions.begin(), one.actions.end(), IsReduced);
    });
    std::string text = "Answer: " + CountText(answer_.examined, "role or session", "roles and sessions") +
                       " evaluated: " + std::to_string(Count(Decision::kAllowed)) + " allowed, " +
                       std::to_string(Count(Decision::kConditional)) + " allowed if conditions hold, ";
    if (reduced > 0) text += std::to_string(reduced) + " denied by KMS, ";
    Line(text + std::to_string(answer_.undecided + answer_.unlisted_undecided) + " undetermined, " +
         std::to_string(answer_.denied()) + " denied");
    if (answer_.unlisted_undecided > 0) {
      Line("        " + CountText(answer_.unlisted_undecided, "undetermined one is", "undetermined ones are") +
           " not listed: " + Printable(answer_.unlisted_reason, kShownText));
    }
  }

  // Keys, and no hosts.
  void Users() {
    if (answer_.users.empty()) return;
    Line("");
    Line("IAM users (access keys, not hosts), " + std::to_string(answer_.users_examined) + " evaluated:");
    for (const PrincipalAnswer& user : answer_.users) Principal(user);
  }

  void Principal(const PrincipalAnswer& principal) {
    // Those that could not be decided follow together, unless that is all there is to show.
    const bool together = !principal.is_user && answer_.principals.size() > 1 && principal.hosts.empty();
    if (principal.Best() == Decision::kUndecided && together) return;
    Line("");
    Line(Pad(Headline(principal), 17) + " " + Printable(principal.arn, kShownText));
    if (!principal.assumes.empty()) {
      Line("  indirect: can assume " + Printable(principal.assumes, kShownText));
    }
    for (const ActionAnswer& action : principal.actions) Action(action);
    for (const std::string& consumer : principal.consumers) Line("  used by    " + consumer);
    for (const std::string& use : principal.other_uses) Line("  runs as    " + use);
    if (principal.is_user) {
      if (!principal.keys.empty()) Line("  keys       " + Printable(principal.keys, kShownText));
      return;
    }
    Hosts(principal);
  }

  void Action(const ActionAnswer& action) {
    std::string text = "  " + Pad(action.action, 18) + Pad(std::string(Word(action.decision)), 18);
    const bool lets_in = Word(action.without_key) != "denied";
    text += lets_in ? Join(action.statements) : "";
    if (!action.through.empty()) text += " (through access point `" + Printable(action.through, 60) + "`)";
    while (text.ends_with(' ')) text.pop_back();
    Line(text);
    if (!action.condition.empty()) Line(std::string(22, ' ') + "if " + Printable(action.condition, kShownText));
    if (!action.reason.empty()) {
      const bool by_key = IsReduced(action);
      const bool open = action.decision == Decision::kUndecided && Word(action.as_read) != Word(action.decision) &&
                        Word(action.as_read) != "denied";
      const bool seen = action.without_key != Decision::kUndecided;
      const std::string lead = by_key
                                   ? std::string(seen ? "" : "as far as it was read ") + "bucket access allowed, but: "
                               : open ? std::string(Word(action.as_read)) + " as far as it was read, but: "
                                      : "";
      Line(std::string(22, ' ') + lead + Printable(action.reason, kShownText));
    }
    if (!action.objects.empty() && !IsEverything(action.objects))
      Line(std::string(22, ' ') + "objects: " + Join(action.objects));
    if (!action.except.empty()) Line(std::string(22, ' ') + "but not: " + Join(action.except));
    if (!action.all_objects_named) Line(std::string(22, ' ') + "... and more patterns than are named here");
    if (!action.trace.empty()) {
      std::string_view rest = action.trace;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        Line("      | " + std::string(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }

  void Hosts(const PrincipalAnswer& principal) {
    if (principal.hosts.empty()) {
      const std::string profiles =
          principal.profiles.empty() ? "in no instance profile" : "instance profile " + Join(principal.profiles);
      Line("  hosts      none (" + profiles + ")");
      return;
    }
    std::size_t shown = 0;
    for (const HostAnswer& host : principal.hosts) {
      if (shown++ == options_.most_hosts) {
        Line("  ... and " + std::to_string(principal.hosts.size() - options_.most_hosts) + " more");
        return;
      }
      Host(principal, host);
    }
  }

  void Host(const PrincipalAnswer& principal, const HostAnswer& host) {
    std::string text = "  -> " + Pad(host.how, 32) + " " + Pad(host.instance.value, 20) + " " +
                       Pad(Printable(host.Name(), 40), 12) + " " + Pad(host.state, 8) + " ";
    const auto note = options_.notes.find(host.instance);
    if (note != options_.notes.end()) text += note->second.state;
    // The instance may be told apart by what is known about it.
    if (Word(host.decision) != Word(principal.Best()) || !host.condition.empty()) {
      text += " [" + std::string(Word(host.decision)) + " here";
      if (!host.condition.empty()) text += ": " + Printable(host.condition, kShownText);
      text += "]";
    }
    while (text.ends_with(' ')) text.pop_back();
    Line(text);
    if (note != options_.notes.end() && !note->second.why.empty()) {
      Line(std::string(8, ' ') + Printable(note->second.why, kShownText));
    }
  }

  // One of the patterns stands for all objects that were asked for.
  bool IsEverything(const std::vector<std::string>& patterns) const {
    const std::string beginning = answer_.bucket + "/" + answer_.prefix;
    return std::any_of(patterns.begin(), patterns.end(), [&beginning](const std::string& pattern) {
      const std::size_t head = pattern.find(":::");
      if (head == std::string::npos) return pattern == "*";
      const auto resource = policy::ParseGlob(std::string_view(pattern).substr(head + 3));
      return policy::ReachBehind(resource, beginning) == policy::Reach::kAll;
    });
  }

  static std::string ReasonOf(const PrincipalAnswer& principal) {
    for (const ActionAnswer& action : principal.actions) {
      if (action.decision == Decision::kUndecided && !action.reason.empty()) return action.reason;
    }
    return "";
  }

  void Undecided() {
    std::map<std::string, std::vector<std::string>> by_reason;
    for (const PrincipalAnswer& principal : answer_.principals) {
      if (principal.Best() != Decision::kUndecided) continue;
      if (answer_.principals.size() > 1 && principal.hosts.empty()) {
        by_reason[ReasonOf(principal)].push_back(principal.arn);
      }
    }
    for (const auto& [reason, arns] : by_reason) {
      Line("");
      Line("UNDETERMINED      for " + CountText(arns.size(), "role or session", "roles and sessions") + ": " +
           Printable(reason, kShownText));
      for (std::size_t i = 0; i < arns.size() && i < options_.most_undecided; ++i)
        Line("  " + Printable(arns[i], kShownText));
      if (arns.size() > options_.most_undecided) {
        Line("  ... and " + std::to_string(arns.size() - options_.most_undecided) + " more (--json has all)");
      }
    }
  }

  void Outsiders() {
    OutsidersThat(true, "Other access (not EC2 hosts)");
    OutsidersThat(false, "Grants without effect");
  }

  void OutsidersThat(bool have_access, const std::string& title) {
    const auto is_in = [&](const Outsider& outsider) { return outsider.has_effect == have_access; };
    if (std::none_of(answer_.outsiders.begin(), answer_.outsiders.end(), is_in)) return;
    Line("");
    Line(title + ":");
    for (const Outsider& outsider : answer_.outsiders) {
      if (!is_in(outsider)) continue;
      std::string text = "  " + outsider.who;
      if (!outsider.what.empty()) text += ": " + outsider.what;
      if (!outsider.from.empty()) text += " (" + outsider.from + ")";
      Line(text);
    }
  }

  void List(const std::string& title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    Line("");
    Line(title + ":");
    for (const std::string& line : lines) Line("  " + Printable(line, 1'000));
  }

  const Answer& answer_;
  const TextOptions& options_;
  std::string out_;
};

void WriteAction(JsonWriter& out, const ActionAnswer& action) {
  out.BeginObject().Member("action", action.action).Member("decision", Word(action.decision));
  if (IsReduced(action)) out.Member("without_key", Word(action.without_key));
  if (action.decision == Decision::kUndecided) out.Member("as_far_as_read", Word(action.as_read));
  if (!action.through.empty()) out.Member("access_point", action.through);
  if (!action.condition.empty()) out.Member("condition", action.condition);
  if (!action.reason.empty()) out.Member("reason", action.reason);
  out.Member("statements", action.statements);
  if (!action.objects.empty()) out.Member("objects", action.objects);
  if (!action.except.empty()) out.Member("except", action.except);
  if (!action.all_objects_named) out.Member("all_objects_named", false);
  if (!action.trace.empty()) out.Member("trace", action.trace);
  out.EndObject();
}

void WriteHost(JsonWriter& out, const HostAnswer& host, const std::map<InstanceId, HostNote>& notes) {
  out.BeginObject().Member("account", host.account).Member("region", host.region);
  out.Member("instance", host.instance.value).Member("name", host.Name()).Member("state", host.state);
  out.Member("how", host.how).Member("decision", Word(host.decision));
  if (!host.condition.empty()) out.Member("condition", host.condition);
  const auto note = notes.find(host.instance);
  if (note != notes.end()) {
    out.Member("protection", note->second.state);
    if (!note->second.why.empty()) out.Member("protection_reason", note->second.why);
  }
  out.EndObject();
}

void WritePrincipal(JsonWriter& out, const PrincipalAnswer& principal, const std::map<InstanceId, HostNote>& notes) {
  out.BeginObject().Member("principal", principal.arn).Member("account", principal.account);
  out.Member(principal.is_user ? "user" : "role", principal.role).Member("decision", Word(principal.Best()));
  if (!principal.keys.empty()) out.Member("access_keys", principal.keys);
  if (!principal.assumes.empty()) out.Member("assumes", principal.assumes);
  out.Key("actions").BeginArray();
  for (const ActionAnswer& action : principal.actions) WriteAction(out, action);
  out.EndArray();
  out.Member("consumers", principal.consumers);
  out.Member("other_uses", principal.other_uses);
  out.Member("instance_profiles", principal.profiles);
  out.Key("hosts").BeginArray();
  for (const HostAnswer& host : principal.hosts) WriteHost(out, host, notes);
  out.EndArray().EndObject();
}

}  // namespace

std::string AnswerText(const Answer& answer, const TextOptions& options) {
  return Page(answer, options).Write();
}

std::string AnswerJson(const Answer& answer, const std::map<InstanceId, HostNote>& notes) {
  JsonWriter out;
  out.BeginObject().Member("bucket", answer.bucket).Member("account", answer.account);
  out.Member("region", answer.region).Member("prefix", answer.prefix);
  out.Member("actions", answer.actions);
  out.Key("principals").BeginArray();
  for (const PrincipalAnswer& principal : answer.principals) WritePrincipal(out, principal, notes);
  out.EndArray();
  out.Member("examined", static_cast<std::int64_t>(answer.examined));
  out.Member("denied", static_cast<std::int64_t>(answer.denied()));
  out.Member("undetermined", static_cast<std::int64_t>(answer.undecided + answer.unlisted_undecided));
  if (!answer.unlisted_reason.empty()) {
    out.Member("undetermined_not_listed", static_cast<std::int64_t>(answer.unlisted_undecided));
    out.Member("undetermined_not_listed_reason", answer.unlisted_reason);
  }
  out.Key("users").BeginArray();
  for (const PrincipalAnswer& user : answer.users) WritePrincipal(out, user, notes);
  out.EndArray();
  out.Key("everyone").BeginArray();
  for (const EveryoneAnswer& everyone : answer.everyone) {
    out.BeginObject().Member("who", everyone.who).Member("decision", Word(everyone.Best())).Key("actions").BeginArray();
    for (const ActionAnswer& action : everyone.actions) WriteAction(out, action);
    out.EndArray().EndObject();
  }
  out.EndArray();
  out.Key("outsiders").BeginArray();
  for (const Outsider& outsider : answer.outsiders) {
    out.BeginObject()
        .Member("who", outsider.who)
        .Member("what", outsider.what)
        .Member("from", outsider.from)
        .Member("has_effect", outsider.has_effect)
        .EndObject();
  }
  out.EndArray();
  out.Member("could_not_be_read", answer.gaps);
  out.Member("not_considered", answer.not_considered);
  return out.EndObject().Take();
}

}  // namespace sallyport::reach

// SPDX-License-Identifier: Apache-2.0
#include "edge/text.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/csv.h"
#include "base/text.h"

namespace sallyport::edge {
namespace {

std::string Cut(std::string_view text) {
  return Printable(text, 160);
}

std::string NameOfHost(const RunHost& host) {
  return host.name.empty() ? host.id : Printable(host.name, 60) + " (" + host.id + ")";
}

std::string Plural(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::map<HostState, std::size_t> CountsOf(const Run& run) {
  std::map<HostState, std::size_t> counts;
  for (const RunHost& host : run.hosts) ++counts[host.state];
  return counts;
}

class Names {
 public:
  explicit Names(const Run& run) {
    for (const RunAcl& acl : run.acls) names_[acl.arn] = acl.name;
    for (const RunThing& thing : run.things) names_[thing.id] = thing.kind + " " + thing.name;
  }
  std::string Of(const std::string& arn) const {
    const auto found = names_.find(arn);
    return Cut(found == names_.end() ? arn : found->second);
  }

 private:
  std::unordered_map<std::string, std::string> names_;
};

std::string LineOf(const Names& names, const RunWay& way) {
  std::string line;
  for (const RunHop& hop : way.hops) {
    line += (line.empty() ? "" : " > ") + names.Of(hop.id);
    if (!hop.acl.empty()) line += " [" + names.Of(hop.acl) + "]";
  }
  if (way.hops.empty()) line = Cut(way.entry);
  if (!way.group.empty()) line += " > target group " + Cut(way.group);
  if (!way.target_state.empty() && way.target_state != "healthy") line += " (" + Cut(way.target_state) + ")";
  return line;
}

bool Shows(const Names& names, const RunHost& host, const ShowOptions& options) {
  if (!options.state.empty() && options.state != ToString(host.state)) return false;
  if (options.filter.empty()) return true;
  std::string all = host.id + " " + host.name + " " + host.account + " " + host.region + " " + host.owner + " " +
                    host.team + " " + host.swp.policy_name;
  for (const RunWay& way : host.ways) all += " " + LineOf(names, way);
  return ToLowerAscii(all).find(ToLowerAscii(options.filter)) != std::string::npos;
}

std::string ClassesText(const RunHost& host) {
  if (!host.swp.classes) return "undetermined (" + Cut(host.swp.classes_why) + ")";
  std::string text;
  for (const AppClass& one : *host.swp.classes) text += (text.empty() ? "" : ", ") + one.name;
  return text.empty() ? "none" : text;
}

void AddHost(const Names& names, const RunHost& host, std::string& text) {
  text += NameOfHost(host) + ": " + std::string(ToString(host.state)) + "\n";
  std::string swp = host.swp.guard == Guard::kProtected      ? "protected"
                    : host.swp.guard == Guard::kNotProtected ? "not protected"
                                                             : "undetermined";
  if (!host.swp.policy_name.empty()) swp += ", SWP policy " + Cut(host.swp.policy_name);
  text += "  " + host.account + " " + host.region + ", " + swp + ", classes: " + ClassesText(host);
  if (!host.owner.empty()) text += ", owner " + Cut(host.owner);
  if (host.runs != "running") text += ", " + Cut(host.runs);
  text += "\n";
  for (const std::string& why : host.why) text += "  undetermined: " + Cut(why) + "\n";
  for (const RunWay& way : host.ways) {
    std::string state = way.state;
    state.resize(std::max<std::size_t>(state.size(), 12), ' ');
    text += "  " + state + " " + LineOf(names, way) + "\n";
    // How the internet gets past an ACL is what people have to know.
    if (way.state == "open" && !way.hops.empty()) text += "               " + Cut(way.entry) + "\n";
  }
  if (host.more_ways > 0) text += "  and " + Plural(host.more_ways, "more way") + "\n";
}

std::string CandidateLine(const RunCandidate& one) {
  std::string line = std::string(ToString(one.kind)) + ": ";
  if (one.acl.empty()) {
    line += Cut(one.thing_name);
  } else {
    line += ToString(one.group) + ", web ACL " + Cut(one.thing_name);
  }
  line +=
      " (" + one.account + (one.region.empty() ? "" : " " + one.region) + "), for " + Plural(one.hosts.size(), "host");
  if (one.capacity_after) {
    line += ", " + std::to_string(one.capacity_before.value_or(0)) + " -> " + std::to_string(*one.capacity_after) +
            " of " + std::to_string(kMostCapacity) + " WCU";
  }
  return line;
}

void AddCandidate(const RunCandidate& one, std::string& text) {
  text += CandidateLine(one) + "\n";
  if (!one.where.empty()) text += "  where: " + Cut(one.where) + "\n";
  if (!one.classes.empty()) {
    text += "  classes:";
    for (const std::string& name : one.classes) text += " " + name;
    text += "\n";
  }
  if (!one.shared_with.empty()) text += "  in front of " + Plural(one.shared_with.size(), "resource") + "\n";
  for (const std::string& note : one.notes) text += "  " + Printable(note, 300) + "\n";
}

// "bar" of at most 30 marks; a state that is there has one at least.
std::string BarOf(const std::map<HostState, std::size_t>& counts, std::size_t all) {
  constexpr std::array<std::pair<HostState, char>, 6> kMarks = {{{HostState::kBehind, '#'},
                                                                 {HostState::kCounts, 'c'},
                                                                 {HostState::kPartly, '+'},
                                                                 {HostState::kNot, '!'},
                                                                 {HostState::kNoWay, '.'},
                                                                 {HostState::kUndetermined, '?'}}};
  std::string bar;
  for (const auto& [state, mark] : kMarks) {
    const auto found = counts.find(state);
    if (found == counts.end() || found->second == 0) continue;
    bar.append(std::max<std::size_t>(1, found->second * 30 / std::max<std::size_t>(all, 1)), mark);
  }
  return bar;
}

void AddBars(const Run& run, std::string& text) {
  std::map<std::string, std::map<HostState, std::size_t>> by_account;
  for (const RunHost& host : run.hosts) ++by_account[host.account][host.state];
  for (const auto& [account, counts] : by_account) {
    std::size_t all = 0;
    for (const auto& [state, count] : counts) all += count;
    text += "  " + account + "  " + BarOf(counts, all) + " " + Plural(all, "host") + "\n";
  }
  if (!by_account.empty()) {
    text += "  (# behind, c counts, + partly, ! not, . no way from the internet, ? undetermined)\n";
  }
}

template <class List, class One>
void AddLines(std::string_view mark, const List& list, std::size_t most, std::vector<std::string>& lines, One line_of) {
  std::size_t shown = 0;
  for (const auto& one : list) {
    if (shown++ >= most) break;
    lines.push_back(std::string(mark) + line_of(one));
  }
  if (list.size() > most) lines.push_back(std::string(mark) + "and " + std::to_string(list.size() - most) + " more");
}

}  // namespace

std::string Headline(const Run& run) {
  const auto counts = CountsOf(run);
  const auto of = [&](HostState state) {
    const auto found = counts.find(state);
    return found == counts.end() ? std::size_t{0} : found->second;
  };
  // Whether the internet reaches those that are undetermined is not known.
  const std::size_t reached = run.hosts.size() - of(HostState::kNoWay) - of(HostState::kUndetermined);
  std::string line = std::to_string(of(HostState::kBehind)) + " of " + Plural(reached, "host") +
                     " that the internet reaches are behind a web ACL that enforces";
  const auto add = [&](HostState state, std::string_view words) {
    if (of(state) > 0) line += "; " + std::to_string(of(state)) + " " + std::string(words);
  };
  add(HostState::kPartly, "partly");
  add(HostState::kCounts, "behind one that only counts");
  add(HostState::kNot, "not");
  add(HostState::kUndetermined, "undetermined");
  line += ". " + std::to_string(of(HostState::kNoWay)) + " not reached";
  if (!run.gaps.empty()) line += ". " + Plural(run.gaps.size(), "part") + " of the estate not read";
  return line;
}

std::string_view NoChangeWords(const Run& run) {
  return run.gaps.empty() ? "no change" : "no change in what was read";
}

std::vector<std::string> DifferenceLines(const RunDifference& difference, std::size_t most) {
  std::vector<std::string> lines;
  const auto plain = [](const std::string& text) { return text; };
  AddLines("no longer behind an enforcing web ACL: ", difference.lost, most, lines, plain);
  AddLines("new without an enforcing web ACL: ", difference.exposed, most, lines, plain);
  AddLines("without an enforcing web ACL, undetermined before: ", difference.found, most, lines, plain);
  AddLines("now behind an enforcing web ACL: ", difference.gained, most, lines, plain);
  AddLines("gone: ", difference.gone, most, lines, plain);
  AddLines("changed: ", difference.acls, most, lines, plain);
  AddLines("no longer looked at: ", difference.places, most, lines, plain);
  return lines;
}

std::string WayLine(const Run& run, const RunWay& way) {
  return LineOf(Names(run), way);
}

std::string RunText(const Run& run, const ShowOptions& options) {
  const Names names(run);
  std::string text = Headline(run) + "\n";
  text += "read at " + FormatTime(run.at) + "\n";
  AddBars(run, text);
  if (!run.gaps.empty()) text += "\nnot read:\n";
  for (const Gap& gap : run.gaps) {
    text += "  " + std::string(Words(gap.part)) + ", " + gap.account + (gap.region.empty() ? "" : " " + gap.region) +
            ": " + Printable(gap.why, 300) + "\n";
  }
  if (run.before) {
    text += "\nsince the run of " + FormatTime(*run.before) + ":\n";
    if (run.changes.empty()) text += "  " + std::string(NoChangeWords(run)) + "\n";
    for (const std::string& line : run.changes) text += "  " + Printable(line, 300) + "\n";
  }
  text += "\n";
  std::size_t shown = 0;
  std::size_t fit = 0;
  for (const RunHost& host : run.hosts) {
    if (!Shows(names, host, options)) continue;
    ++fit;
    if (options.most != 0 && shown >= options.most) continue;
    ++shown;
    AddHost(names, host, text);
  }
  if (shown < fit) text += "and " + Plural(fit - shown, "more host") + " (--limit 0 shows all)\n";
  if (!run.candidates.empty()) text += "\n";
  for (const RunCandidate& candidate : run.candidates) AddCandidate(candidate, text);
  if (!run.breaks.empty()) text += "\nends without a host:\n";
  for (std::size_t i = 0; i < run.breaks.size() && i < 50; ++i) {
    text += "  " + Printable(run.breaks[i].where, 200) + ": " + Printable(run.breaks[i].why, 200) + "\n";
  }
  if (run.breaks.size() > 50) text += "  and " + std::to_string(run.breaks.size() - 50) + " more\n";
  for (const std::string& note : run.notes) text += Printable(note, 300) + "\n";
  return text;
}

std::string RunJson(const Run& run) {
  const auto pieces = PiecesOf(run);
  // The lists of the pieces, joined again.
  std::map<std::string, std::string> lists;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::string& piece = pieces[i];
    const auto open = piece.find('[');
    const auto kind_at = piece.find("\"kind\":\"") + 8;
    const std::string kind = piece.substr(kind_at, piece.find('"', kind_at) - kind_at);
    const std::string inner = piece.substr(open + 1, piece.size() - open - 3);
    std::string& list = lists[kind];
    list += (list.empty() ? "" : ",") + inner;
  }
  std::string text = "{\"header\":" + pieces.front();
  for (const std::string_view kind : {"hosts", "acls", "things", "candidates", "breaks"}) {
    text += ",\"" + std::string(kind) + "\":[" + lists[std::string(kind)] + "]";
  }
  return text + "}";
}

std::string RunCsv(const Run& run) {
  const Names names(run);
  std::string csv = "account,region,instance,name,state,swp,policy,classes,owner,team,ways,why\r\n";
  for (const RunHost& host : run.hosts) {
    std::string ways;
    for (const RunWay& way : host.ways) ways += (ways.empty() ? "" : " | ") + way.state + ": " + LineOf(names, way);
    if (host.more_ways > 0) ways += " | and " + std::to_string(host.more_ways) + " more";
    std::string why;
    for (const std::string& one : host.why) why += (why.empty() ? "" : "; ") + one;
    const std::string_view swp = host.swp.guard == Guard::kProtected      ? "protected"
                                 : host.swp.guard == Guard::kNotProtected ? "not protected"
                                                                          : "undetermined";
    const std::array<std::string, 12> cells = {host.account,
                                               host.region,
                                               host.id,
                                               host.name,
                                               std::string(ToString(host.state)),
                                               std::string(swp),
                                               host.swp.policy_name,
                                               ClassesText(host),
                                               host.owner,
                                               host.team,
                                               ways,
                                               why};
    for (std::size_t i = 0; i < cells.size(); ++i) csv += (i == 0 ? "" : ",") + CsvCell(cells.at(i));
    csv += "\r\n";
  }
  return csv;
}

}  // namespace sallyport::edge

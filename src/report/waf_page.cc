// SPDX-License-Identifier: Apache-2.0
#include "report/waf_page.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"
#include "edge/text.h"
#include "report/waf_phrases.h"

namespace sallyport::report {
namespace {

using edge::HostState;

constexpr std::size_t kSwpColumn = 7;  // of the table

// Columns of the picture, from left to right.
enum StopColumn : std::size_t { kInternet, kEdge, kEdgeAcl, kBalancer, kBalancerAcl, kTargets, kHost, kPolicy };

State StateOfHost(HostState state) {
  switch (state) {
    case HostState::kBehind:
      return {"behind",
              {"Behind WAF", "受 WAF 保護"},
              {"every way from the internet passes a web ACL that enforces",
               "每一條從網際網路進入的路徑都經過強制執行的 web ACL"},
              Tone::kGood};
    case HostState::kCounts:
      return {"counts",
              {"Only counted", "僅計數"},
              {"every way passes a web ACL, and one or more only count", "每條路徑都經過 web ACL，但其中有的只計數"},
              Tone::kWarn};
    case HostState::kPartly:
      return {
          "partly",
          {"Partly", "部分保護"},
          {"one way passes a web ACL that enforces, another does not", "有一條路徑經過強制執行的 web ACL，另一條沒有"},
          Tone::kHalf};
    case HostState::kNot:
      return {"not",
              {"Not behind WAF", "未受 WAF 保護"},
              {"the internet reaches it without a web ACL that enforces", "網際網路可以不經過強制執行的 web ACL 到達"},
              Tone::kBad};
    case HostState::kNoWay:
      return {"no-way",
              {"Not reached", "無法到達"},
              {"none of the ways that are looked at leads from the internet to it",
               "所查看的路徑中，沒有一條從網際網路通到這台主機"},
              Tone::kQuiet};
    case HostState::kUndetermined:
      break;
  }
  return {"undetermined",
          {"Undetermined", "無法判定"},
          {"what could not be read decides it", "無法讀取的部分會決定結果"},
          Tone::kUnknown};
}

std::vector<State> WayStates() {
  return {{"enforced", {"Enforced", "強制執行"}, {}, Tone::kGood},
          {"counted", {"Only counted", "僅計數"}, {}, Tone::kWarn},
          {"open", {"Open", "未經 web ACL"}, {}, Tone::kBad},
          {"undetermined", {"Undetermined", "無法判定"}, {}, Tone::kUnknown}};
}

std::size_t NumberOfWay(std::string_view word) {
  constexpr std::array<std::string_view, 4> kWords = {"enforced", "counted", "open", "undetermined"};
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords.at(i) == word) return i;
  }
  return kWords.size() - 1;
}

Tone ToneOfAcl(std::string_view strength) {
  if (strength == "enforced") return Tone::kGood;
  return strength == "counted" ? Tone::kWarn : Tone::kUnknown;
}

std::string GuardText(const edge::SwpFacts& swp) {
  if (swp.guard == edge::Guard::kProtected) return "protected";
  return swp.guard == edge::Guard::kNotProtected ? "not protected" : "undetermined";
}

// "one; another" (edge_gather/tenant.cc) as lines.
std::vector<std::string> Sentences(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find("; ");
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return lines;
}

class WafPageMaker {
 public:
  explicit WafPageMaker(const edge::Run& run) : run_(run) {
    for (const edge::RunAcl& acl : run.acls) acls_[acl.arn] = &acl;
    for (const edge::RunThing& thing : run.things) things_[thing.id] = &thing;
  }

  Page Make() {
    Page page;
    page.title = {"Web ACLs: from the edge to the host", "Web ACL：從邊緣到主機"};
    page.headline = {edge::Headline(run_), HeadlineZh()};
    AddLines(page);
    for (const HostState state : edge::kHostStates) page.states.push_back(StateOfHost(state));
    page.way_states = WayStates();
    page.columns = {{"State", "狀態"},          {"Instance", "執行個體"}, {"Name", "名稱"},    {"Account", "帳戶"},
                    {"Region", "區域"},         {"Team", "團隊"},         {"Owner", "負責人"}, {"SWP", "SWP"},
                    {"SWP policy", "SWP 政策"}, {"Classes", "類別"}};
    page.key_column = 1;
    page.word_columns = {kSwpColumn};
    page.stops = {
        {"Internet", "網際網路"}, {"Edge", "邊緣"},    {"Web ACL", "Web ACL"}, {"Load balancer", "負載平衡器"},
        {"Web ACL", "Web ACL"},   {"Targets", "目標"}, {"Host", "主機"},       {"SWP policy", "SWP 政策"}};
    page.bars = {{{"By account", "依帳戶"}, 3}, {{"By team", "依團隊"}, 5}};
    page.file_name = "sallyport-waf";
    for (const edge::RunHost& host : run_.hosts) page.rows.push_back(RowOf(host));
    AddSections(page);
    Translate(page);
    return page;
  }

 private:
  // Sentences of ours; names, and what AWS and SWP said, stay as they are.
  void Translate(Page& page) {
    page.zh = std::move(zh_);
    const auto add = [&](const std::string& text) {
      if (page.zh.contains(text)) return;
      if (auto zh = book_.Find(text)) page.zh.emplace(text, *std::move(zh));
    };
    for (const Row& row : page.rows) {
      add(row.cells[kSwpColumn]);
      for (const Fact& fact : row.facts) {
        for (const std::string& line : fact.lines) add(line);
      }
    }
    for (const Section& section : page.sections) {
      for (const auto& item : section.items) {
        for (const std::string& line : item) add(line);
      }
    }
  }

  std::string Zh(const std::string& text) const { return book_.Find(text).value_or(text); }

  std::string HeadlineZh() const {
    std::array<std::size_t, 6> counts{};
    for (const edge::RunHost& host : run_.hosts) ++counts.at(static_cast<std::size_t>(host.state));
    const std::size_t no_way = counts.at(static_cast<std::size_t>(HostState::kNoWay));
    const std::size_t reached =
        run_.hosts.size() - no_way - counts.at(static_cast<std::size_t>(HostState::kUndetermined));
    std::string text = "網際網路可到達的 " + std::to_string(reached) + " 台主機中，" +
                       std::to_string(counts.at(static_cast<std::size_t>(HostState::kBehind))) +
                       " 台受強制執行的 web ACL 保護";
    constexpr std::array<std::pair<HostState, std::string_view>, 4> kOthers = {
        {{HostState::kPartly, "部分保護"},
         {HostState::kCounts, "僅計數"},
         {HostState::kNot, "未受保護"},
         {HostState::kUndetermined, "無法判定"}}};
    for (const auto& [state, words] : kOthers) {
      const std::size_t count = counts.at(static_cast<std::size_t>(state));
      if (count > 0) text += "；" + std::to_string(count) + " 台" + std::string(words);
    }
    text += "。" + std::to_string(no_way) + " 台無法到達";
    if (!run_.gaps.empty()) text += "。有 " + std::to_string(run_.gaps.size()) + " 個部分無法讀取";
    return text;
  }

  void AddLines(Page& page) const {
    const std::string at = FormatTime(run_.at);
    page.lines.push_back({"read at " + at + " (UTC)", "讀取時間：" + at + "（UTC）"});
    if (!run_.gaps.empty()) {
      const std::string count = std::to_string(run_.gaps.size());
      page.lines.push_back({count + (run_.gaps.size() == 1 ? " part" : " parts") +
                                " of the estate not read: the hosts concerned are undetermined",
                            "有 " + count + " 個部分無法讀取：相關主機為無法判定"});
    }
  }

  std::string NameOf(const std::string& arn) const {
    if (const auto acl = acls_.find(arn); acl != acls_.end()) return acl->second->name;
    const auto thing = things_.find(arn);
    return thing == things_.end() ? arn : thing->second->kind + " " + thing->second->name;
  }

  void AddAcl(std::size_t column, const std::string& arn, bool can_have, std::vector<Stop>& stops) const {
    if (!arn.empty()) {
      const auto acl = acls_.find(arn);
      stops.push_back(
          {column, arn, NameOf(arn), acl == acls_.end() ? Tone::kUnknown : ToneOfAcl(acl->second->strength)});
    } else if (can_have) {
      stops.push_back({column, "", "", Tone::kBad});
    }
  }

  Way WayOf(const edge::RunHost& host, const edge::RunWay& way) {
    Way made;
    made.state = NumberOfWay(way.state);
    made.note = way.why.empty() ? way.entry : way.entry + ": " + way.why;
    if (!zh_.contains(made.note)) zh_[made.note] = way.why.empty() ? Zh(way.entry) : Zh(way.entry) + "：" + Zh(way.why);
    const bool open = way.state == "open";
    made.stops.push_back({kInternet, "internet", "Internet", Tone::kQuiet});
    for (const edge::RunHop& hop : way.hops) {
      const bool distribution = hop.kind == "distribution";
      const auto thing = things_.find(hop.id);
      const bool alb = thing != things_.end() && thing->second->kind == "ALB";
      const std::string label = distribution && thing != things_.end() ? thing->second->name : NameOf(hop.id);
      made.stops.push_back({distribution ? kEdge : kBalancer, hop.id, label, Tone::kQuiet});
      // A missing ACL is a gap where the way has none at all.
      AddAcl(distribution ? kEdgeAcl : kBalancerAcl, hop.acl, open && (distribution || alb), made.stops);
    }
    // An NLB, a Classic load balancer and the host's own address cannot have one: the gap is there all the same.
    const bool marked =
        std::any_of(made.stops.begin(), made.stops.end(), [](const Stop& stop) { return stop.id.empty(); });
    if (open && !marked) made.stops.push_back({kBalancerAcl, "", "", Tone::kBad});
    if (!way.group.empty()) {
      made.stops.push_back({kTargets, "group " + way.group, way.group, Tone::kQuiet});
    }
    made.stops.push_back({kHost, host.id, host.name.empty() ? host.id : host.name, Tone::kQuiet});
    const std::string policy = host.swp.policy_name.empty() ? "no SWP policy" : host.swp.policy_name;
    const Tone tone = host.swp.guard == edge::Guard::kProtected      ? Tone::kGood
                      : host.swp.guard == edge::Guard::kNotProtected ? Tone::kBad
                                                                     : Tone::kUnknown;
    made.stops.push_back({kPolicy, "policy " + policy, policy, tone});
    return made;
  }

  Row RowOf(const edge::RunHost& host) {
    Row row;
    row.state = static_cast<std::size_t>(host.state);
    std::string classes;
    if (host.swp.classes) {
      for (const edge::AppClass& one : *host.swp.classes) classes += (classes.empty() ? "" : ", ") + one.name;
    } else {
      classes = "undetermined";
    }
    row.cells = {std::string(ToString(host.state)),
                 host.id,
                 host.name,
                 host.account,
                 host.region,
                 host.team,
                 host.owner,
                 GuardText(host.swp),
                 host.swp.policy_name,
                 classes};
    for (const edge::RunWay& way : host.ways) row.ways.push_back(WayOf(host, way));
    AddFacts(host, row);
    return row;
  }

  static void AddFacts(const edge::RunHost& host, Row& row) {
    const auto add = [&](Words label, std::vector<std::string> lines) {
      if (!lines.empty()) row.facts.push_back({std::move(label), std::move(lines)});
    };
    add({"Why undetermined", "無法判定的原因"}, host.why);
    add({"Why SWP says so", "SWP 判定原因"}, Sentences(host.swp.why));
    if (!host.swp.classes_why.empty()) add({"Classes", "類別"}, {host.swp.classes_why});
    if (host.runs != "running") add({"Instance state", "執行個體狀態"}, {host.runs});
    std::vector<std::string> evidence;
    if (host.swp.classes) {
      for (const edge::AppClass& one : *host.swp.classes) {
        evidence.push_back(one.name + ": " + std::to_string(one.rules) + (one.rules == 1 ? " rule" : " rules"));
        for (const auto& rule : one.evidence) evidence.push_back("  " + rule.rule + " (" + rule.application_type + ")");
      }
    }
    add({"Evidence", "依據"}, evidence);
    if (host.more_ways > 0)
      add({"More ways", "其他路徑"}, {std::to_string(host.more_ways) + " more ways are not listed"});
  }

  static std::vector<std::string> ItemOf(const edge::RunCandidate& one) {
    std::string head = std::string(ToString(one.kind)) + ": ";
    head += one.acl.empty() ? one.thing_name : ToString(one.group) + " in web ACL " + one.thing_name;
    head += " (" + one.account + (one.region.empty() ? "" : ", " + one.region) + ")";
    std::vector<std::string> item = {head};
    std::string hosts = std::to_string(one.hosts.size()) + (one.hosts.size() == 1 ? " host: " : " hosts: ");
    for (std::size_t i = 0; i < one.hosts.size() && i < 10; ++i) hosts += (i == 0 ? "" : ", ") + one.hosts[i];
    if (one.hosts.size() > 10) hosts += ", ...";
    item.push_back(hosts);
    if (one.capacity_after) {
      item.push_back("capacity " + std::to_string(one.capacity_before.value_or(0)) + " -> " +
                     std::to_string(*one.capacity_after) + " of " + std::to_string(edge::kMostCapacity) + " WCU");
    }
    if (!one.where.empty()) item.push_back(one.where);
    for (const std::string& note : one.notes) item.push_back(note);
    return item;
  }

  void AddSections(Page& page) {
    if (run_.before) {
      Section changes{
          {"Since the run of " + FormatTime(*run_.before), "自 " + FormatTime(*run_.before) + " 的執行以來"}, {}};
      for (const std::string& line : run_.changes) changes.items.push_back({line});
      if (run_.changes.empty()) changes.items.push_back({std::string(edge::NoChangeWords(run_))});
      page.sections.push_back(std::move(changes));
    }
    Section candidates{{"Candidates", "建議"}, {}};
    for (const edge::RunCandidate& one : run_.candidates) candidates.items.push_back(ItemOf(one));
    page.sections.push_back(std::move(candidates));
    Section gaps{{"Not read", "無法讀取"}, {}};
    for (const edge::Gap& gap : run_.gaps) {
      const std::string words(edge::Words(gap.part));
      const std::string place = ", " + gap.account + (gap.region.empty() ? "" : ", " + gap.region);
      zh_[words + place] = Zh(words) + place;
      gaps.items.push_back({words + place, gap.why});
    }
    page.sections.push_back(std::move(gaps));
    Section breaks{{"Ends without a host", "未通到主機"}, {}};
    for (const edge::Break& one : run_.breaks) breaks.items.push_back({one.where, one.why});
    page.sections.push_back(std::move(breaks));
    Section notes{{"Notes", "備註"}, {}};
    for (const std::string& note : run_.notes) notes.items.push_back({note});
    page.sections.push_back(std::move(notes));
  }

  const edge::Run& run_;
  const Phrasebook book_{WafPhrases()};
  std::map<std::string, std::string> zh_;  // of the notes of ways
  std::unordered_map<std::string, const edge::RunAcl*> acls_;
  std::unordered_map<std::string, const edge::RunThing*> things_;
};

}  // namespace

Page WafPage(const edge::Run& run) {
  return WafPageMaker(run).Make();
}

}  // namespace sallyport::report

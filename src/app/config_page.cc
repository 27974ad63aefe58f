// SPDX-License-Identifier: Apache-2.0
#include "app/config_page.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

namespace sallyport {
namespace {

using compliance::Compliance;
using report::Tone;
using report::Words;

// The order of Page::states.
constexpr std::array kPageVerdicts = {Compliance::kNonCompliant, Compliance::kUndetermined, Compliance::kCompliant,
                                      Compliance::kNotApplicable};

report::State StateOfVerdict(Compliance compliance) {
  const std::string word(compliance::ToString(compliance));
  switch (compliance) {
    case Compliance::kCompliant:
      return {word, {"Compliant", "符合"}, {"the host is as the rule asks", "主機符合規則的要求"}, Tone::kGood};
    case Compliance::kNonCompliant:
      return {
          word, {"Non-compliant", "不符合"}, {"the host is not as the rule asks", "主機不符合規則的要求"}, Tone::kBad};
    case Compliance::kNotApplicable:
      return {word,
              {"Not applicable", "不適用"},
              {"the rule does not apply to the host now", "規則目前不適用於這台主機"},
              Tone::kQuiet};
    case Compliance::kUndetermined:
      break;
  }
  return {
      word,
      {"Undetermined", "無法判定"},
      {"what could not be read decides it; an earlier verdict stays", "無法讀取的部分會決定結果；先前的結果維持不變"},
      Tone::kUnknown};
}

std::size_t NumberOfVerdict(Compliance compliance) {
  const auto* const found = std::find(kPageVerdicts.begin(), kPageVerdicts.end(), compliance);
  return static_cast<std::size_t>(found - kPageVerdicts.begin());
}

std::size_t CountOf(const EvaluateReport& evaluated, Compliance wanted) {
  return static_cast<std::size_t>(
      std::count_if(evaluated.hosts.begin(), evaluated.hosts.end(),
                    [&](const EvaluatedHost& host) { return host.judged.verdict.compliance == wanted; }));
}

Words PageHeadline(const EvaluateReport& evaluated) {
  const std::string all = std::to_string(evaluated.hosts.size());
  Words words{all + (evaluated.hosts.size() == 1 ? " instance" : " instances"), all + " 個執行個體"};
  for (const Compliance verdict : kPageVerdicts) {
    const std::string count = std::to_string(CountOf(evaluated, verdict));
    const report::State state = StateOfVerdict(verdict);
    const bool is_first = verdict == kPageVerdicts.front();
    std::string label = state.label.en;
    label.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(label.front())));
    words.en.append(is_first ? ": " : ", ").append(count).append(" ").append(label);
    words.zh.append(is_first ? "：" : "，").append(count).append(" 個").append(state.label.zh);
  }
  return words;
}

std::string TagOf(const compliance::Resource& resource, std::string_view name) {
  for (const swp::Tag& tag : resource.tags.value_or(std::vector<swp::Tag>())) {
    if (tag.name == name) return tag.value;
  }
  return "";
}

report::Row RowOfHost(const EvaluatedHost& host) {
  const compliance::Resource& resource = host.judged.resource;
  report::Row row;
  row.state = NumberOfVerdict(host.judged.verdict.compliance);
  row.cells = {std::string(compliance::ToString(host.judged.verdict.compliance)),
               resource.instance.value,
               TagOf(resource, "Name"),
               host.place.account,
               host.place.region,
               resource.state,
               resource.cluster,
               host.judged.verdict.annotation};
  return row;
}

std::vector<std::string> LinesOfText(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream rest(text);
  for (std::string line; std::getline(rest, line);) lines.push_back(line);
  return lines;
}

void AddPageSections(const EvaluateReport& evaluated, report::Page& page) {
  report::Section changes{{"Changed since the run that was kept last", "自上次保留的執行以來的變更"}, {}};
  for (const EvaluateChange& change : evaluated.changes) {
    const std::string was = change.was ? std::string(compliance::ToString(*change.was)) : "no verdict";
    changes.items.push_back({change.instance + ": " + was + " -> " + std::string(compliance::ToString(change.is)),
                             "account " + change.place.account + ", " + change.place.region});
  }
  page.sections.push_back(std::move(changes));
  report::Section gaps{{"Not known", "未知"}, {}};
  for (const std::string& gap : evaluated.gaps) gaps.items.push_back({gap});
  page.sections.push_back(std::move(gaps));
  report::Section explained{{"Explained", "說明"}, {}};
  for (const std::string& explanation : evaluated.explanations) explained.items.push_back(LinesOfText(explanation));
  page.sections.push_back(std::move(explained));
}

}  // namespace

report::Page EvaluatePage(const EvaluateReport& evaluated, TimePoint at) {
  const std::string rule(compliance::NameOf(evaluated.rule.kind));
  const std::string time = FormatTime(at);
  report::Page page;
  page.title = {"Rule " + rule + ": verdicts for each instance", "規則 " + rule + "：各執行個體的結果"};
  page.headline = PageHeadline(evaluated);
  page.lines = {{"compliant when: " + std::string(compliance::MeaningOf(evaluated.rule.kind)), ""},
                {"evaluated at " + time + " (UTC)", "評估時間：" + time + "（UTC）"}};
  if (!evaluated.gaps.empty()) {
    const std::string count = std::to_string(evaluated.gaps.size());
    page.lines.push_back({count + (evaluated.gaps.size() == 1 ? " thing" : " things") + " could not be read, see below",
                          "有 " + count + " 個部分無法讀取，詳見下方"});
  }
  for (const Compliance verdict : kPageVerdicts) page.states.push_back(StateOfVerdict(verdict));
  page.columns = {{"Verdict", "結果"},
                  {"Instance", "執行個體"},
                  {"Name", "名稱"},
                  {"Account", "帳戶"},
                  {"Region", "區域"},
                  {"State", "狀態"},
                  {"ECS cluster", "ECS 叢集"},
                  {"Why, and what next", "原因與下一步"}};
  page.key_column = 1;
  page.bars = {{{"By account", "依帳戶"}, 3}, {{"By region", "依區域"}, 4}};
  page.file_name = "sallyport-config-" + rule;
  for (const EvaluatedHost& host : evaluated.hosts) page.rows.push_back(RowOfHost(host));
  AddPageSections(evaluated, page);
  return page;
}

}  // namespace sallyport

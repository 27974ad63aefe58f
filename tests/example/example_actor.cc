// SPDX-License-Identifier: Apache-2.0
#include "tests/example/example_actor.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "tests/example/example_action.h"

namespace sallyport {
namespace {

class HostWatcher final : public ActorOf<WatchHost> {
 public:
  HostWatcher(std::filesystem::path folder, swp::Reads& reads) : folder_(std::move(folder)), reads_(reads) {}

 protected:
  Done Act(const WatchHost& watch, const ActorTask& task) override {
    // Written beside the list and moved into it: nobody ever reads half an entry.
    const std::filesystem::path beside = folder_ / ("." + TokenOf(task.planned.key));
    std::ofstream entry(beside, std::ios::binary);
    entry << EntryOf(watch, task);
    entry.close();
    std::error_code error;
    if (entry) std::filesystem::rename(beside, FileOf(watch), error);
    if (!entry || error) return Failed({ErrorCode::kStorage, "`" + FileOf(watch).string() + "` cannot be written", ""});
    return {ActionState::kVerified, "on the watch list", {}};
  }

  std::string WouldDo(const WatchHost& watch, const ActorTask& task) const override {
    return "write " + FileOf(watch).string() + ": " + EntryOf(watch, task);
  }

  // The entry names the decision that it came of.
  std::optional<Done> FindOut(const WatchHost& watch, const ActorTask& task) override {
    std::stringstream entry;
    entry << std::ifstream(FileOf(watch), std::ios::binary).rdbuf();
    if (entry.str() != EntryOf(watch, task)) return std::nullopt;
    return Done{ActionState::kVerified, "it was on the watch list already", {}};
  }

  Result<WatchHost> WithHostsOfNow(const WatchHost& watch, const ActorTask& task) override {
    auto host = HostOfNow(watch.host, watch.computer, task, reads_);
    if (!host.ok()) return host.error();
    return WatchHost{watch.computer, *std::move(host), watch.reason};
  }

  // To be on the list is the end of it.
  std::optional<Question> AsksForEnd(const WatchHost&, const ActorTask&) const override { return std::nullopt; }

 private:
  std::filesystem::path FileOf(const WatchHost& watch) const { return folder_ / watch.host.instance.value; }
  static std::string EntryOf(const WatchHost& watch, const ActorTask& task) {
    return TokenOf(task.planned.key) + " " + watch.reason + "\n";
  }

  std::filesystem::path folder_;
  swp::Reads& reads_;
};

}  // namespace

ActionRow WatchHostRow(const std::string& folder) {
  return RowOf<WatchHost>(
      [folder](const ActorSeams& seams) { return std::make_unique<HostWatcher>(folder, seams.reads); });
}

}  // namespace sallyport

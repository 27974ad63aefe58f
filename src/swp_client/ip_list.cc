// SPDX-License-Identifier: Apache-2.0
//
// The client's reads of IP lists (swp/ip_list.h).
#include <optional>

#include "base/text.h"
#include "swp_client/client.h"

namespace sallyport::swp {
namespace {

constexpr Operation kSearchIpLists = {"search IP lists", ""};
constexpr int kIpListPage = 100;

}  // namespace

Result<IpList> Client::FindIpList(std::string_view exact_name) {
  const auto json =
      Post("/iplists/search", SearchBody(kIpListPage).StringEquals("name", exact_name).ToJson(), kSearchIpLists);
  if (!json.ok()) return json.error();
  const Json lists = (*json)["ipLists"];
  if (!lists.IsArray()) return Error{ErrorCode::kBadAnswer, "SWP's answer to `search IP lists` has no `ipLists`", ""};
  std::optional<IpList> found;
  for (const Json& one : lists.Elements()) {
    auto list = ReadIpList(one.AsDocument());
    if (!list.ok()) return list.error();
    // SWP may compare without regard to case.
    if (list->name != exact_name) continue;
    if (found) {
      return Error{ErrorCode::kInvalidInput, "two IP lists of SWP have the name `" + Printable(exact_name, 200) + "`",
                   "rename one of them"};
    }
    found = *std::move(list);
  }
  if (found) return *std::move(found);
  return Error{ErrorCode::kNotFound, "SWP has no IP list `" + Printable(exact_name, 200) + "`",
               "name one as Policies > Common Objects > IP Lists shows it; case matters"};
}

}  // namespace sallyport::swp

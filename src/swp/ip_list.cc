// SPDX-License-Identifier: Apache-2.0
#include "swp/ip_list.h"

#include "base/json_fields.h"

namespace sallyport::swp {

Result<IpList> ReadIpList(const Json& json) {
  JsonFields fields;
  IpList list;
  list.id = fields.Whole(json["ID"], 0);
  list.name = fields.RequiredText(json["name"]);
  // SWP leaves an empty list of items out.
  if (json["items"].HasValue()) {
    for (const Json& item : fields.Array(json["items"]).Elements()) list.items.push_back(fields.RequiredText(item));
  }
  if (!fields.status().ok()) {
    Error error = fields.status().error().In("an IP list of SWP");
    error.code = ErrorCode::kBadAnswer;
    return error;
  }
  if (list.id <= 0) return Error{ErrorCode::kBadAnswer, "an IP list of SWP has no ID", ""};
  return list;
}

}  // namespace sallyport::swp

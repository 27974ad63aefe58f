// SPDX-License-Identifier: Apache-2.0
#include "workflow/owner.h"

#include "base/text.h"

namespace sallyport {

Owner FindOwner(const std::optional<std::vector<swp::Tag>>& tags, const OwnerSettings& settings) {
  if (tags) {
    for (const std::string& wanted : settings.owner_tags) {
      for (const swp::Tag& tag : *tags) {
        const std::string_view value = Trim(tag.value);
        if (EqualsIgnoreCase(tag.name, wanted) && !value.empty()) {
          return {std::string(value), "tag `" + Printable(tag.name, 60) + "`"};
        }
      }
    }
  }
  if (!settings.default_owner.empty()) return {settings.default_owner, "the settings' default owner"};
  return {"", tags ? "no owner tag, and no default owner in the settings" : "the tags of the instance are not known"};
}

}  // namespace sallyport

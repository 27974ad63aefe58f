// SPDX-License-Identifier: Apache-2.0
//
// RowSettings: the settings that belong to rows of the workflow table, each row's in a struct of its own. Nobody but
// the row knows the struct; the configuration fills it through the row's keys (own_key.h).
#pragma once

#include <any>
#include <map>
#include <typeindex>

namespace sallyport {

class RowSettings {
 public:
  // The settings of that type; its defaults while nothing has been set.
  template <class T>
  const T& Get() const {
    static const T defaults{};
    const auto found = parts_.find(std::type_index(typeid(T)));
    return found == parts_.end() ? defaults : *std::any_cast<T>(&found->second);
  }

  // The same, to be changed.
  template <class T>
  T& Edit() {
    const auto [part, is_new] = parts_.try_emplace(std::type_index(typeid(T)));
    if (is_new) part->second = T{};
    return *std::any_cast<T>(&part->second);
  }

 private:
  std::map<std::type_index, std::any> parts_;
};

}  // namespace sallyport

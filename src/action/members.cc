// SPDX-License-Identifier: Apache-2.0
#include "action/members.h"

#include "swp/reading.h"

namespace sallyport {

Members& Members::operator()(std::string_view name, std::string& text) {
  if (reads()) {
    text = in_[name].StringOr("");
  } else {
    out_->Member(name, text);
  }
  return *this;
}

Members& Members::operator()(std::string_view name, std::vector<std::string>& texts) {
  if (!reads()) {
    out_->Member(name, texts);
    return *this;
  }
  texts.clear();
  for (const Json& element : in_[name].Elements()) texts.push_back(element.StringOr(""));
  return *this;
}

Members& Members::operator()(std::string_view name, bool& flag) {
  if (reads()) {
    flag = in_[name].BoolOr(false);
  } else {
    out_->Member(name, flag);
  }
  return *this;
}

Members& Members::operator()(std::string_view name, TimePoint& time) {
  if (!reads()) {
    out_->Member(name, ToEpochMilliseconds(time));
    return *this;
  }
  const auto read = in_[name].AsInt64();
  if (read.ok()) {
    time = FromEpochMilliseconds(*read);
  } else {
    Fail(read.error());
  }
  return *this;
}

Members& Members::operator()(std::string_view name, Host& host) {
  if (!reads()) {
    out_->Key(name);
    WriteHost(*out_, host);
    return *this;
  }
  auto read = HostFromJson(in_[name]);
  if (read.ok()) {
    host = *std::move(read);
  } else {
    Fail(read.error());
  }
  return *this;
}

Members& Members::operator()(std::vector<Link>& links) {
  if (reads()) {
    links = LinksFromJson(in_["links"]);
  } else {
    WriteLinks(*out_, links);
  }
  return *this;
}

Members& Members::operator()(swp::Scope& scope) {
  if (!reads()) {
    out_->Member("scope", scope.kind == swp::Scope::Kind::kComputer ? "computer" : "policy");
    return SwpId("scope_id", scope.id);
  }
  const std::string kind = in_["scope"].StringOr("");
  if (kind != "computer" && kind != "policy") {
    Unknown("scope", "scope");
    return *this;
  }
  scope.kind = kind == "computer" ? swp::Scope::Kind::kComputer : swp::Scope::Kind::kPolicy;
  return SwpId("scope_id", scope.id);
}

Members& Members::SwpId(std::string_view name, std::int32_t& id) {
  if (!reads()) {
    out_->Member(name, id);
    return *this;
  }
  const auto read = swp::InsistOnId<ComputerId>(in_[name]);
  if (read.ok()) {
    id = read->value;
  } else {
    Fail(read.error());
  }
  return *this;
}

void Members::SwpIds(std::string_view name, std::vector<std::int32_t>& ids) {
  if (!reads()) {
    out_->Key(name).BeginArray();
    for (const std::int32_t id : ids) out_->Int(id);
    out_->EndArray();
    return;
  }
  ids.clear();
  for (const Json& element : in_[name].Elements()) {
    const auto read = swp::InsistOnId<ComputerId>(element);
    if (!read.ok()) return Fail(read.error());
    ids.push_back(read->value);
  }
}

void Members::Unknown(std::string_view name, std::string_view what) {
  Fail({ErrorCode::kInvalidInput, in_[name].Path() + ": not a " + std::string(what) + " that this version knows", ""});
}

}  // namespace sallyport

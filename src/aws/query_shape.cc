// SPDX-License-Identifier: Apache-2.0
#include "aws/query_shape.h"

#include "aws/uri.h"

namespace sallyport::aws {

QueryWriteShape::QueryWriteShape(std::string_view action, std::string_view version, std::string_view item)
    : item_(item) {
  form_ = "Action=" + PercentEncode(action) + "&Version=" + PercentEncode(version);
}

bool QueryWriteShape::Enter(std::string_view name) {
  Push(name);
  return true;
}

void QueryWriteShape::EnterItem(std::size_t index) {
  const std::string number = std::to_string(index + 1);
  Push(item_.empty() ? number : item_ + "." + number);
}

// Only SNS message attributes are maps here, and SNS names the two parts with capitals.
void QueryWriteShape::EnterEntry(std::size_t index, const std::string& key) {
  Push("entry." + std::to_string(index + 1));
  Push("Name");
  Put(key);
  Leave();
  const std::size_t outer = lengths_.back();
  lengths_.pop_back();
  Push("Value");
  lengths_.back() = outer;  // one Leave goes back over both
}

void QueryWriteShape::Leave() {
  name_.resize(lengths_.back());
  lengths_.pop_back();
}

void QueryWriteShape::Value(double& number) {
  JsonWriter text;
  Put(text.Double(number).Take());
}

Error QueryWriteShape::Missing(std::string_view name) const {
  const std::string path = name_.empty() ? std::string(name) : name_ + "." + std::string(name);
  return Error{ErrorCode::kInvalidInput, "the member `" + path + "` of the request is missing", ""};
}

void QueryWriteShape::Push(std::string_view step) {
  lengths_.push_back(name_.size());
  if (!name_.empty()) name_ += '.';
  name_ += step;
}

void QueryWriteShape::Put(std::string_view value) {
  form_ += "&" + name_ + "=" + PercentEncode(value);
}

}  // namespace sallyport::aws

// SPDX-License-Identifier: Apache-2.0
#include "event/parse.h"

#include <memory>
#include <utility>

#include "base/bounds.h"
#include "base/text.h"
#include "event/foreign.h"
#include "event/recognize.h"
#include "event/retired.h"
#include "event/unreadable_tally.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownNameBytes = 64;

std::string Counted(std::size_t count, std::string_view what, std::size_t bound) {
  return std::to_string(count) + " " + std::string(what) + ", over the bound of " + std::to_string(bound);
}

// Where a piece of the input came from, and how deep in wrappings it was.
struct Place {
  std::string origin;
  std::string sqs_message_id;
  int depth = 0;
  // Nothing else is in its input or message.
  bool alone = false;
  // Event::topic. What stands inside a notification may claim another one: the outermost counts.
  std::string topic{};
  std::shared_ptr<const SnsNotification> notification{};

  Place Inside(const std::string& step) const {
    return {origin.empty() ? step : origin + ", " + step, sqs_message_id, depth + 1, alone, topic, notification};
  }
  Place Notified(const std::string& step, const Json& object) const {
    Place inside = Inside(step);
    if (!inside.topic.empty()) return inside;
    inside.topic = object["TopicArn"].StringOr("");
    inside.notification = std::make_shared<const SnsNotification>(ReadSnsNotification(object));
    return inside;
  }
  Place Among(const std::string& step) const {
    Place inside = Inside(step);
    inside.alone = false;
    return inside;
  }
};

// Takes the wrappings off and collects what was in them.
class Unwrapper {
 public:
  explicit Unwrapper(const BareForms& forms) : forms_(forms) {}

  bool Full() const { return documents_ >= bounds::kInputDocuments; }
  std::vector<Arrival> Take() {
    EndBatch();
    unreadable_.Finish(arrivals_);
    return std::move(arrivals_);
  }

  void Fail(const Place& place, const Error& error) {
    EndBatch();
    ++documents_;
    unreadable_.Add({place.origin, place.sqs_message_id, place.origin.empty() ? error : error.In(place.origin)},
                    arrivals_);
  }

  void Text(std::string_view text, const Place& place) {
    const Result<Json> document = Json::Parse(text);
    if (!document.ok()) return Fail(place, ForeignText(text).value_or(document.error()));
    Document(*document, place);
  }

  void Document(const Json& document, const Place& place) {
    if (Full()) return FailFull(place);
    if (place.depth > bounds::kEnvelopeDepth) {
      return Invalid(place, "wrapped more than " + std::to_string(bounds::kEnvelopeDepth) +
                                " times in records, notifications and arrays");
    }
    if (document.IsArray()) return Array(document, place);
    if (const BareForm* batched = BatchedForm(document, forms_)) return AddToBatch(*batched, document, place);
    switch (Recognize(document, forms_)) {
      case DocumentKind::kRecords:
        return Records(document["Records"], place);
      case DocumentKind::kSnsMessage:
        return SnsMessage(document, place);
      case DocumentKind::kFindings:
        return Findings(document, place);
      case DocumentKind::kEventBridge:
        return EventBridge(document, place);
      case DocumentKind::kEmpty:
        if (!place.alone) return Invalid(place, "the document: not an event: found an empty object");
        return Add(ReadEvent(document, forms_), place);
      default:
        return Add(ReadEvent(document, forms_), place);
    }
  }

  void FailFull(const Place& place) {
    Fail(place, Error{ErrorCode::kTooLarge,
                      "more than " + std::to_string(bounds::kInputDocuments) +
                          " documents in one input; not read from here on",
                      "split the input"});
  }

 private:
  void Invalid(const Place& place, const std::string& message) {
    Fail(place, Error{ErrorCode::kInvalidInput, message, ""});
  }

  void Add(Result<Event> event, const Place& place) {
    EndBatch();
    ++documents_;
    AddEvent(std::move(event), place);
  }

  void AddEvent(Result<Event> event, const Place& place) {
    if (!event.ok()) {
      const Error& error = event.error();
      return unreadable_.Add(
          {place.origin, place.sqs_message_id, place.origin.empty() ? error : error.In(place.origin)}, arrivals_);
    }
    event->origin = place.origin;
    event->sqs_message_id = place.sqs_message_id;
    event->topic = place.topic;
    event->notification = place.notification;
    arrivals_.push_back({place.origin, place.sqs_message_id, std::move(event)});
  }

  // Objects of a form whose objects come together, as long as nothing else stands between them.
  void AddToBatch(const BareForm& form, const Json& object, const Place& place) {
    // What one notification holds: each is believed or not by itself.
    const bool goes_on = batch_.form == &form && batch_.place.notification == place.notification &&
                         batch_.place.sqs_message_id == place.sqs_message_id && batch_.count < bounds::kObjectsTogether;
    if (!goes_on) BeginBatch(form, place);
    batch_.objects.Raw(object.ToText());
    ++batch_.count;
    ++documents_;
  }

  void BeginBatch(const BareForm& form, const Place& place) {
    EndBatch();
    batch_ = {};
    batch_.form = &form;
    batch_.place = place;
    batch_.objects.BeginObject().Key("objects").BeginArray();
  }

  void EndBatch() {
    if (batch_.form == nullptr) return;
    const BareForm& form = *batch_.form;
    batch_.form = nullptr;
    batch_.objects.EndArray().Member("others", batch_.others).EndObject();
    const Result<Json> together = Json::Parse(batch_.objects.text(), bounds::kInputFileBytes);
    if (!together.ok()) return AddEvent(together.error(), batch_.place);
    JsonFields fields;
    Event event = form.read(*together, fields);
    AddEvent(fields.status().ok() ? Result<Event>(std::move(event)) : Result<Event>(fields.status().error()),
             batch_.place);
  }

  // An array of a form whose objects come together may hold texts too: SWP's test of its topic is nothing else.
  bool ArrayOfBatched(const Json::List& elements, const Place& place) {
    const BareForm* form = nullptr;
    bool all_texts = !elements.empty();
    for (const Json& element : elements) {
      if (form == nullptr) form = BatchedForm(element, forms_);
      all_texts = all_texts && element.IsString();
    }
    if (form == nullptr && all_texts && !place.topic.empty()) form = AnyBatchedForm(forms_);
    if (form == nullptr) return false;
    if (all_texts) BeginBatch(*form, place);
    for (const Json& element : elements) {
      if (Full()) {
        FailFull(place);
        return true;
      }
      if (element.IsObject()) {
        Document(element.AsDocument(), place);
      } else {
        if (batch_.form != form) BeginBatch(*form, place);
        ++batch_.others;
        ++documents_;
      }
    }
    return true;
  }

  // The elements, or nothing after having said what is wrong with the whole.
  Json::List Batch(const Json& array, std::string_view what, const Place& place) {
    const std::string path = array.Path().empty() ? "the document" : array.Path();
    if (!array.IsArray()) {
      Invalid(place, path + ": expected an array, found " + std::string(array.TypeName()));
      return {};
    }
    Json::List elements = array.Elements();
    if (elements.empty()) Invalid(place, path + ": expected at least one of " + std::string(what) + ", found none");
    if (elements.size() > bounds::kBatchRecords) {
      Fail(place, Error{ErrorCode::kTooLarge, path + ": " + Counted(elements.size(), what, bounds::kBatchRecords),
                        what == "findings" ? "give one finding on each line (jq -c '.findings[]')" : ""});
      return {};
    }
    return elements;
  }

  void Array(const Json& array, const Place& place) {
    std::size_t number = 0;
    const Json::List elements = Batch(array, "documents", place);
    if (ArrayOfBatched(elements, place)) return;
    for (const Json& element : elements) {
      const Place inside = place.Among("element " + std::to_string(++number));
      if (Full()) return FailFull(inside);
      Document(element.AsDocument(), inside);
    }
  }

  // What `aws guardduty get-findings` and its like print.
  void Findings(const Json& document, const Place& place) {
    if (const auto retired = RetiredDocument(document)) return Invalid(place, *retired);
    const Json lower = document["findings"];
    const Json list = lower.HasValue() ? lower : document["Findings"];
    if (list.Elements().empty()) return Nothing(place, "an empty list of findings");
    std::size_t number = 0;
    for (const Json& element : Batch(list, "findings", place)) {
      const Place inside = place.Among("finding " + std::to_string(++number));
      if (Full()) return FailFull(inside);
      Document(element.AsDocument(), inside);
    }
  }

  // Security Hub carries findings of other services, several in one event.
  void EventBridge(const Json& document, const Place& place) {
    CarriedEvents carried = ReadCarried(document, forms_);
    for (Result<Event>& event : carried.events) Add(std::move(event), place.Inside("carried finding"));
    if (carried.rest.HasValue()) Add(ReadEvent(carried.rest, forms_), place);
  }

  void Nothing(const Place& place, const std::string& why) {
    EndBatch();
    ++documents_;
    arrivals_.push_back(
        {place.origin, place.sqs_message_id, Error{ErrorCode::kInvalidInput, place.origin + ": " + why, ""}, why});
  }

  // Every record gives an arrival, over the bound too: its sender wants to know which ones to send again.
  void Records(const Json& records, const Place& place) {
    std::size_t number = 0;
    for (const Json& record : Batch(records, "records", place)) Record(record.AsDocument(), ++number, place);
  }

  void Record(const Json& record, std::size_t number, const Place& place) {
    // SQS writes `eventSource`, SNS `EventSource`.
    const Json upper = record["EventSource"];
    const Json source = upper.HasValue() ? upper : record["eventSource"];
    const std::string name = source.StringOr("");
    if (name == "aws:sqs") return SqsRecord(record, number, place);
    if (name == "aws:sns") {
      const Json sns = record["Sns"];
      return Wrapped(sns["Message"], place.Notified("SNS record " + std::to_string(number), sns));
    }
    if (const auto foreign = ForeignRecord(name))
      return Fail(place.Inside("record " + std::to_string(number)), *foreign);
    Invalid(place.Inside("record " + std::to_string(number)),
            source.Path() + ": expected `aws:sqs` or `aws:sns`, found " +
                (source.IsString() ? "`" + Printable(name, kShownNameBytes) + "`" : std::string(source.TypeName())));
  }

  void SqsRecord(const Json& record, std::size_t number, const Place& place) {
    const std::string id = record["messageId"].StringOr("");
    std::string step = "SQS record " + std::to_string(number);
    if (!id.empty()) step += " (message " + Printable(id, kShownNameBytes) + ")";
    Place inside = place.Inside(step);
    // Of records in records, the outermost is the one that Lambda delivered and can deliver again.
    if (inside.sqs_message_id.empty()) inside.sqs_message_id = id;
    Wrapped(record["body"], inside);
  }

  void SnsMessage(const Json& message, const Place& place) {
    const std::string type = message["Type"].StringOr("");
    if (type == "Notification") {
      return Wrapped(message["Message"], place.Notified("SNS message", message));
    }
    if (type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation") {
      return Fail(place, Error{ErrorCode::kInvalidInput,
                               "an SNS " + type + " for topic `" + Printable(message["TopicArn"].StringOr(""), 256) +
                                   "`, not an event",
                               "confirm the subscription in SNS; it is never confirmed from here"});
    }
    const Json found = message["Type"];
    Invalid(place,
            found.Path() + ": expected `Notification`, found " +
                (found.IsString() ? "`" + Printable(type, kShownNameBytes) + "`" : std::string(found.TypeName())));
  }

  // A document inside a string.
  void Wrapped(const Json& holder, const Place& place) {
    const Result<std::string> text = holder.AsString();
    if (!text.ok()) return Fail(place, text.error());
    const Result<Json> document = Json::Parse(*text);
    if (!document.ok()) return Fail(place, ForeignText(*text).value_or(document.error()).In(holder.Path()));
    Document(*document, place);
  }

  struct OpenBatch {
    const BareForm* form = nullptr;
    Place place;
    JsonWriter objects;
    std::size_t count = 0;
    int others = 0;
  };

  const BareForms& forms_;
  std::size_t documents_ = 0;
  OpenBatch batch_;
  UnreadableTally unreadable_;
  std::vector<Arrival> arrivals_;
};

std::string_view WithoutByteOrderMark(std::string_view bytes) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  return bytes;
}

// What can be said about the bytes without reading them as JSON.
Status CheckText(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return Error{ErrorCode::kInvalidInput, "the text is UTF-16, expected UTF-8", "save or send it as UTF-8"};
  }
  if (auto foreign = ForeignText(bytes)) return *std::move(foreign);
  if (Trim(bytes).empty()) return Error{ErrorCode::kInvalidInput, "expected an event, found an empty text", ""};
  return Ok();
}

// Takes the first line off `rest`; without its line end.
std::string_view TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

bool IsWholeDocument(std::string_view line) {
  const Result<Json> document = Json::Parse(line);
  return document.ok() && (document->IsObject() || document->IsArray());
}

// More than one line with something in it, and the first of them a whole document.
bool IsOnePerLine(std::string_view bytes) {
  std::string_view rest = bytes;
  std::string_view first;
  while (first.empty() && !rest.empty()) first = Trim(TakeLine(rest));
  return !Trim(rest).empty() && IsWholeDocument(first);
}

void ReadLines(std::string_view bytes, const std::string& origin, Unwrapper& unwrapper) {
  std::size_t number = 0;
  bool is_first = true;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::string_view line = Trim(TakeLine(rest));
    ++number;
    if (line.empty()) continue;
    const Place place{origin + ", line " + std::to_string(number), "", 0, is_first};
    is_first = false;
    if (unwrapper.Full()) return unwrapper.FailFull(place);
    unwrapper.Text(line, place);
  }
}

// One document of several that follow each other. Only a list may be over the bound of one event.
void ReadOne(const Result<Json>& document, std::size_t size, const Place& place, Unwrapper& unwrapper) {
  if (!document.ok()) return unwrapper.Fail(place, document.error());
  const bool is_list = document->IsArray() || (*document)["findings"].IsArray() || (*document)["Findings"].IsArray();
  if (size > bounds::kEventBytes && !is_list) {
    return unwrapper.Fail(place, Error{ErrorCode::kTooLarge, Counted(size, "bytes", bounds::kEventBytes), ""});
  }
  unwrapper.Document(*document, place);
}

void ReadOneAfterTheOther(std::string_view bytes, const std::string& origin, Unwrapper& unwrapper) {
  std::size_t position = 0;
  for (std::size_t number = 1; position < bytes.size(); ++number) {
    const std::size_t start = position;
    const Result<Json> document = Json::ParseFirst(bytes, position);
    const bool only_one = number == 1 && (position == bytes.size() || !document.ok());
    const Place place{only_one ? origin : origin + ", document " + std::to_string(number), "", 0, only_one};
    if (unwrapper.Full()) return unwrapper.FailFull(place);
    ReadOne(document, position - start, place, unwrapper);
    // What is neither object nor array is no document: after it, nothing says where one would begin.
    if (!document.ok() || !(document->IsObject() || document->IsArray())) return;
  }
}

}  // namespace

std::vector<Arrival> ParseDocument(std::string_view bytes, const std::string& origin, const BareForms& forms,
                                   bool alone) {
  Unwrapper unwrapper(forms);
  const Place place{origin, "", 0, alone};
  bytes = WithoutByteOrderMark(bytes);
  if (const Status text = CheckText(bytes); !text.ok()) {
    unwrapper.Fail(place, text.error());
  } else {
    unwrapper.Text(bytes, place);
  }
  return unwrapper.Take();
}

std::vector<Arrival> ParseInput(std::string_view bytes, const std::string& origin, const BareForms& forms) {
  Unwrapper unwrapper(forms);
  const Place place{origin, "", 0, true};
  bytes = WithoutByteOrderMark(bytes);
  if (const Status text = CheckText(bytes); !text.ok()) {
    unwrapper.Fail(place, text.error());
  } else if (IsOnePerLine(bytes)) {
    ReadLines(bytes, origin, unwrapper);
  } else if (bytes.size() > bounds::kInputFileBytes) {
    unwrapper.Fail(place, Error{ErrorCode::kTooLarge, Counted(bytes.size(), "bytes", bounds::kInputFileBytes),
                                "give the events one per line, or split the input"});
  } else {
    ReadOneAfterTheOther(bytes, origin, unwrapper);
  }
  return unwrapper.Take();
}

}  // namespace sallyport

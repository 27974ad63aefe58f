// SPDX-License-Identifier: Apache-2.0
#include "aws_api/events.h"

namespace sallyport::aws::events {
namespace {

constexpr Service kService{"events", "EventBridge",     "events",     "events",
                           "events", Protocol::kJson11, "2015-10-07", "AWSEvents"};
constexpr Operation kPutEvents{.service = kService, .name = "PutEvents", .repeatable = false};

}  // namespace

const Operation& PutEvents::Op() {
  return kPutEvents;
}

void Describe(Shape& shape, Entry& place) {
  shape.Required("Source", place.source);
  shape.Required("DetailType", place.detail_type);
  shape.Required("Detail", place.detail);
  shape("EventBusName", place.bus);
  shape("Resources", place.resources);
  shape("Time", place.time);
}

void Describe(Shape& shape, EntryResult& place) {
  shape("EventId", place.event_id);
  shape("ErrorCode", place.code);
  shape("ErrorMessage", place.message);
}

void Describe(Shape& shape, PutEvents& place) {
  shape.Required("Entries", place.entries);
}

void Describe(Shape& shape, PutEventsAnswer& place) {
  shape.Required("FailedEntryCount", place.failed);
  shape.Required("Entries", place.entries);
}

}  // namespace sallyport::aws::events

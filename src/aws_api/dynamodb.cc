// SPDX-License-Identifier: Apache-2.0
#include "aws_api/dynamodb.h"

namespace sallyport::aws::dynamodb {
namespace {

constexpr Service kService{"dynamodb", "DynamoDB",        "dynamodb",   "dynamodb",
                           "dynamodb", Protocol::kJson10, "2012-08-10", "DynamoDB_20120810"};
constexpr Operation kPutItem{.service = kService, .name = "PutItem"};
constexpr Operation kUpdateItem{.service = kService, .name = "UpdateItem"};
constexpr Operation kGetItem{.service = kService, .name = "GetItem"};
constexpr Operation kQuery{.service = kService, .name = "Query"};
constexpr Operation kDeleteItem{.service = kService, .name = "DeleteItem"};

}  // namespace

const Operation& PutItem::Op() {
  return kPutItem;
}

const Operation& UpdateItem::Op() {
  return kUpdateItem;
}

const Operation& GetItem::Op() {
  return kGetItem;
}

const Operation& Query::Op() {
  return kQuery;
}

const Operation& DeleteItem::Op() {
  return kDeleteItem;
}

void Describe(Shape& shape, WriteAnswer& place) {
  shape("Attributes", place.attributes);
}

void Describe(Shape& shape, PutItem& place) {
  shape.Required("TableName", place.table);
  shape.Required("Item", place.item);
  shape("ConditionExpression", place.condition);
  shape("ExpressionAttributeNames", place.names);
  shape("ExpressionAttributeValues", place.values);
  shape("ReturnValues", place.return_values);
  shape("ReturnValuesOnConditionCheckFailure", place.return_on_failure);
}

void Describe(Shape& shape, UpdateItem& place) {
  shape.Required("TableName", place.table);
  shape.Required("Key", place.key);
  shape("UpdateExpression", place.update);
  shape("ConditionExpression", place.condition);
  shape("ExpressionAttributeNames", place.names);
  shape("ExpressionAttributeValues", place.values);
  shape("ReturnValues", place.return_values);
  shape("ReturnValuesOnConditionCheckFailure", place.return_on_failure);
}

void Describe(Shape& shape, GetItem& place) {
  shape.Required("TableName", place.table);
  shape.Required("Key", place.key);
  shape("ConsistentRead", place.consistent);
  shape("ProjectionExpression", place.projection);
  shape("ExpressionAttributeNames", place.names);
}

void Describe(Shape& shape, GetItemAnswer& place) {
  shape("Item", place.item);
}

void Describe(Shape& shape, Query& place) {
  shape.Required("TableName", place.table);
  shape("IndexName", place.index);
  shape("KeyConditionExpression", place.key_condition);
  shape("FilterExpression", place.filter);
  shape("ProjectionExpression", place.projection);
  shape("ExpressionAttributeNames", place.names);
  shape("ExpressionAttributeValues", place.values);
  shape("ConsistentRead", place.consistent);
  shape("ScanIndexForward", place.forward);
  shape("Limit", place.limit);
  shape("ExclusiveStartKey", place.page_token);
}

void Describe(Shape& shape, QueryAnswer& place) {
  shape.Required("Items", place.items);
  shape("LastEvaluatedKey", place.next_page);
}

void Describe(Shape& shape, DeleteItem& place) {
  shape.Required("TableName", place.table);
  shape.Required("Key", place.key);
  shape("ConditionExpression", place.condition);
  shape("ExpressionAttributeNames", place.names);
  shape("ExpressionAttributeValues", place.values);
  shape("ReturnValues", place.return_values);
}

}  // namespace sallyport::aws::dynamodb

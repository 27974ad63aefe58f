# SPDX-License-Identifier: Apache-2.0
"""Holds requests, as they went over the wire, against botocore's service models: that the operation exists, that every
name is one of its members, that values have the members' types, and that what is required is there."""
import json
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree

import botocore.session

SESSION = botocore.session.get_session()
# By signing name; those that share one are told apart by version or path.
BY_SIGNING_NAME = {"elasticloadbalancing": ("elb", "elbv2"), "s3": ("s3control", "s3")}
SCALARS = {"string": str, "boolean": bool, "integer": int, "long": int, "float": (int, float), "double": (int, float)}


def signing_name(request) -> str:
    headers = {name.lower(): value for name, value in request["headers"].items()}
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", headers.get("authorization", ""))
    return scope.group(1) if scope else "sts"


def find_operation(request):
    """The service's model and the operation's; None for an operation that does not exist."""
    form = dict(urllib.parse.parse_qsl(request["body"])) if "Action=" in request["body"] else {}
    for name in BY_SIGNING_NAME.get(signing_name(request), (signing_name(request),)):
        model = SESSION.get_service_model(name)
        if form and form.get("Version") != model.api_version:
            continue
        operation = operation_in(model, request, form)
        if operation is not None:
            return operation
    return None


def operation_in(model, request, form):
    if model.metadata["protocol"] in ("query", "ec2"):
        return model.operation_model(form["Action"]) if form.get("Action") in model.operation_names else None
    if model.metadata["protocol"] == "json":
        target = {n.lower(): v for n, v in request["headers"].items()}.get("x-amz-target", "")
        prefix, _, name = target.partition(".")
        return model.operation_model(name) if prefix == model.metadata["targetPrefix"] and name in model.operation_names else None
    found = [o for o in map(model.operation_model, model.operation_names) if rest_match(o, request) is not None]
    # The one that names most of the query, so that `/{Bucket}` does not win over `/{Bucket}?acl`.
    return max(found, key=lambda o: len(o.http["requestUri"].partition("?")[2]), default=None)


def rest_match(operation, request):
    """The labels of the path, or None."""
    path, _, fixed = operation.http["requestUri"].partition("?")
    url = urllib.parse.urlsplit(request["url"])
    if operation.http["method"] != request["method"]:
        return None
    sent = urllib.parse.parse_qs(url.query, keep_blank_values=True)
    if fixed and any(key not in sent for key in urllib.parse.parse_qs(fixed, keep_blank_values=True)):
        return None
    pattern = re.sub(r"\\\{(\w+)\\?\+?\\\}", lambda m: f"(?P<{m.group(1)}>[^/]+)", re.escape(path))
    matched = re.fullmatch(pattern.rstrip("/") + "/?", url.path)
    return matched.groupdict() if matched else None


class Check:
    def __init__(self):
        self.problems = []

    def complain(self, path: str, what: str):
        self.problems.append(f"{path}: {what}")

    # --- JSON

    def json_value(self, shape, value, path):
        if shape.type_name == "structure" and isinstance(value, dict):
            members = {m.serialization.get("name", name): m for name, m in shape.members.items()}
            required = [shape.members[n].serialization.get("name", n) for n in shape.required_members]
            self.names(members, required, value, path)
            for name, inner in value.items():
                if name in members:
                    self.json_value(members[name], inner, f"{path}.{name}")
        elif shape.type_name == "list" and isinstance(value, list):
            for number, inner in enumerate(value):
                self.json_value(shape.member, inner, f"{path}[{number}]")
        elif shape.type_name == "map" and isinstance(value, dict):
            for key, inner in value.items():
                self.json_value(shape.value, inner, f"{path}.{key}")
        elif shape.type_name == "timestamp":
            if isinstance(value, bool) or not isinstance(value, (int, float, str)):
                self.complain(path, "is no time")
        elif shape.type_name == "blob":
            if not isinstance(value, str):
                self.complain(path, "is no blob")
        elif not isinstance(value, SCALARS.get(shape.type_name, ())) or \
                (isinstance(value, bool) and shape.type_name != "boolean"):
            self.complain(path, f"is no {shape.type_name}")

    def names(self, members, required, present, path):
        for name in present:
            if name not in members:
                self.complain(path, f"has no member {name}")
        for name in required:
            if name not in present:
                self.complain(path, f"lacks {name}")

    # --- query and ec2

    def form(self, operation, body):
        pairs = dict(urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        left = {k: v for k, v in pairs.items() if k not in ("Action", "Version")}
        ec2 = operation.service_model.metadata["protocol"] == "ec2"
        if operation.input_shape is not None:
            self.form_value(operation.input_shape, "", left, ec2)
        for name in left:
            self.complain(operation.name, f"has no member {name}")

    @staticmethod
    def under(prefix, left):
        return [k for k in left if k == prefix or k.startswith(prefix + ".")] if prefix else list(left)

    def form_value(self, shape, prefix, left, ec2):
        if shape.type_name == "structure":
            for name, member in shape.members.items():
                key = f"{prefix}.{form_name(name, member, ec2)}".lstrip(".")
                if self.under(key, left):
                    self.form_value(member, key, left, ec2)
                elif name in shape.required_members:
                    self.complain(prefix or shape.name, f"lacks {name}")
        elif shape.type_name in ("list", "map"):
            self.form_list(shape, prefix, left, ec2)
        else:
            value = left.pop(prefix)
            if shape.type_name in ("integer", "long") and not re.fullmatch(r"-?\d+", value):
                self.complain(prefix, "is no number")
            if shape.type_name == "boolean" and value not in ("true", "false"):
                self.complain(prefix, "is neither true nor false")

    def form_list(self, shape, prefix, left, ec2):
        flat = ec2 or shape.serialization.get("flattened")
        if shape.type_name == "map":
            base = prefix if flat else prefix + ".entry"
        else:
            base = prefix if flat else f"{prefix}.{shape.member.serialization.get('name', 'member')}"
        number = 1
        while self.under(f"{base}.{number}", left):
            key = f"{base}.{number}"
            if shape.type_name == "map":
                self.form_value(shape.key, f"{key}.{shape.key.serialization.get('name', 'key')}", left, ec2)
                self.form_value(shape.value, f"{key}.{shape.value.serialization.get('name', 'value')}", left, ec2)
            else:
                self.form_value(shape.member, key, left, ec2)
            number += 1

    # --- rest

    def rest(self, operation, request):
        shape = operation.input_shape
        url = urllib.parse.urlsplit(request["url"])
        sent = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        for key in urllib.parse.parse_qs(operation.http["requestUri"].partition("?")[2], keep_blank_values=True):
            sent.pop(key, None)
        headers = {name.lower() for name in request["headers"]}
        in_body = {}
        for name, member in (shape.members if shape is not None else {}).items():
            where, wire = member.serialization.get("location"), member.serialization.get("name", name)
            if where == "querystring":
                present = sent.pop(wire, None) is not None
            elif where == "header":
                present = wire.lower() in headers
            elif where == "uri":
                present = True  # the path fitted
            else:
                in_body[wire] = member
                continue
            if name in shape.required_members and not present:
                self.complain(operation.name, f"lacks {name}")
        for key in sent:
            self.complain(operation.name, f"has no parameter {key}")
        if operation.service_model.metadata["protocol"] == "rest-json":
            self.rest_json_body(operation, in_body, request["body"])
        elif request["body"]:
            payload = shape.members[shape.serialization["payload"]]
            self.xml(payload, ElementTree.fromstring(request["body"]), payload.serialization.get("name", payload.name))

    def rest_json_body(self, operation, in_body, body):
        value = json.loads(body) if body else {}
        required = [operation.input_shape.members[n].serialization.get("name", n)
                    for n in (operation.input_shape.required_members if operation.input_shape else [])]
        self.names(in_body, [n for n in required if n in in_body], value, operation.name)
        for name, inner in value.items():
            if name in in_body:
                self.json_value(in_body[name], inner, name)

    def xml(self, shape, element, path):
        if shape.type_name == "structure":
            members = {m.serialization.get("name", name): m for name, m in shape.members.items()}
            required = [shape.members[n].serialization.get("name", n) for n in shape.required_members]
            present = {child.tag.rpartition("}")[2]: child for child in element}
            self.names(members, required, present, path)
            for name, child in present.items():
                if name in members:
                    self.xml(members[name], child, f"{path}.{name}")
        elif shape.type_name == "list":
            for child in element:
                self.xml(shape.member, child, f"{path}[]")


def form_name(name, member, ec2):
    if not ec2:
        return member.serialization.get("name", name)
    own = member.serialization.get("queryName")
    given = member.serialization.get("name", name)
    return own or given[0].upper() + given[1:]


def problems_of(request) -> list:
    """`request`: method, url, headers, body as text."""
    operation = find_operation(request)
    if operation is None:
        return [f"no operation is {request['method']} {request['url']}"]
    check = Check()
    protocol = operation.service_model.metadata["protocol"]
    if protocol in ("query", "ec2"):
        check.form(operation, request["body"])
    elif protocol == "json":
        body = json.loads(request["body"])
        if operation.input_shape is not None:
            check.json_value(operation.input_shape, body, operation.name)
        elif body:
            check.complain(operation.name, "has no members")
    else:
        check.rest(operation, request)
    return [f"{operation.service_model.service_name}.{operation.name}: {problem}" for problem in check.problems]

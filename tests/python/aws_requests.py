# SPDX-License-Identifier: Apache-2.0
"""Reads requests that were captured from our client back into the members of botocore's service models, so that a test can
compare what arrived with what was given; and checks their signatures. Whether a request is valid says aws_models.py."""
import json
import pathlib
import re
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

import botocore.handlers
import botocore.session

from sigv4_support import authorization

SESSION = botocore.session.get_session()
UNSIGNED = {entry[0] for entry in botocore.handlers.BUILTIN_HANDLERS if entry[1] is botocore.handlers.disable_signing}
CREDENTIAL = re.compile(r"Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)")


def model_of(service: str):
    return SESSION.get_service_model(service)


class Wrong(Exception):
    pass


def wire_name(shape, name: str, model) -> str:
    """The name of a member of `shape` on the wire."""
    found = shape.members[name].serialization
    if model.metadata["protocol"] == "ec2":
        if "queryName" in found:
            return found["queryName"]
        plain = found.get("name", name)
        return plain[0].upper() + plain[1:]
    return found.get("name", name)


def by_wire_name(shape, model) -> dict:
    return {wire_name(shape, name, model): name for name in shape.members}


def from_json(value, shape, model):
    """JSON of the wire with the model's member names in place of the wire's."""
    if shape.type_name == "structure" and isinstance(value, dict):
        if getattr(shape, "is_document_type", False):
            return value
        names = by_wire_name(shape, model)
        return {names.get(key, key): from_json(item, shape.members[names[key]], model) if key in names else item
                for key, item in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [from_json(item, shape.member, model) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: from_json(item, shape.value, model) for key, item in value.items()}
    if shape.type_name == "timestamp" and not isinstance(value, (int, float)):
        raise Wrong(f"a time of {model.service_name} is not a number: {value!r}")
    return value


def scalar(text: str, shape):
    kind = shape.type_name
    if kind in ("integer", "long"):
        return int(text)
    if kind in ("float", "double"):
        return float(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise Wrong(f"{text!r} is not true or false")
        return text == "true"
    return text


def from_form(pairs: dict, prefix: str, shape, model):
    """A form's members below `prefix` as the model's structure. Takes what it understands out of `pairs`."""
    ec2 = model.metadata["protocol"] == "ec2"
    kind = shape.type_name
    if kind == "structure":
        out = {}
        for wire, name in by_wire_name(shape, model).items():
            below = f"{prefix}.{wire}" if prefix else wire
            if any(key == below or key.startswith(below + ".") for key in pairs):
                out[name] = from_form(pairs, below, shape.members[name], model)
        return out
    if kind == "list":
        item = "" if ec2 or shape.serialization.get("flattened") else f".{shape.member.serialization.get('name', 'member')}"
        out = []
        while any(key == f"{prefix}{item}.{len(out) + 1}" or key.startswith(f"{prefix}{item}.{len(out) + 1}.") for key in pairs):
            out.append(from_form(pairs, f"{prefix}{item}.{len(out) + 1}", shape.member, model))
        return out
    if kind == "map":
        entry = "" if shape.serialization.get("flattened") else ".entry"
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        out = {}
        while f"{prefix}{entry}.{len(out) + 1}.{key_name}" in pairs:
            at = f"{prefix}{entry}.{len(out) + 1}"
            out[pairs.pop(f"{at}.{key_name}")] = from_form(pairs, f"{at}.{value_name}", shape.value, model)
        return out
    return scalar(pairs.pop(prefix), shape)


def from_xml(element, shape, model):
    kind = shape.type_name
    if kind == "structure":
        names = by_wire_name(shape, model)
        out = {}
        for child in element:
            name = child.tag.split("}")[-1]
            out[names.get(name, name)] = from_xml(child, shape.members[names[name]], model) if name in names else child.text
        return out
    if kind == "list":
        return [from_xml(child, shape.member, model) for child in element]
    return scalar(element.text or "", shape)


def match_uri(operation, path: str, query: dict):
    """The members of the path; takes the fixed parameters out of `query`."""
    template, _, fixed = operation.http["requestUri"].partition("?")
    for part in filter(None, fixed.split("&")):
        key, _, value = part.partition("=")
        if query.pop(key, None) != value:
            return None
    pattern = "".join(f"(?P<{part[1:-1].rstrip('+')}>[^/]+)" if part.startswith("{") else re.escape(part)
                      for part in re.split(r"(\{[^}]+\})", template))
    found = re.fullmatch(pattern, path)
    return found and {key: unquote(value) for key, value in found.groupdict().items()}


def rest_params(operation, found: dict, query: dict, headers: dict, body: str, model) -> dict:
    shape = operation.input_shape
    if shape is None:
        return {}
    params, in_body = {}, {}
    for name, member in shape.members.items():
        place = member.serialization.get("location")
        wire = member.serialization.get("name", name)
        if place == "uri":
            params[name] = found.get(wire)
        elif place == "querystring" and wire in query:
            params[name] = scalar(query.pop(wire), member)
        elif place == "header" and wire.lower() in headers:
            params[name] = scalar(headers[wire.lower()], member)
        elif place is None:
            in_body[wire] = name
    payload = shape.serialization.get("payload")
    if query:
        raise Wrong(f"parameters that the model does not have: {query}")
    if payload and body:
        params[payload] = from_xml(ElementTree.fromstring(body), shape.members[payload], model)
    elif body:
        for key, value in json.loads(body).items():
            name = in_body.get(key, key)
            params[name] = from_json(value, shape.members[name], model) if key in in_body else value
    return params


def operation_and_params(service: str, request: dict):
    model = model_of(service)
    protocol = model.metadata["protocol"]
    headers = {name.lower(): value for name, value in request["headers"].items()}
    url, body = urlsplit(request["url"]), request["body"]
    if protocol == "json":
        target, _, name = headers["x-amz-target"].partition(".")
        if target != model.metadata["targetPrefix"]:
            raise Wrong(f"X-Amz-Target {target} is not {model.metadata['targetPrefix']}")
        if headers["content-type"] != f"application/x-amz-json-{model.metadata['jsonVersion']}":
            raise Wrong(f"Content-Type {headers['content-type']}")
        operation = model.operation_model(name)
        params = from_json(json.loads(body), operation.input_shape, model) if operation.input_shape else json.loads(body)
        return operation, params
    if protocol in ("query", "ec2"):
        pairs = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        operation = model.operation_model(pairs.pop("Action"))
        if pairs.pop("Version") != model.api_version:
            raise Wrong("the version is not the model's")
        params = from_form(pairs, "", operation.input_shape, model) if operation.input_shape else {}
        if pairs:
            raise Wrong(f"members that the model does not have: {sorted(pairs)}")
        return operation, params
    for name in model.operation_names:
        operation = model.operation_model(name)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        found = operation.http["method"] == request["method"] and match_uri(operation, url.path, query)
        if found or found == {}:
            return operation, rest_params(operation, found, query, headers, body, model)
    raise Wrong(f"no operation of {service} is {request['method']} {url.path}?{url.query}")


def check_signature(model, request: dict, secret: str) -> None:
    found = CREDENTIAL.search(request["headers"].get("Authorization", ""))
    if not found:
        raise Wrong("the request is not signed")
    key, _, region, name, signed, _ = found.groups()
    if name != model.signing_name:
        raise Wrong(f"signed for {name}, the model says {model.signing_name}")
    for header in request["headers"]:
        if header.lower() not in signed.split(";") + ["authorization"]:
            raise Wrong(f"the header {header} is not signed")
    url = urlsplit(request["url"])
    stamp = request["headers"]["X-Amz-Date"]
    time = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[9:11]}:{stamp[11:13]}:{stamp[13:15]}Z"
    own = {name: value for name, value in request["headers"].items()
           if name.lower() not in ("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256")}
    case = {"method": request["method"], "path": url.path, "query": url.query, "headers": {"Host": url.netloc, **own},
            "body": request["body"], "access_key_id": key, "secret_access_key": secret, "time": time, "region": region,
            "session_token": request["headers"].get("X-Amz-Security-Token", ""), "service": name}
    if request["headers"]["Authorization"] != authorization(case):
        raise Wrong("botocore signs this request differently")


def check_signed(service: str, name: str, request: dict, secret: str) -> None:
    if f"choose-signer.{service}.{name}" not in UNSIGNED:
        check_signature(model_of(service), request, secret)
    elif "Authorization" in request["headers"]:
        raise Wrong("a request that takes no signature has one")


def read_captured(path: pathlib.Path) -> list:
    return [json.loads(line) for line in path.read_text().splitlines()]

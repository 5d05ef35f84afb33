"""When two policies mean the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.providers.aws.documents import same_policy, text


def document(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **statement}]}  # fmt: skip


SAME = [
    ({"Action": ["s3:GetObject"]}, {"Action": "s3:GetObject"}),
    ({"Action": ["s3:PutObject", "s3:GetObject"]}, {"Action": ["s3:GetObject", "s3:PutObject"]}),
    ({"Action": "S3:getobject"}, {"Action": "s3:GetObject"}),
    ({"Principal": "*"}, {"Principal": {"AWS": "*"}}),
    ({"Principal": {"AWS": "111122223333"}}, {"Principal": {"AWS": ["arn:aws:iam::111122223333:root"]}}),
    ({"Condition": {"Bool": {"aws:SecureTransport": False}}}, {"Condition": {"Bool": {"aws:securetransport": ["false"]}}}),
    ({"Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}}}, {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}),
    ({"Sid": ""}, {}),
]  # fmt: skip
DIFFERENT = [
    ({"Effect": "Deny"}, {}),
    ({"Action": ["s3:GetObject", "s3:PutObject"]}, {}),
    ({"Resource": "arn:aws:s3:::A/*"}, {"Resource": "arn:aws:s3:::a/*"}),
    ({"Sid": "A"}, {"Sid": "B"}),
    ({"Principal": {"AWS": "111122223333"}}, {"Principal": {"AWS": "444455556666"}}),
    ({"Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}}, {"Principal": {"AWS": "111122223333"}}),
    ({"Principal": {"Service": "*"}}, {"Principal": "*"}),
    ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, {}),
    ({"Condition": {"StringEquals": {"aws:x": "A"}}}, {"Condition": {"StringEquals": {"aws:x": "a"}}}),
    ({"Condition": {"StringEquals": {"aws:x": "a"}}}, {"Condition": {"StringLike": {"aws:x": "a"}}}),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_other_words_for_the_same(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert same_policy(json.dumps(document(**a)), json.dumps(document(**b), indent=4))
    assert same_policy(document(**b), json.dumps(document(**a))), "an object and a text"


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_what_is_not_the_same(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert not same_policy(document(**a), document(**b))


def test_the_order_of_statements_does_not_matter_but_their_number_does() -> None:
    one, two = document(Sid="A")["Statement"][0], document(Sid="B", Effect="Deny")["Statement"][0]
    assert same_policy({"Statement": [one, two]}, {"Statement": [two, one]})
    assert same_policy({"Statement": one}, {"Statement": [one]})
    assert not same_policy({"Statement": [one, two]}, {"Statement": [one]})
    assert not same_policy({"Version": "2008-10-17", "Statement": [one]}, {"Version": "2012-10-17", "Statement": [one]})
    assert not same_policy({"Id": "x", "Statement": [one]}, {"Statement": [one]})


@pytest.mark.parametrize("broken", ["", "{", "[]", '"text"', '{"Statement": ["x"]}'])
def test_what_is_no_policy_is_never_the_same(broken: str) -> None:
    assert not same_policy(broken, document())


def test_a_policy_as_text() -> None:
    assert text('{"a":1}') == '{"a":1}'
    assert json.loads(text({"a": [1]})) == {"a": [1]}

"""How each stack rule judges whole stacks: expected verdicts, written down. Shapes of single rules stand in the tests beside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from byob_components.policies.tree import UNKNOWN
from byob_components.policies.view import Resource
from tests.policies import azure_rows as azure
from tests.policies import gcp_rows as gcp
from tests.policies import test_aws_presence as aws
from tests.policies import test_azure_stack as azure_stack
from tests.policies import test_gcp_stack as gcp_stack
from tests.policies.aws_documents import NODE, add, bucket, drop, key, put
from tests.policies.made import made
from tests.policies.rows import StackRow

BREAK_GLASS = {"ArnNotEquals": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/break-glass"]}}


def fetched(one: Resource) -> Resource:
    """The same resource, read and not managed here."""
    return replace(one, external=True)


def denied(action: str, who: Any = "*", **more: Any) -> dict[str, str]:
    """A key policy with a Deny."""
    return key(add(Effect="Deny", Principal=who, Action=action, Resource="*", **more))


# ------------------------------------------------------------------------------------------ AWS
AWS_KEY, AWS_CREDENTIAL = "wandb-byob:index:AwsByob$wandb-byob:index:AwsKey", "wandb-byob:index:AwsCredential"
USER, ACCESS_KEY, USER_POLICY = "aws:iam/user:User", "aws:iam/accessKey:AccessKey", "aws:iam/userPolicy:UserPolicy"
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"


def own_key(arn: Any = ARN) -> Resource:
    """A key that a store has made for itself."""
    return made(aws.KEY, {}, below=AWS_KEY, outputs={"arn": arn})


def encrypted(arn: Any, algorithm: Any = "aws:kms", linked: bool = False) -> Resource:
    """An encryption setting."""
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm, "kmsMasterKeyId": arn}}]
    found = made(aws.SSE, {"bucket": "vision-1", "rules": rules}, below=AWS_KEY if linked else "")
    return Resource(
        found.urn,
        found.type,
        found.name,
        found.inputs,
        found.outputs,
        True,
        {"rules": [own_key().urn]} if linked else {},
    )


def of_user(type_: str, who: Any, owner: str = "", below: str = AWS_CREDENTIAL) -> Resource:
    """What belongs to a user."""
    found = made(type_, {"user": who}, below=below)
    links = {"user": [a_user(owner).urn]} if owner else {}
    return Resource(found.urn, type_, found.name, found.inputs, found.outputs, False, links)


def a_user(below: str = AWS_CREDENTIAL, name: str = "wandb-1") -> Resource:
    """A user."""
    return made(USER, {}, "user", below=below, outputs={"name": name})


TWO = {"bucket": [f"{aws.BUCKET}::vision", f"{aws.BUCKET}::other"]}
AWS: dict[str, StackRow] = {
    **{
        name: StackRow(
            good=((aws.a_bucket(), aws.of_bucket(name)),),
            bad=((aws.a_bucket(),),),
            unknown=(
                (aws.a_bucket(), aws.of_bucket(name, UNKNOWN)),
                (aws.a_bucket(), aws.a_bucket("other"), aws.of_bucket(name, "third", TWO)),
                *(((aws.a_bucket(**dict.fromkeys(inline, UNKNOWN)),),) if (inline := aws.NEEDS[name][2]) else ()),
            ),
            spared=((fetched(aws.a_bucket()),),),
        )
        for name in aws.NEEDS
    },
    aws.LINK: StackRow(
        good=((aws.a_bucket(), aws.of_bucket(aws.VERSIONING)),),
        bad=(
            (aws.of_bucket(aws.VERSIONING, "elsewhere"),),
            (aws.a_bucket(), aws.a_bucket("other"), aws.of_bucket(aws.VERSIONING, "third", TWO)),
            (fetched(aws.a_bucket()), aws.of_bucket(aws.VERSIONING)),
        ),
        unknown=((aws.a_bucket(), aws.of_bucket(aws.VERSIONING, UNKNOWN)),),
    ),
    aws.WANDB: StackRow(
        good=(
            tuple(aws.a_store(bucket(), key())),
            tuple(aws.a_store(bucket(), key(drop(1)), aws.a_grant(NODE))),
            tuple(aws.a_store(bucket(), key(drop(1)), aws.a_grant(NODE, UNKNOWN, {"keyId": [f"{aws.KEY}::vision"]}), arn=UNKNOWN)),
            tuple(aws.a_store(bucket(), {}, made("aws:kms/keyPolicy:KeyPolicy", {"keyId": "1", **key()}, links={"keyId": [f"{aws.KEY}::vision"]}))),
            (aws.a_bucket(**bucket()), encrypted(None, "AES256")),
            tuple(aws.a_store(bucket(), denied("kms:ScheduleKeyDeletion"))),
            tuple(aws.a_store(bucket(), denied("kms:*", "*", Condition={"Bool": {"aws:SecureTransport": "false"}}))),
            tuple(aws.a_store(bucket(), denied("kms:*", {"AWS": "arn:aws:iam::111122223333:role/x"}))),
            tuple(aws.a_store(bucket(), denied("kms:*", "*", Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::830241207209:role/*"}}))),
            tuple(aws.a_store(bucket(), key(add(Effect="Deny", NotPrincipal={"AWS": NODE}, Action="kms:*", Resource="*")))),
        ),
        bad=(
            tuple(aws.a_store(bucket(), key(drop(1)))),
            tuple(aws.a_store(bucket(), key(drop(1)), aws.a_grant(NODE, "arn:other"))),
            tuple(aws.a_store(bucket(), denied("kms:Decrypt"))),
            tuple(aws.a_store(bucket(), denied("kms:*", {"AWS": NODE}))),
            tuple(aws.a_store(bucket(), denied("kms:*", {"AWS": "*"}, Condition=BREAK_GLASS))),
            tuple(aws.a_store(bucket(), key(add(Effect="Deny", NotPrincipal={"AWS": "arn:aws:iam::111122223333:role/x"}, Action="kms:*", Resource="*")))),
        ),
        unknown=(tuple(aws.a_store(bucket(), None)), tuple(aws.a_store({"policy": UNKNOWN}, key())), tuple(aws.a_store(bucket(), key(drop(1)), aws.a_grant(UNKNOWN)))),
        spared=(
            tuple(aws.a_store(bucket(put(3, Principal={"AWS": "arn:aws:iam::444455556666:role/x"})), key())),
            (fetched(aws.a_bucket()),),
        ),
    ),
    "byob-aws-credential-principal": StackRow(
        good=(
            (a_user(), of_user(USER_POLICY, UNKNOWN, AWS_CREDENTIAL), of_user(ACCESS_KEY, UNKNOWN, AWS_CREDENTIAL)),
            (a_user(), of_user(USER_POLICY, "wandb-1")),
        ),
        bad=(
            (a_user(), of_user(ACCESS_KEY, "admin")),
            (of_user(USER_POLICY, "wandb-1"),),
            (a_user(""), of_user(ACCESS_KEY, "wandb-1")),
            (a_user("wandb-byob:index:AwsByob"), of_user(ACCESS_KEY, UNKNOWN, "wandb-byob:index:AwsByob")),
        ),
        unknown=((a_user(), of_user(ACCESS_KEY, UNKNOWN)),),
        spared=((a_user(), of_user(ACCESS_KEY, "admin", below="")),),
    ),
    "byob-aws-key-used": StackRow(
        good=((own_key(), encrypted(ARN)), (own_key(UNKNOWN), encrypted(UNKNOWN, "aws:kms:dsse", linked=True))),
        bad=((own_key(),), (own_key(), encrypted("arn:other")), (own_key(), encrypted(ARN, "AES256"))),
        unknown=((own_key(), encrypted(UNKNOWN)), (own_key(), encrypted(ARN, UNKNOWN))),
        spared=((made(aws.KEY, {}),), (made(aws.KEY, {}, below="wandb-byob:index:AwsKey"),)),
    ),
}  # fmt: skip
# ------------------------------------------------------------------------------------------ Google Cloud
GCP_KEY, GCP_CREDENTIAL = "wandb-byob:index:GcpByob$wandb-byob:index:GcpKey", "wandb-byob:index:GcpCredential"
EMAIL = "vision@acme.iam.gserviceaccount.com"
ACCOUNT, ACCOUNT_KEY = "gcp:serviceaccount/account:Account", "gcp:serviceaccount/key:Key"


def an_account(below: str = GCP_CREDENTIAL, email: Any = EMAIL) -> Resource:
    """A service account."""
    return made(ACCOUNT, {}, "account", below=below, outputs={"email": email})


def of_a_credential(type_: str, who: Any, linked: bool = False, below: str = GCP_CREDENTIAL) -> Resource:
    """A member or a key."""
    reference = "member" if type_ == gcp.MEMBER else "serviceAccountId"
    found = made(type_, {reference: who}, below=below)
    links = {reference: [an_account().urn]} if linked else {}
    return Resource(found.urn, type_, found.name, found.inputs, found.outputs, False, links)


def google_key(id_: Any = gcp_stack.KEY_ID) -> Resource:
    """A key that a store has made for itself."""
    return made(gcp.KEY, {}, below=GCP_KEY, outputs={"id": id_})


def google_bucket(name: Any, linked: bool = False) -> Resource:
    """A bucket with a key."""
    found = gcp_stack.a_bucket(key=name)
    links = {"encryption": [google_key().urn]} if linked else {}
    return Resource(found.urn, found.type, found.name, found.inputs, found.outputs, True, links)


GOOGLE_TWO = {"bucket": [f"{gcp.BUCKET}::vision", f"{gcp.BUCKET}::other"]}
GCP: dict[str, StackRow] = {
    gcp_stack.LINK: StackRow(
        good=((gcp_stack.a_bucket(), made(gcp.MEMBER, gcp.grant())),),
        bad=(
            (made(gcp.MEMBER, gcp.grant()),),
            (gcp_stack.a_bucket(), gcp_stack.a_bucket("other"), made(gcp.MEMBER, {**gcp.grant(), "bucket": "x"}, links=GOOGLE_TWO)),
            (fetched(gcp_stack.a_bucket()), made(gcp.MEMBER, gcp.grant())),
        ),
        unknown=((made(gcp.MEMBER, {**gcp.grant(), "bucket": UNKNOWN}),),),
    ),
    gcp_stack.AGENT_RULE: StackRow(
        good=((gcp_stack.a_bucket(key=gcp_stack.KEY_ID), gcp_stack.a_key(), gcp_stack.a_right()),),
        bad=(
            (gcp_stack.a_bucket(key=gcp_stack.KEY_ID), gcp_stack.a_key()),
            (gcp_stack.a_bucket(key=gcp_stack.KEY_ID), gcp_stack.a_key(), gcp_stack.a_right(gcp.NODE)),
            (gcp_stack.a_bucket(key=gcp_stack.KEY_ID), gcp_stack.a_key(), gcp_stack.a_right(key="projects/other")),
        ),
        unknown=(
            (gcp_stack.a_bucket(key="projects/other"),),
            (gcp_stack.a_bucket(key=gcp_stack.KEY_ID), gcp_stack.a_key(), gcp_stack.a_right(UNKNOWN)),
        ),
        spared=((gcp_stack.a_bucket(),), (fetched(gcp_stack.a_bucket(key=gcp_stack.KEY_ID)),)),
    ),
    "byob-gcp-credential-principal": StackRow(
        good=(
            (an_account(), of_a_credential(gcp.MEMBER, f"serviceAccount:{EMAIL}")),
            (an_account(), of_a_credential(gcp.MEMBER, f"serviceAccount:{EMAIL}", linked=True)),
            (an_account(email=UNKNOWN), of_a_credential(gcp.MEMBER, f"serviceAccount:{EMAIL}", linked=True)),
            (an_account(email=UNKNOWN), of_a_credential(gcp.MEMBER, UNKNOWN, linked=True), of_a_credential(ACCOUNT_KEY, UNKNOWN, linked=True)),
            (an_account(), of_a_credential(ACCOUNT_KEY, f"projects/acme/serviceAccounts/{EMAIL}")),
        ),
        bad=(
            (an_account(), of_a_credential(gcp.MEMBER, gcp.STRANGER)),
            (an_account(), of_a_credential(gcp.MEMBER, "serviceAccount:admin@acme.iam.gserviceaccount.com", linked=True)),
            (an_account(), of_a_credential(ACCOUNT_KEY, "projects/acme/serviceAccounts/admin@acme.iam.gserviceaccount.com")),
            (an_account(""), of_a_credential(ACCOUNT_KEY, f"projects/acme/serviceAccounts/{EMAIL}")),
            (of_a_credential(gcp.MEMBER, f"serviceAccount:{EMAIL}"),),
        ),
        unknown=((an_account(), of_a_credential(gcp.MEMBER, UNKNOWN)),),
        spared=((an_account(), of_a_credential(ACCOUNT_KEY, "admin", below="")),),
    ),
    "byob-gcp-key-used": StackRow(
        good=((google_key(), google_bucket(gcp_stack.KEY_ID)), (google_key(UNKNOWN), google_bucket(UNKNOWN, linked=True))),
        bad=((google_key(),), (google_key(), google_bucket("projects/other")), (google_key(), gcp_stack.a_bucket())),
        unknown=((google_key(), google_bucket(UNKNOWN)),),
        spared=((gcp_stack.a_key(),),),
    ),
}  # fmt: skip
# ------------------------------------------------------------------------------------------ Azure
AZURE_KEY = "wandb-byob:index:AzureByob$wandb-byob:index:AzureKey"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"
ID = azure.SCOPE
LOGS = [{"category": name, "enabled": True} for name in ("StorageRead", "StorageWrite", "StorageDelete")]


def logged(uri: Any = f"{ID}/blobServices/default", linked: bool = False, logs: Any = LOGS) -> Resource:
    """Where an account's log goes."""
    links = {"resourceUri": [f"{azure.ACCOUNT}::vision"]} if linked else {}
    return made(DIAGNOSTICS, {"resourceUri": uri, "logs": logs}, "log", links=links)


def an_azure_account() -> Resource:
    """An account whose id is known."""
    return made(azure.ACCOUNT, {"accountName": "vision"}, outputs={"accountName": "vision", "id": ID})


def azure_key() -> Resource:
    """A key that a store has made for itself."""
    return made(azure.KEY, {}, below=AZURE_KEY)


def azure_encrypted(encryption: Any, linked: bool = True) -> Resource:
    """An account that may be encrypted with it."""
    found = made(azure.ACCOUNT, {"encryption": encryption})
    links = {"encryption": [azure_key().urn]} if linked else {}
    return Resource(found.urn, found.type, found.name, found.inputs, found.outputs, True, links)


AZURE_TWO = {"accountName": [f"{azure.ACCOUNT}::vision", f"{azure.ACCOUNT}::other"]}
AZURE: dict[str, StackRow] = {
    **{
        name: StackRow(
            good=((azure_stack.account(), azure_stack.of_account(type_, **inputs)),),
            bad=((azure_stack.account(),),),
            unknown=((azure_stack.account(), azure_stack.of_account(type_, UNKNOWN, **inputs)),),
            spared=((fetched(azure_stack.account()),),),
        )
        for name, type_, inputs in (
            (azure_stack.SERVICE_RULE, azure.SERVICE, {}),
            (azure_stack.CLEARED, azure.LIFECYCLE, azure.lifecycle(version={"delete": {"daysAfterCreationGreaterThan": 30}})),
        )
    },
    azure_stack.LINK: StackRow(
        good=((azure_stack.account(), azure_stack.of_account(azure.CONTAINER)),),
        bad=(
            (azure_stack.of_account(azure.CONTAINER),),
            (azure_stack.account(), azure_stack.account("other"), azure_stack.of_account(azure.CONTAINER, "x", AZURE_TWO)),
            (fetched(azure_stack.account()), azure_stack.of_account(azure.CONTAINER)),
        ),
        unknown=((azure_stack.of_account(azure.CONTAINER, UNKNOWN),),),
    ),
    azure_stack.READER: StackRow(
        good=(
            tuple(azure_stack.encrypted()),
            tuple(azure_stack.encrypted(scope=UNKNOWN, on="vision")),
            tuple(azure_stack.encrypted(scope=azure_stack.KEY_ID.upper())),
            tuple(azure_stack.encrypted(scope=azure_stack.KEY_ID.partition("/keys/")[0])),
        ),
        bad=(
            tuple(azure_stack.encrypted(role="other")),
            tuple(azure_stack.encrypted(scope=f"{azure_stack.KEY_ID}2")),
            tuple(azure_stack.encrypted(scope="")),
        ),
        unknown=((made(azure.ACCOUNT, {"encryption": azure.IN_VAULT}),), tuple(azure_stack.encrypted(scope=UNKNOWN))),
        spared=((azure_stack.account(),),),
    ),
    "byob-azure-key-used": StackRow(
        good=((azure_key(), azure_encrypted(azure.IN_VAULT)),),
        bad=(
            (azure_key(),),
            (azure_key(), azure_encrypted(azure.IN_VAULT, linked=False)),
            (azure_key(), azure_encrypted({"keySource": "Microsoft.Storage"})),
        ),
        unknown=((azure_key(), azure_encrypted(UNKNOWN)),),
        spared=((made(azure.KEY, {}),),),
    ),
    "byob-azure-access-log-missing": StackRow(
        good=(
            (an_azure_account(), logged()),
            (an_azure_account(), logged(f"{ID}/blobservices/default".upper())),
            (azure_stack.account(), logged(UNKNOWN, linked=True)),
            (an_azure_account(), logged(logs=[{"categoryGroup": "allLogs"}])),
        ),
        bad=(
            (an_azure_account(),),
            (an_azure_account(), logged(f"{ID}/fileServices/default", linked=True)),
            (an_azure_account(), logged(f"{ID}2/blobServices/default")),
            (an_azure_account(), logged(logs=LOGS[:2])),
            (an_azure_account(), logged(logs=[*LOGS[:2], {**LOGS[2], "enabled": False}])),
        ),
        unknown=((an_azure_account(), logged(UNKNOWN)), (an_azure_account(), logged(logs=UNKNOWN))),
        spared=((fetched(an_azure_account()),),),
    ),
}  # fmt: skip
# ------------------------------------------------------------------------------------------ S3-compatible
SERVER = "wandb-byob:index:S3CompatibleBucket"


def versioned(bucket_: Any = "vision") -> Resource:
    """A versioning setting."""
    return made("aws:s3/bucketVersioning:BucketVersioning", {"bucket": bucket_}, below=SERVER)


def clearing(enabled: bool = True, **when: int) -> Resource:
    """A bucket with a lifecycle rule."""
    rules = [{"enabled": enabled, "noncurrentVersionExpiration": when}]
    return made(aws.BUCKET, {"bucket": "vision", "lifecycleRules": rules}, below=SERVER)


BARE = made(aws.BUCKET, {"bucket": "vision"}, below=SERVER)
S3 = {
    "byob-s3-bucket-versioning-missing": StackRow(
        good=((BARE, versioned()),),
        bad=((BARE,), (BARE, versioned("other"))),
        unknown=((BARE, versioned(UNKNOWN)),),
        spared=((made(aws.BUCKET, {"bucket": "vision"}),),),
    ),
    "byob-s3-bucket-noncurrent-missing": StackRow(
        good=((clearing(days=30),), (clearing(noncurrentDays=30),)),
        bad=((BARE,), (clearing(False, days=30),)),
        unknown=((made(aws.BUCKET, {"bucket": "vision", "lifecycleRules": UNKNOWN}, below=SERVER),),),
        spared=((made(aws.BUCKET, {"bucket": "vision"}),),),
    ),
}
ROWS: dict[str, StackRow] = {**AWS, **GCP, **AZURE, **S3}

"""S3: how a bucket keeps its objects: versioning, encryption, CORS, access logs."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.s3_access import GONE, BucketSetting
from sandbox.providers.aws.spelling import Table, from_api, same_set, to_api
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import Live, Props, one_of


class BucketVersioning(BucketSetting):
    token = "aws:s3/bucketVersioning:BucketVersioning"
    title = "S3 Bucket Versioning"
    carried_out = shape("bucket region versioningConfiguration{status}")

    def check(self, new: Props, old: Props) -> list[Failure]:
        wanted, before = new["versioningConfiguration"], old.get("versioningConfiguration")
        if not isinstance(wanted, dict):
            return []
        found = one_of(wanted, "status", ("Enabled", "Suspended", "Disabled"))
        if (
            wanted.get("status") == "Disabled"
            and isinstance(before, dict)
            and before.get("status") in ("Enabled", "Suspended")
        ):
            found.append(Failure("status", f"cannot be updated from '{before['status']}' to 'Disabled'"))
        return [Failure(f"versioningConfiguration.{f.property}", f.reason) for f in found]

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        status = new["versioningConfiguration"]["status"]
        if status != "Disabled":  # what a new bucket is; there is no call for it
            self.client(cloud, new).put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_versioning(Bucket=id)
        status = {"status": found.get("Status") or "Disabled"}
        return self.live(cloud, id, {"versioningConfiguration": status}, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        # Versioning cannot be taken back, only suspended.
        if state["versioningConfiguration"]["status"] != "Disabled":
            self.put(cloud, id, {**state, "versioningConfiguration": {"status": "Suspended"}})


_ENCRYPTION: Table = {
    "applyServerSideEncryptionByDefault": (
        "ApplyServerSideEncryptionByDefault",
        {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"},
    ),
    "bucketKeyEnabled": "BucketKeyEnabled",
}


class BucketServerSideEncryptionConfiguration(BucketSetting):
    token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    title = "S3 Bucket Server-side Encryption Configuration"
    carried_out = shape(
        "bucket region rules{applyServerSideEncryptionByDefault{sseAlgorithm kmsMasterKeyId} bucketKeyEnabled}"
    )
    equal = {"rules": same_set}
    absent = GONE | {"ServerSideEncryptionConfigurationNotFoundError"}

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        rules = [to_api(rule, _ENCRYPTION) for rule in new["rules"]]
        self.client(cloud, new).put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_encryption(Bucket=id)["ServerSideEncryptionConfiguration"]
        rules = [from_api(rule, _ENCRYPTION) for rule in found["Rules"]]
        return self.live(cloud, id, {"rules": rules}, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_bucket_encryption(Bucket=id)


_CORS: Table = {
    "allowedHeaders": "AllowedHeaders",
    "allowedMethods": "AllowedMethods",
    "allowedOrigins": "AllowedOrigins",
    "exposeHeaders": "ExposeHeaders",
    "id": "ID",
    "maxAgeSeconds": "MaxAgeSeconds",
}


class BucketCorsConfiguration(BucketSetting):
    token = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
    title = "S3 Bucket CORS Configuration"
    carried_out = shape("bucket region corsRules{" + " ".join(_CORS) + "}")
    equal = {"corsRules": same_set}
    absent = GONE | {"NoSuchCORSConfiguration"}

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        rules = [to_api(rule, _CORS) for rule in new["corsRules"]]
        self.client(cloud, new).put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_cors(Bucket=id)["CORSRules"]
        return self.live(cloud, id, {"corsRules": [from_api(rule, _CORS) for rule in found]}, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_bucket_cors(Bucket=id)


class BucketLogging(BucketSetting):
    token = "aws:s3/bucketLogging:BucketLogging"
    title = "S3 Bucket Logging"
    carried_out = shape("bucket region targetBucket targetPrefix")

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        target = {"TargetBucket": new["targetBucket"], "TargetPrefix": new["targetPrefix"]}
        self.client(cloud, new).put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": target})

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_logging(Bucket=id).get("LoggingEnabled")
        if not found:
            return None
        target = {"targetBucket": found["TargetBucket"], "targetPrefix": found.get("TargetPrefix", "")}
        return self.live(cloud, id, target, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).put_bucket_logging(Bucket=id, BucketLoggingStatus={})

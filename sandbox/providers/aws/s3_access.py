"""S3: who may reach a bucket: public access block, ownership, policy."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.documents import check_json, same_policy, text
from sandbox.providers.aws.handler import AwsResource
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import Created, Live, Props, one_of

_FLAGS = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}
GONE = frozenset({"NoSuchBucket", "404"})
"""The bucket itself is not there, and so nothing of it is."""


class BucketSetting(AwsResource):
    """A setting of a bucket: its id is the bucket's name, and creating it is putting it."""

    service = "s3"
    replace_on = frozenset({"bucket", "region"})
    absent = GONE

    def create(self, cloud: Aws, new: Props) -> Created:
        self.put(cloud, new["bucket"], new)
        return Created(new["bucket"])

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        self.put(cloud, id, new)

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        """Put the setting on the bucket."""
        raise NotImplementedError

    def live(self, cloud: Aws, name: str, found: Props, inputs: Props, state: Props) -> Live:
        """What was read, with the bucket's name and the region that was asked."""
        region = inputs.get("region") or state.get("region") or cloud.region
        return Live({"bucket": name, "region": region, **found})


class BucketPublicAccessBlock(BucketSetting):
    token = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    title = "S3 Bucket Public Access Block"
    carried_out = shape("bucket region skipDestroy " + " ".join(_FLAGS))
    defaults = dict.fromkeys(_FLAGS, False)
    absent = GONE | {"NoSuchPublicAccessBlockConfiguration"}

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        flags = {theirs: bool(new.get(ours)) for ours, theirs in _FLAGS.items()}
        self.client(cloud, new).put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=flags)

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_public_access_block(Bucket=id)["PublicAccessBlockConfiguration"]
        return self.live(cloud, id, {ours: found.get(theirs, False) for ours, theirs in _FLAGS.items()}, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        if not state.get("skipDestroy"):
            self.client(cloud, state).delete_public_access_block(Bucket=id)


class BucketOwnershipControls(BucketSetting):
    token = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    title = "S3 Bucket Ownership Controls"
    carried_out = shape("bucket region rule{objectOwnership}")
    absent = GONE | {"OwnershipControlsNotFoundError"}

    def check(self, new: Props, old: Props) -> list[Failure]:
        rule = new["rule"]
        allowed = ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")
        found = one_of(rule, "objectOwnership", allowed) if isinstance(rule, dict) else []
        return [Failure(f"rule.{f.property}", f.reason) for f in found]

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        rules = [{"ObjectOwnership": new["rule"]["objectOwnership"]}]
        self.client(cloud, new).put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": rules})

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_ownership_controls(Bucket=id)["OwnershipControls"]
        rule = {"objectOwnership": found["Rules"][0]["ObjectOwnership"]}
        return self.live(cloud, id, {"rule": rule}, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_bucket_ownership_controls(Bucket=id)


class BucketPolicy(BucketSetting):
    token = "aws:s3/bucketPolicy:BucketPolicy"
    title = "S3 Bucket Policy"
    carried_out = shape("bucket policy region")
    equal = {"policy": same_policy}
    absent = GONE | {"NoSuchBucketPolicy"}

    def check(self, new: Props, old: Props) -> list[Failure]:
        return check_json(new, "policy")

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        self.client(cloud, new).put_bucket_policy(Bucket=name, Policy=text(new["policy"]))

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_policy(Bucket=id)["Policy"]
        return self.live(cloud, id, {"policy": found}, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_bucket_policy(Bucket=id)

"""The look-ups (invokes) that programs use."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.framework.resource import Props, Refused


def caller_identity(cloud: Aws, args: Props) -> Props:
    found = cloud.identity
    return {"accountId": found["Account"], "arn": found["Arn"], "id": found["Account"], "userId": found["UserId"]}


def partition(cloud: Aws, args: Props) -> Props:
    china = cloud.partition == "aws-cn"
    return {
        "dnsSuffix": "amazonaws.com.cn" if china else "amazonaws.com",
        "id": cloud.partition,
        "partition": cloud.partition,
        "reverseDnsPrefix": "cn.com.amazonaws" if china else "com.amazonaws",
    }


def region(cloud: Aws, args: Props) -> Props:
    name = args.get("region") or args.get("name") or cloud.region
    return {"description": "", "endpoint": f"ec2.{name}.amazonaws.com", "id": name, "name": name, "region": name}


def bucket_policy(cloud: Aws, args: Props) -> Props:
    where = args.get("region") or cloud.region
    try:
        found = cloud.client("s3", where).get_bucket_policy(Bucket=args["bucket"])["Policy"]
    except Exception as e:
        if cloud.error_code(e) in ("NoSuchBucketPolicy", "NoSuchBucket"):
            raise Refused(f"reading S3 Bucket Policy ({args['bucket']}): couldn't find resource") from e
        raise
    return {"bucket": args["bucket"], "id": args["bucket"], "policy": found, "region": where}


FUNCTIONS: Mapping[str, Callable[[Any, Props], Props]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": caller_identity,
    "aws:index/getPartition:getPartition": partition,
    "aws:index/getRegion:getRegion": region,
    "aws:s3/getBucketPolicy:getBucketPolicy": bucket_policy,
}

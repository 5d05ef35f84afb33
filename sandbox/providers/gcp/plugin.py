"""The `gcp` stand-in, put together."""

from sandbox.providers.framework.service import Plugin
from sandbox.providers.gcp import cloud, functions, kms, members, serviceaccount, storage

RESOURCES = (
    storage.Bucket(),
    members.BucketIAMMember(),
    kms.KeyRing(),
    kms.CryptoKey(),
    members.CryptoKeyIAMMember(),
    serviceaccount.Account(),
    serviceaccount.Key(),
    members.ServiceAccountIAMMember(),
)

PLUGIN = Plugin(
    name="gcp",
    sdk="pulumi_gcp",
    resources=RESOURCES,
    functions=functions.FUNCTIONS,
    settings=cloud.SETTINGS,
    configure=cloud.configure,
    region_like=frozenset({"project"}),
)

"""A good bucket is green; a bucket that is broken in one place fails in exactly the checks that look there."""

import pytest

from byob_components.verify import verify_gcs
from tests.verify.gcs.buckets import MakeBucket

pytestmark = pytest.mark.server


@pytest.mark.parametrize("minimal", [False, True])
def test_a_good_bucket_is_green(make_bucket: MakeBucket, minimal: bool) -> None:
    bucket = make_bucket(minimal=minimal)
    report = verify_gcs(bucket.store, bucket.cast)
    print(report.to_text())
    assert report.ok
    assert bucket.contents() == []

"""The engine and the local AWS of tests/engine, for the tests here that need them."""

from tests.engine.conftest import aws, bench, engine, provider_settings

__all__ = ["aws", "bench", "engine", "provider_settings"]

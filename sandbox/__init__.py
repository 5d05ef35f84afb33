"""The local cloud: the real Pulumi engine against local servers, for tests and for a first look. Never part of the wheel."""

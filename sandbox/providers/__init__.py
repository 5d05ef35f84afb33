"""Stand-in provider plugins: the engine's real protocol, real calls to local servers by the clouds' own clients."""

"""What every stand-in provider shares: the protocol, the contract of the real SDK, and how the process is served.

A cloud is a folder beside this one: a `Plugin` with its resources, functions and configuration.
"""

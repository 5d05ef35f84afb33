"""Where a verification writes. Needs no client."""

FOLDER = ".wandb-byob-verify"
"""The folder, below the path, that holds everything a verification writes; one folder a run in it."""

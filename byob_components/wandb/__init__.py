"""What W&B is and what it needs of a bucket: facts and pure functions, each fact once and with its source.

Nothing here imports Pulumi or a cloud's SDK.
"""

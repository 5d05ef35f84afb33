"""What a pull request changes for data and access, read from `pulumi preview --json` of any program."""

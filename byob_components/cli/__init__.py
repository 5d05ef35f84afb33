"""The command `byob`: results on stdout, what goes on on stderr; exit code 0 fine, 1 findings, 2 wrong use, 3 could not run."""

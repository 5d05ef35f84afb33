"""The checks of a store on S3, or on a server that speaks its protocol."""

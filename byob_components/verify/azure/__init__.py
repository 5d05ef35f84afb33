"""The checks of a store on Azure Blob Storage, or on a server that speaks its protocol."""

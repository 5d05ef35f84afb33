"""The checks of a store on Google Cloud Storage."""

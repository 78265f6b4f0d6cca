"""The sums of one account and day, as one set of dataframe expressions."""

"""`make chaos`: the product under load, twelve faults, and what the database says after them."""

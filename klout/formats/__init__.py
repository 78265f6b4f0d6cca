"""How the product writes dates, where Django has another way or none."""

"""The doctor: finds out what keeps calls from working, and says what would cure it."""

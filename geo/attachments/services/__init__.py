"""Taking photos and documents in, and deciding about them."""

"""What a worker does with submissions: checking, publishing, verifying, undoing."""

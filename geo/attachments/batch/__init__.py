"""What the job worker does by the clock, for photos and documents."""

"""Reading submissions: forms, desks, queues and differences."""

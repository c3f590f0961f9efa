"""Writing submissions: every change goes through here, one verb and one transaction each."""

"""Opening files from strangers. The web process imports ``contract`` and ``reading`` only."""

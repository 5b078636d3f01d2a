"""The verbs as tools for a client that speaks the Model Context Protocol. None of them executes code."""

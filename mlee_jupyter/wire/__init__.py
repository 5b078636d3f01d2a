"""What comes in over a socket or a pipe: tokens, JSON, HTTP, the Model Context Protocol. It knows no experiment."""

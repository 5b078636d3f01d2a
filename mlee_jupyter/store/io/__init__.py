"""A store's file or server: opened, vetted, moved as a document."""

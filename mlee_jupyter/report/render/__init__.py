"""The board drawn: text, HTML, Markdown, a table, and bundles of them."""

"""Tables where they lie: files, frames and databases, asked the same questions through narwhals; only sums leave."""

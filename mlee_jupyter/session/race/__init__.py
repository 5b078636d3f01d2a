"""A race: several candidates cross-validated at once, in a box of time that holds."""

"""A notebook read: cells, magics, names, effects. Nothing is executed."""

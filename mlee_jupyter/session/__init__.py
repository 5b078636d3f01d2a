"""The use cases of an experiment: what a door asks for is written here, then looked at."""

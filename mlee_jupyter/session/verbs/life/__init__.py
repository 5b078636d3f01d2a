"""An experiment from its start to its decision, and after."""

"""From a plan to files: modules, configuration, tests, README; and a package on disk."""

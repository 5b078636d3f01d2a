"""False alarms of every rule on healthy experiments, and what is raised where a flaw was planted."""

"""From records to evidence: what a rule or a board may see of an experiment at one moment."""

"""`%mlee_scoreboard --live`: scoreboards that follow their experiment while candidates run."""

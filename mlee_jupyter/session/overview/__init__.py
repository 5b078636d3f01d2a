"""How an experiment stands now: judged, and shown to whoever watches."""

"""Rules on the rows that candidates are judged on."""

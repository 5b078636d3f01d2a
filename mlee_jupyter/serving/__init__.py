"""What it takes to put a candidate to use: how long it answers, how much room it needs, what that costs a month."""

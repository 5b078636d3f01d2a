"""Working beside other tools: their trials recorded as they come, our runs shown in them."""

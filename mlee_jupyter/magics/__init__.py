"""The notebook's door: magics, their completion, the candidate's cell."""

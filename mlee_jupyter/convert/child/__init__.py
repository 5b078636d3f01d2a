"""What runs in the process of a proof, in any interpreter: it needs Python 3.9 and nothing else of ours."""

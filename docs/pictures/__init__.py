"""Makes the pictures of README and docs from a real JupyterLab: see docs/make_screenshots.py."""

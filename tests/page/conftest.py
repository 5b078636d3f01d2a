from tests.utc import utc

__all__ = ["utc"]

"""store: SQLAlchemy Core tables and the queries on them, one module a subject; frozen dataclasses out."""

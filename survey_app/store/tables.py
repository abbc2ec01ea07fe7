"""What all tables share: the metadata with its naming rule, and the column types of this project."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, MetaData, Text

# Names are set here once, so that a migration can always address a constraint.
NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

metadata = MetaData(naming_convention=NAMING)

# SQLite numbers rows by itself only for INTEGER PRIMARY KEY.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")


def text(name: str, comment: str, *, nullable: bool = False) -> Column[str]:
    """A TEXT column."""
    return Column(name, Text, nullable=nullable, comment=comment)


def moment(name: str, comment: str, *, nullable: bool = False) -> Column[int]:
    """A time: UTC seconds since 1970."""
    return Column(name, BigInteger, nullable=nullable, comment=comment)


def one_of(column: str, *values: str) -> CheckConstraint:
    """A check that `column` holds one of a few words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)

"""Run migrations on the connection that `survey_app.store.migrate` hands over, in its transaction.

The tables of the program are not loaded here: a migration says everything itself, and says it the same in ten years.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite can roll back schema changes; Alembic's default assumes that it cannot.
    transactional_ddl=True,
)
context.run_migrations()

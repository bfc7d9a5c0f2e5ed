"""Roles and rights of a new cluster: the two log-ins, the database, and what nobody may do."""

import psycopg
from psycopg import sql

STATEMENT_TIMEOUT = "30s"
IDLE_TIMEOUT = "60s"


def bootstrap_database(
    superuser_dsn: str,
    dbname: str,
    owner: str = "cxsaas_owner",
    app: str = "cxsaas_app",
) -> None:
    """Make the log-ins and the database, and close what is open by default; safe to repeat."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        _ensure_role(connection, owner, "LOGIN CREATEROLE CREATEDB NOSUPERUSER")
        _ensure_role(connection, app, "LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB")
        for setting, value in (
            ("statement_timeout", STATEMENT_TIMEOUT),
            ("idle_in_transaction_session_timeout", IDLE_TIMEOUT),
        ):
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(app), sql.Identifier(setting), sql.Literal(value)
                )
            )
        _ensure_database(connection, dbname, owner)
    database_dsn = psycopg.conninfo.make_conninfo(superuser_dsn, dbname=dbname)
    with psycopg.connect(database_dsn) as connection:
        for statement in _rights(dbname, owner, app):
            connection.execute(statement)


def _ensure_role(
    connection: psycopg.Connection[tuple[object, ...]], role: str, options: str
) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if found else "CREATE")
    # `options` is one of two constants above, never input.
    words = sql.SQL(" ").join(sql.SQL(word) for word in options.split())
    connection.execute(sql.SQL("{} ROLE {} {}").format(verb, sql.Identifier(role), words))


def _ensure_database(
    connection: psycopg.Connection[tuple[object, ...]], dbname: str, owner: str
) -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone()
    if found:
        return
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
            sql.Identifier(dbname), sql.Identifier(owner)
        )
    )


def _rights(dbname: str, owner: str, app: str) -> list[sql.Composed]:
    names = {
        "database": sql.Identifier(dbname),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
    }
    statements = (
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT ALL ON SCHEMA public TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO {owner}, {app}",
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
        "REVOKE CONNECT ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {owner}, {app}",
    )
    return [sql.SQL(statement).format(**names) for statement in statements]

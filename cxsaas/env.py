"""Typed readers of the environment: the only place where settings come from."""

import environ

env = environ.Env()


def database(url: str, *, wall: bool) -> dict[str, object]:
    """Return the Django settings of one PostgreSQL connection.

    ``wall`` says whether the connection must put on a role of the tenant wall before each use.
    """
    config = dict(environ.Env.db_url_config(url))
    config["ENGINE"] = "apps.tenants.postgres"
    config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    config["CONN_HEALTH_CHECKS"] = True
    config["WALL"] = wall
    config.setdefault("OPTIONS", {})
    return config

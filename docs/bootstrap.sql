-- Roles and rights for a PostgreSQL server that is not the embedded one. Run once, by a superuser
-- or the managed server's administrator, with psql 14 or newer:
--   OWNER_PASSWORD=… APP_PASSWORD=… psql --file docs/bootstrap.sql "$ADMIN_URL"
-- `docker compose` runs it by itself on the first start. It does what cxsaas/local/bootstrap.py
-- does for the embedded server, and is as safe to repeat.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

SELECT 'CREATE ROLE cxsaas_owner' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = 'cxsaas_owner') \gexec
SELECT 'CREATE ROLE cxsaas_app' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = 'cxsaas_app') \gexec
ALTER ROLE cxsaas_owner LOGIN CREATEROLE CREATEDB NOSUPERUSER PASSWORD :'owner_password';
ALTER ROLE cxsaas_app LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
ALTER ROLE cxsaas_app SET statement_timeout = '30s';
ALTER ROLE cxsaas_app SET idle_in_transaction_session_timeout = '60s';

-- A managed administrator is no superuser and must be a member of a role to give to it.
SELECT 'GRANT cxsaas_owner TO CURRENT_USER' WHERE NOT
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec
SELECT 'CREATE DATABASE cxsaas OWNER cxsaas_owner TEMPLATE template0 ENCODING ''UTF8'''
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cxsaas') \gexec

\connect cxsaas
ALTER SCHEMA public OWNER TO cxsaas_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO cxsaas_owner;
GRANT USAGE ON SCHEMA public TO cxsaas_app;
REVOKE TEMPORARY ON DATABASE cxsaas FROM PUBLIC;
REVOKE CONNECT ON DATABASE cxsaas FROM PUBLIC;
GRANT CONNECT ON DATABASE cxsaas TO cxsaas_owner, cxsaas_app;

-- Only a superuser may change this one. Where the provider does not give that right, the product
-- works, and `manage.py check_system` says in red that this wall is missing.
REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO cxsaas_owner, cxsaas_app;

"""Statements that build the wall; names are quoted by psycopg, never pasted."""

from psycopg import sql

PLATFORM_TABLES = ("accounts_%", "account_%", "mfa_%", "auth_%", "django_content_type")
APPEND_ONLY = ("journal_entry", "journal_handling", "consent_event")

ROLE_EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = %s"
CREATE_ROLE = sql.SQL("CREATE ROLE {role} NOLOGIN")
GRANT_ROLE = sql.SQL("GRANT {role} TO {member}")
CREATE_SCHEMA = sql.SQL("CREATE SCHEMA {schema}")
DROP_SCHEMA = sql.SQL("DROP SCHEMA IF EXISTS {schema} CASCADE")
# Only a member may drop what a role was given; its maker is no member since PostgreSQL 16.
DROP_ROLE = sql.SQL("GRANT {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}")
SET_PATH = sql.SQL("SET search_path = {schema}")
DELETE_SHARED_ROWS = sql.SQL("DELETE FROM public.{table} WHERE tenant = %s")
LOCK_SNAPSHOT = "SELECT pg_advisory_xact_lock(hashtext('cxsaas:snapshot'))"
HAS_HISTORY = """
SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = %s AND tablename = 'django_migrations')
"""
APPLIED = "SELECT app, name FROM django_migrations"
LOCK_STOCK = "SELECT pg_try_advisory_xact_lock(hashtext('cxsaas:stock'))"
STOCK_IS_SHORT = """
SELECT (SELECT count(*) < %s FROM public.tenants_readyschema WHERE fingerprint = %s)
   AND EXISTS (SELECT FROM public.tenants_installation WHERE fingerprint = %s)
"""
NOTE_FINGERPRINT = "UPDATE public.tenants_installation SET fingerprint = %s WHERE fingerprint <> %s"
LOCK_TIMEOUT = "SELECT set_config('lock_timeout', %s, true)"
LOCK_RUNNER = "SELECT pg_advisory_lock(hashtext('cxsaas:migrate'))"

GRANT_SCHEMA = sql.SQL(
    "GRANT USAGE ON SCHEMA {schema} TO {role};"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};"
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};"
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};"
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role};"
    "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}"
)
REVOKE_CHANGES = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.{table} FROM {role}")
TABLES_LIKE = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE %s"

GRANT_TABLE = sql.SQL("GRANT {rights} ON public.{table} TO {role}")
GRANT_PUBLIC_USAGE = sql.SQL("GRANT USAGE ON SCHEMA public TO {role}")
ROW_SECURITY = sql.SQL(
    "ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY;"
    "DROP POLICY IF EXISTS own_rows ON public.{table};"
    "CREATE POLICY own_rows ON public.{table} TO {group}"
    " USING (tenant = current_user) WITH CHECK (tenant = current_user);"
    "DROP POLICY IF EXISTS all_rows ON public.{table};"
    "CREATE POLICY all_rows ON public.{table} TO {dispatcher} USING (true) WITH CHECK (true)"
)

LOGIN_RIGHTS = "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = session_user"
SET_CONFIG_OPEN = (
    "SELECT has_function_privilege(current_user, 'set_config(text, text, boolean)', 'EXECUTE')"
)
OPEN_FUNCTIONS = """
SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = 'public' AND p.prosecdef AND has_function_privilege('public', p.oid, 'EXECUTE')
"""
# True when the role cannot log in, uses its own schema, and no other business's.
ROLE_IS_PLAIN = """
SELECT NOT r.rolcanlogin AND NOT r.rolsuper
       AND bool_or(n.nspname = %(schema)s AND has_schema_privilege(r.rolname, n.oid, 'USAGE'))
       AND NOT bool_or(n.nspname <> %(schema)s AND has_schema_privilege(r.rolname, n.oid, 'USAGE'))
  FROM pg_roles r CROSS JOIN pg_namespace n
 WHERE r.rolname = %(role)s AND n.nspname LIKE 'b\\_%%'
 GROUP BY r.rolname, r.rolcanlogin, r.rolsuper
"""

# Runs with the owner's rights for whoever may claim, so it looks at the address itself. What is
# taken, the row and the host stand or fall together; NULL when nothing is ready.
CLAIM_FUNCTION = sql.SQL("""
CREATE OR REPLACE FUNCTION public.claim_business(
    new_slug text, new_name text, new_country text, new_currency text, new_time_zone text,
    new_language text, new_uuid uuid, base_domain text, moment timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    taken public.tenants_readyschema;
    made bigint;
BEGIN
    IF new_slug COLLATE "C" !~ {shape} OR new_slug LIKE '%--%' OR new_slug = ANY ({reserved}) THEN
        RAISE check_violation USING MESSAGE = 'This address cannot be given.';
    END IF;
    DELETE FROM public.tenants_readyschema WHERE id = (
        SELECT r.id FROM public.tenants_readyschema r JOIN public.tenants_installation i
               ON i.fingerprint = r.fingerprint
         ORDER BY r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED
    ) RETURNING * INTO taken;
    IF taken.id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.tenants_business (schema_name, role_name, fingerprint, uuid, slug, name,
        country, currency, time_zone, language, status, created_at)
    VALUES (taken.schema_name, taken.role_name, taken.fingerprint, new_uuid, new_slug, new_name,
        new_country, new_currency, new_time_zone, new_language, 'active', moment)
    RETURNING id INTO made;
    INSERT INTO public.tenants_domain (domain, is_primary, verified_at, tenant_id)
    VALUES (new_slug || '.' || base_domain, true, moment, made);
    RETURN made;
END $body$;
REVOKE ALL ON FUNCTION public.claim_business FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.claim_business TO {role}
""")
CLAIM = """
SELECT public.claim_business(%(slug)s, %(name)s, %(country)s, %(currency)s, %(time_zone)s,
                             %(language)s, %(uuid)s, %(domain)s, %(now)s)
"""

# A business's own role may close that business and no other: ``role`` is whose rights the caller
# has put on, while ``current_user`` is the owner in here.
CLOSE_FUNCTION = sql.SQL("""
CREATE OR REPLACE FUNCTION public.close_own_business(moment timestamptz, keep_until timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    UPDATE public.tenants_business
       SET status = 'closed', closed_at = moment, kept_until = keep_until
     WHERE role_name = current_setting('role') AND status = 'active';
    RETURN FOUND;
END $body$;
REVOKE ALL ON FUNCTION public.close_own_business FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.close_own_business TO {group}
""")
REOPEN_FUNCTION = sql.SQL("""
CREATE OR REPLACE FUNCTION public.reopen_business(business bigint, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    role text;
BEGIN
    UPDATE public.tenants_business SET status = 'active', closed_at = NULL, kept_until = NULL
     WHERE id = business AND status = 'closed' AND kept_until > moment
    RETURNING role_name INTO role;
    IF role IS NULL THEN
        RETURN false;
    END IF;
    UPDATE public.jobs_ticket SET not_before = moment
     WHERE tenant = role AND state = 0 AND last_error = 'Business not active';
    RETURN true;
END $body$;
REVOKE ALL ON FUNCTION public.reopen_business FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.reopen_business TO {platform}
""")
CHANGE_FUNCTION = sql.SQL("""
CREATE OR REPLACE FUNCTION public.change_own_business(
    new_name text, new_country text, new_currency text, new_time_zone text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    UPDATE public.tenants_business
       SET name = new_name, country = new_country, currency = new_currency,
           time_zone = new_time_zone
     WHERE role_name = current_setting('role') AND status = 'active';
    RETURN FOUND;
END $body$;
REVOKE ALL ON FUNCTION public.change_own_business FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.change_own_business TO {group}
""")
CHANGE = "SELECT public.change_own_business(%s, %s, %s, %s)"
CLOSE = "SELECT public.close_own_business(%s, %s)"
REOPEN = "SELECT public.reopen_business(%s, %s)"
HASTEN_TICKETS = """
UPDATE public.jobs_ticket SET not_before = clock_timestamp()
 WHERE tenant = %s AND state = 0 AND last_error = 'Business not active'
"""

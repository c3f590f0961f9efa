-- The role of web and worker: it reads and writes rows, and owns nothing. Run by the owner of
-- the database, again after every new version:
--
--     psql "$OWNER_URL" -f deploy/application_role.sql
--     psql "$OWNER_URL" -c "ALTER ROLE peta_app LOGIN PASSWORD '…'"
--
-- History is kept by triggers (docs/review-and-history.md). Who does not own a table can neither
-- switch its triggers off nor empty it; what only ever grows, this role can only add to.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'peta_app') THEN
        CREATE ROLE peta_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO peta_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM peta_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO peta_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO peta_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO peta_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO peta_app;

REVOKE UPDATE, DELETE
    ON geo_submissionevent, geo_replacement, geo_storedfile, geo_userevent, geo_assignmentevent
    FROM peta_app;
REVOKE DELETE ON geo_publication, geo_cellcomment FROM peta_app;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM peta_app;

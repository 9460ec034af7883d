-- One service's database and its two roles. Run by an administrator, as often as wanted:
--
--   psql -v service=wallet -v password=… -v owner_password=… -f provision.sql
--
-- <service>_owner owns the schema and runs the migrations; <service> serves, and can read and write rows only. Nobody
-- else can connect. The database is called like the service, or as -v database=… says.
\set ON_ERROR_STOP on
\if :{?database}
\else
  \set database :service
\endif
\set owner :service _owner
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'service', :'owner']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
ALTER ROLE :"service" LOGIN PASSWORD :'password';
ALTER ROLE :"owner" LOGIN PASSWORD :'owner_password';
-- On solid-state disks a page costs about the same wherever it lies. The default, 4, is a spinning disk's: with it the planner reads whole tables where
-- an index finds the twenty rows of a page.
ALTER ROLE :"service" SET random_page_cost = 1.1;
-- An administrator who is no superuser must be a member to hand something over.
GRANT :"owner" TO CURRENT_USER;

SELECT format('CREATE DATABASE %I ENCODING ''UTF8'' TEMPLATE template0', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"service";
GRANT CONNECT, CREATE ON DATABASE :"database" TO :"owner"; -- CREATE: trusted extensions

\connect :"database"
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE ON SEQUENCES TO :"service";

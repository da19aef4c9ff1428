-- Runs once, when Postgres makes its database. The owner migrates; the services read and write rows, and cannot change the schema.
-- The rights are those of servicePrivileges in libs/adapters/records, which the checks compare with this file.
\getenv password SERVICE_ROLE_PASSWORD
create role continuo_service login nosuperuser nocreatedb nocreaterole password :'password';
revoke all on database "continuo" from public;
revoke create on schema public from public;
grant connect, create on database "continuo" to "continuo_owner";
grant usage, create on schema public to "continuo_owner";
grant connect on database "continuo" to "continuo_service";
grant usage on schema public to "continuo_service";
grant select, insert, update, delete on all tables in schema public to "continuo_service";
grant usage on all sequences in schema public to "continuo_service";
alter default privileges for role "continuo_owner" in schema public grant select, insert, update, delete on tables to "continuo_service";
alter default privileges for role "continuo_owner" in schema public grant usage on sequences to "continuo_service";

/**
 * What an administrator of the database runs once, connected to it, so that services may work with the records and nothing more: they
 * read and write rows, and neither make nor change nor own anything. Tables that later migrations make are covered.
 *
 * @param names of the database, of the role that migrates (the owner of the tables) and of the role of the services.
 */
export function servicePrivileges({
  database,
  migration,
  service,
}: {
  readonly database: string;
  readonly migration: string;
  readonly service: string;
}): readonly string[] {
  const [inDatabase, owner, role] = [quoted(database), quoted(migration), quoted(service)];
  return [
    `revoke all on database ${inDatabase} from public`,
    `revoke create on schema public from public`,
    `grant connect, create on database ${inDatabase} to ${owner}`,
    `grant usage, create on schema public to ${owner}`,
    `grant connect on database ${inDatabase} to ${role}`,
    `grant usage on schema public to ${role}`,
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
    `grant usage on all sequences in schema public to ${role}`,
    `alter default privileges for role ${owner} in schema public grant select, insert, update, delete on tables to ${role}`,
    `alter default privileges for role ${owner} in schema public grant usage on sequences to ${role}`,
  ];
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

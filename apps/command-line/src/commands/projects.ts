import { moment, type Printed, table } from './output.ts';
import { requireProjectId } from './project-id.ts';
import { withRecords } from './with-records.ts';

export const listProjects = (): Promise<Printed> =>
  withRecords(async (records) => {
    const projects = await records.projects.list();
    return {
      value: projects,
      lines: table([['PROJECT', 'CREATED'], ...projects.map((project) => [project.id, moment(project.createdAt)])]),
    };
  });

/** @throws UsageError for an id that is no id. */
export async function createProject(id: string): Promise<Printed> {
  requireProjectId(id);
  return withRecords(async (records) => {
    const created = await records.projects.create(id, Date.now());
    const lines = created
      ? [`Project ${id} is there. Make a key that opens it: npx continuo keys create --project ${id}`]
      : [`Project ${id} was there already.`];
    return { value: { id, created }, lines };
  });
}

import type { Project } from '@continuo/ports';
import { moment, type Printed, table } from './output.ts';
import { requireProjectId } from './project-id.ts';
import { changedBy, PROJECT_SETTINGS } from './project-settings.ts';
import { requireProject, withRecords } from './with-records.ts';

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

export const showProject = (id: string): Promise<Printed> =>
  withRecords(async (records) => {
    await requireProject(records, id);
    return shown(await records.projects.find(id));
  });

/** @throws UsageError for a change that is none. */
export const setProject = (id: string, changes: readonly string[]): Promise<Printed> =>
  withRecords(async (records) => {
    await requireProject(records, id);
    const project = await records.projects.find(id);
    if (project === null) return shown(null);
    const changed = { ...project, settings: changedBy(project.settings, changes) };
    await records.projects.saveSettings(id, changed.settings);
    const { lines, value } = shown(changed);
    return { value, lines: [...lines, 'Running servers follow within 5 seconds.'] };
  });

function shown(project: Project | null): Printed {
  if (project === null) return { value: null, lines: [], failed: true };
  const rows = PROJECT_SETTINGS.map((setting) => [setting.name, setting.shown(project.settings), setting.meaning]);
  return { value: project, lines: table([['SETTING', 'VALUE', 'MEANING'], ...rows]) };
}

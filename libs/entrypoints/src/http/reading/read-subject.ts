import { AppError } from '@continuo/contracts';
import { agentSubject, type SubjectKey, userSubject } from '@continuo/domain';
import type { Project } from '@continuo/ports';

/**
 * Whose memories a request is about. An agent is a subject only where the project gives agents memories of their own, and then there is
 * exactly one of both; elsewhere an agent beside a user says nothing here.
 * @throws AppError `required_field_missing`, `invalid_request`.
 */
export function readSubject(
  body: { readonly user_id?: string | undefined; readonly agent_id?: string | undefined },
  project: Pick<Project, 'settings'>,
): SubjectKey {
  const { user_id: user, agent_id: agent } = body;
  if (!project.settings.independentAgents) {
    if (user !== undefined) return userSubject(user);
    const why = agent === undefined ? '' : ' An agent alone has memories only where the project setting independentAgents is on.';
    throw new AppError('required_field_missing', `user_id is required.${why}`);
  }
  if (user !== undefined && agent !== undefined) throw new AppError('invalid_request', 'Only one of user_id and agent_id may be given.');
  if (user !== undefined) return userSubject(user);
  if (agent !== undefined) return agentSubject(agent);
  throw new AppError('required_field_missing', 'user_id or agent_id is required.');
}

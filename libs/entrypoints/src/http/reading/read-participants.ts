import { AppError, MAX_ID_CHARACTERS } from '@continuo/contracts';
import { agentSubject, type SubjectKey, userSubject } from '@continuo/domain';
import type { Project } from '@continuo/ports';

/** Who takes part in what is written. */
export interface Participants {
  readonly users: readonly string[];
  readonly agents: readonly string[];
  /** Whose spaces receive it; the first is the main one. */
  readonly subjects: readonly [SubjectKey, ...SubjectKey[]];
}

/** The ids of a request into subjects: agents are some where the project gives them memories of their own, else labels. @throws AppError. */
export function readParticipants(
  project: Project,
  body: { readonly user_id?: readonly string[] | undefined; readonly agent_id?: readonly string[] | undefined },
): Participants {
  const users = body.user_id ?? [];
  const agents = body.agent_id ?? [];
  const independent = project.settings.independentAgents ? agents : [];
  if (independent.some((id) => [...id].length > MAX_ID_CHARACTERS))
    throw new AppError('invalid_request', `agent_id must have at most ${MAX_ID_CHARACTERS} characters.`);
  const [first, ...others] = [...users.map(userSubject), ...independent.map(agentSubject)];
  if (first === undefined) {
    throw new AppError(
      'required_field_missing',
      'user_id is required: in this project an agent is a label, unless its setting independent-agents is switched on.',
    );
  }
  return { users, agents, subjects: [first, ...others] };
}

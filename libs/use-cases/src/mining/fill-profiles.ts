import { type Candidate, fieldsOf, profileCandidates } from '@continuo/domain';
import type { InboxBatch, ProfileRecords } from '@continuo/ports';

/** The contract's name of what is filled here. */
const PROFILE_VIEW = 'profile';

/** What a batch says about the fields of its subject's profiles. Costs one small read, and no model call. */
export class FillProfiles {
  private readonly profiles: ProfileRecords;

  constructor(profiles: ProfileRecords) {
    this.profiles = profiles;
  }

  /** The candidates, and those for profile fields after them. */
  async execute(batch: InboxBatch, candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const views = batch.messages[0]?.extraction?.views ?? null;
    if (candidates.length === 0 || (views !== null && !views.includes(PROFILE_VIEW))) return candidates;
    const instances = await this.profiles.instances(batch.scope);
    const fields = instances.flatMap(({ templateId, properties }) => fieldsOf(properties).map((field) => ({ ...field, templateId })));
    return fields.length === 0 ? candidates : [...candidates, ...profileCandidates(candidates, fields)];
  }
}

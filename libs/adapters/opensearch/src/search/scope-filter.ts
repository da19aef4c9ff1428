import type { Scope } from '@continuo/domain';
import { ownerOf } from '../documents/owner.ts';
import type { Query } from './query.ts';

/**
 * The only way to say whose documents are meant; part of every arm. Routing alone tells nobody apart: shards are shared.
 *
 * @throws RangeError for a scope that names nobody.
 */
export const scopeFilter = (scope: Scope): readonly Query[] => [{ term: { owner: ownerOf(scope) } }, { term: { state: 'live' } }];

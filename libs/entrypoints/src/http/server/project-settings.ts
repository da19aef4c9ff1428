import type { Project } from '@continuo/ports';
import type { FastifyRequest } from 'fastify';
import type { HttpSettings } from '../http-settings.ts';
import { knownCallerOf } from './caller.ts';

/** Which of the contract's forms hold. */
export type ContractForms = Pick<HttpSettings, 'strict' | 'legacyStatusList' | 'timeZone'>;

/** Those of a project: its own settings, else those of the installation. */
export const formsFor = ({ settings: own }: Pick<Project, 'settings'>, settings: HttpSettings): ContractForms => ({
  strict: own.strict ?? settings.strict,
  legacyStatusList: own.legacyStatusList ?? settings.legacyStatusList,
  timeZone: settings.timeZone,
});

/** The same for a request, whose caller may not be known yet. */
export const isStrictFor = (request: FastifyRequest, settings: HttpSettings): boolean =>
  knownCallerOf(request)?.settings.strict ?? settings.strict;

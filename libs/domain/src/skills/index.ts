export { ROUNDS_OF_A_SKILL, skillsLearnt, type SkillEvidence } from './learn-skills.ts';

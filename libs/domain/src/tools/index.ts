export { toolSchemasIn } from './schemas.ts';
export { trajectoriesIn, type ToolReading, type Trajectory } from './trajectories.ts';

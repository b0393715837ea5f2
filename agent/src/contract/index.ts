// The contract between page and agent: the only part of the agent that the page may import.
export * from './check.ts';
export * from './config.ts';
export * from './doctor.ts';
export * from './events.ts';
export * from './findings.ts';
export * from './history.ts';
export * from './messages.ts';
export * from './methods.ts';
export * from './passport.ts';
export * from './plan.ts';
export * from './prefix.ts';
export * from './problem.ts';
export * from './routes-text.ts';
export * from './routes.ts';
export * from './schema.ts';
export * from './status.ts';
export * from './why.ts';

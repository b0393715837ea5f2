// Replies as JSON: what they complain of has its sentence there, as in no file and nowhere else in memory.
import { toTold, toToldReply } from '../contract/index.ts';
import type { Problem } from '../contract/index.ts';

/** Why there is no reply, instead of one. */
export const isProblem = (reply: object): reply is Problem => 'code' in reply && 'severity' in reply;

export const renderReply = (reply: object): string => `${JSON.stringify(isProblem(reply) ? { error: toTold(reply) } : toToldReply(reply))}\n`;

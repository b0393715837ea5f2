// `file.exec`: runs a command that the session may run, alone or with just these arguments.
import { INVALID_ARGUMENT, NOT_FOUND, NOT_SUPPORTED, OK, PERMISSION_DENIED, TIMEOUT } from '../bus.ts';
import type { Args, Reply } from '../bus.ts';
import { findCommand, run } from '../process.ts';
import { readArray, readString, readTable } from './args.ts';

const MAX_COMMAND_LINE = 1024;
const MAX_OUTPUT = 256 * 1024;

export type ExecOptions = { root: string; isRemote: boolean; timeoutMs: number; mayRun: (command: string) => boolean };

/**
 * A right on the bare command allows any arguments. Otherwise command and arguments, joined by blanks, must match, and
 * a line of 1 KB or more is refused whatever the rights say. `env` is for local callers only.
 */
export async function execReply({ root, isRemote, timeoutMs, mayRun }: ExecOptions, args: Args): Promise<Reply> {
  const command = readString(args, 'command');
  if (command === undefined) return { code: INVALID_ARGUMENT };
  const env = readTable(args, 'env');
  if (isRemote && env) return { code: PERMISSION_DENIED };
  const path = findCommand(root, command);
  if (path === undefined) return { code: NOT_FOUND };
  // Rights are on paths of the router.
  const found = path.startsWith(`${root}/`) ? path.slice(root.length) : path;
  const name = command.includes('/') ? command : found;
  const params = readArray(args, 'params');
  const words = (params ?? []).filter((param) => typeof param === 'string');
  const line = [name, ...words].join(' ');
  if (!mayRun(name) && (!params || Buffer.byteLength(line) >= MAX_COMMAND_LINE || words.length > 252 || !mayRun(line))) return { code: PERMISSION_DENIED };
  const extra = Object.fromEntries(Object.entries(env ?? {}).filter(([, value]) => typeof value === 'string')) as Record<string, string>;
  const outcome = await run({ root, path, args: words, timeoutMs, maxBytes: MAX_OUTPUT, env: extra });
  if (outcome.failed === 'timeout') return { code: TIMEOUT };
  if (outcome.failed === 'overflow') return { code: NOT_SUPPORTED };
  // Death by a signal leaves no exit code: it reads as 0.
  const data: Record<string, unknown> = { code: outcome.code ?? 0 };
  if (outcome.stdout.length > 0) data.stdout = untilNul(outcome.stdout);
  if (outcome.stderr.length > 0) data.stderr = untilNul(outcome.stderr);
  return { code: OK, data };
}

function untilNul(bytes: Buffer): string {
  const nul = bytes.indexOf(0);
  return (nul < 0 ? bytes : bytes.subarray(0, nul)).toString('utf8');
}

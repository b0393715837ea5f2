// `uci batch`: lines of stdin, each a command, run as they arrive.
import { parsePointer } from './change.ts';
import { UciError } from './model.ts';
import type { Bytes } from './model.ts';
import { NeedMoreInput, Scanner } from './scan.ts';

const MAX_ARGS = 4;

export type BatchIo = {
  readLine(): Promise<Bytes | undefined>;
  /** Runs one command and gives its exit code; 255 is an unknown one. */
  run(argv: Bytes[]): Promise<number>;
  /** Says something on stderr, unless the command line asks for silence. */
  complain(text: Bytes): void;
  fail(error: unknown): void;
};

/** What was set before a kill stays pending. An error stops nothing, and the exit code is 0 all the same. */
export async function runBatch(io: BatchIo): Promise<number> {
  let pending = '';
  let line = 0;
  for (let text = await io.readLine(); text !== undefined; text = await io.readLine()) {
    pending += text;
    const outcome = await batchLine(io, pending, line, true);
    if (outcome === 'exit') return 0;
    if (outcome === 'more') continue;
    line = outcome === 'loaded' ? 0 : line + 1;
    pending = '';
  }
  if (pending) await batchLine(io, pending, line, false);
  return 0;
}

async function batchLine(io: BatchIo, text: Bytes, line: number, partial: boolean): Promise<'done' | 'loaded' | 'more' | 'exit'> {
  const scanner = new Scanner(text, { partial, line });
  const argv: Bytes[] = [];
  try {
    scanner.nextLine();
    for (let word = scanner.word(); word; word = scanner.word()) {
      argv.push(word);
      if (argv.length < MAX_ARGS) continue;
      io.complain('Too many arguments\n');
      return 'done';
    }
  } catch (error) {
    if (error instanceof NeedMoreInput) return 'more';
    io.fail(error);
    return 'done';
  }
  const [command, tuple] = argv;
  if (command === undefined) return 'done';
  if (command.toLowerCase() === 'exit') return 'exit';
  if (!isParsed(io, command, tuple, scanner.line)) return 'done';
  if ((await io.run(argv)) === 255) io.complain('Unknown command\n');
  return 'loaded';
}

/** A tuple that does not parse is reported with the batch's own position, as if the line were a config file's. */
function isParsed(io: BatchIo, command: string, tuple: Bytes | undefined, line: number): boolean {
  const isTuple = tuple !== undefined && !['add', 'import'].includes(command.toLowerCase());
  try {
    if (isTuple) parsePointer(tuple);
    return true;
  } catch (error) {
    if (!(error instanceof UciError)) throw error;
    io.fail(new UciError('parse', ` (unknown) at line ${line}, byte 0`));
    return false;
  }
}

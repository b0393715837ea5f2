// Entries of several requests at once, of which only times and beginnings of replies are recorded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchange, parseReply } from './http.ts';
import type { SpecialEntry } from './recording.ts';
import type { Outcome, Replay } from './replay.ts';

/** What a second of `sleep` takes when rpcd starts it. */
const SECOND_MS = 100;

function slowRequest({ sid, mutate }: Replay, secs: number, isKept = false): string {
  const body = mutate(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params: [sid, 'bench', 'slow', { secs }] }));
  return `POST /ubus HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n${isKept ? '' : 'Connection: close\r\n'}\r\n${body}`;
}

/** When the plugin was started, in seconds: it notes each of its calls. */
function starts({ router }: Replay): number[] {
  const log = readFileSync(join(router.root, 'tmp/execlog'), 'utf8');
  return [...log.matchAll(/^--- (\S+) .*argv=\[call /gm)].map(([, seconds]) => Number(seconds));
}

/** On the clock that the plugin reads. */
const uptime = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);

/** What `run` gives, and when the calls that it made were started. */
async function noting<T>(replay: Replay, run: () => Promise<T>): Promise<{ result: T; started: number[] }> {
  const before = starts(replay).length;
  const result = await run();
  return {
    result,
    started: starts(replay)
      .slice(before)
      .toSorted((a, b) => a - b),
  };
}

/** Requests on one connection: the next one starts when the one before is answered. */
async function pipelined(replay: Replay, entry: SpecialEntry): Promise<Outcome> {
  const isComplete = (text: string) => text.split('\r\n0\r\n\r\n').length > 3;
  const { result, started } = await noting(replay, () => exchange(replay.router.port, slowRequest(replay, 1, true).repeat(3), { isComplete }));
  const isInSequence = started.slice(1).every((time, index) => (time - (started[index] ?? 0)) * 1000 >= SECOND_MS);
  const order = isInSequence ? '' : `not in sequence: ${started}`;
  return { id: entry.id, expected: String(entry['response']), actual: order + result };
}

/** One request each on many connections. One after the other, a call and the reply to the one before would be at most two at once. */
async function parallel(replay: Replay, id: string, count: number, secs: number): Promise<Outcome> {
  const request = slowRequest(replay, secs);
  const ended: number[] = [];
  const one = async () => {
    const reply = await exchange(replay.router.port, request);
    ended.push(uptime());
    return reply;
  };
  const { result, started } = await noting(replay, () => Promise.all(Array.from({ length: count }, one)));
  const atOnce = started.map((time, index) => index + 1 - ended.filter((end) => end <= time).length);
  const isParallel = Math.max(...atOnce) > 2;
  const replies = result.map((reply) => parseReply(reply)).map(({ head, body }) => `${head.split('\r\n')[0]} ${body}`);
  const reply = replay.mutate(`{"jsonrpc":"2.0","id":1,"result":[0,{"slept":${secs}}]}`);
  const show = (isSo: boolean, lines: string[]) => `parallel: ${isSo}\n${lines.join('\n')}`;
  return { id, expected: show(true, Array<string>(count).fill(`HTTP/1.1 200 OK ${reply}`)), actual: show(isParallel, replies) };
}

export async function replaySpecial(replay: Replay, entry: SpecialEntry): Promise<Outcome> {
  switch (entry.id) {
    case 'pipelined-3':
      return pipelined(replay, entry);
    case 'parallel-9 /ubus':
      return parallel(replay, entry.id, 9, 1);
    case 'concurrent-8-slow':
      return parallel(replay, entry.id, 8, 2);
    case 'concurrent-40-slow':
      return parallel(replay, entry.id, 40, 1);
    default:
      throw new Error(`nobody knows how to replay ${entry.id}`);
  }
}

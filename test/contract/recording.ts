// The recordings: what real components were asked, and what they answered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Common = { id: string; note?: string | null };

/** A request over a socket; the reply's head and body as text. */
export type HttpEntry = Common & { request: string; response_head: string; response_body: string; error: string | null };

/** A shell command on the router. */
export type CommandEntry = Common & { cmd: string; stdin?: string | null; stdout: string; stderr: string; rc: number };

/** Several requests at once; only what was measured is recorded, so each kind is replayed by a few lines of its own. */
export type SpecialEntry = Common & { [field: string]: unknown };

export type Entry = HttpEntry | CommandEntry | SpecialEntry;

export const isHttp = (entry: Entry): entry is HttpEntry => typeof entry['request' as keyof Entry] === 'string';
export const isCommand = (entry: Entry): entry is CommandEntry => typeof entry['cmd' as keyof Entry] === 'string';

export const RECORDINGS = [
  '01-http-ubus',
  '01b-http-ubus-large-reply',
  '01c-http-ubus-more',
  '02-uci-ubus',
  '02b-uci-ubus-types',
  '03-uci-cli',
  '04-exec-plugin',
  '05-file-plugin',
  '12-uci-private-deltas',
] as const;

export type RecordingName = (typeof RECORDINGS)[number];

/** Not replayed: what netifd told of interfaces is read by the agent’s parsers. */
export const OBSERVATIONS = ['06-netifd', '09-pppoe', '11-ipv6-pppoe', '14-multidial-like'] as const;

/** Where an id comes twice in a file, the second is `id~2`. */
export function readRecording(name: RecordingName | '07-routes' | (typeof OBSERVATIONS)[number]): Entry[] {
  const entries = JSON.parse(readFileSync(join(import.meta.dirname, 'transcripts', `${name}.json`), 'utf8')) as Entry[];
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const count = (seen.get(entry.id) ?? 0) + 1;
    seen.set(entry.id, count);
    return count === 1 ? entry : { ...entry, id: `${entry.id}~${count}` };
  });
}

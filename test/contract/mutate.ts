// The same recording with other names: requests, commands, files and expected replies changed alike, by a seed.
import { bridges } from './bridges.ts';
import { apart, together } from './apart.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { isCommand, isHttp } from './recording.ts';
import type { Entry, RecordingName } from './recording.ts';
import type { Words } from './words.ts';

export type Mutation = {
  text(text: string): string;
  entries(name: RecordingName, entries: readonly Entry[]): Entry[];
};

export const unchanged: Mutation = { text: (text) => text, entries: (_, entries) => [...entries] };

const LOWER = 'abcdefghijklmnopqrstuvwxyz';

/** Where new names come from: names that are taken, a text in which none may occur, and how much of a name stays. */
type Source = { random: Random; taken: Set<string>; corpus: string; stems: Readonly<Record<string, number>> };

/** Another word with the same kinds of signs: as long as before, so that sizes and positions stay what they were. */
function similar(word: string, { random, stems }: Source): string {
  const stem = stems[word] ?? 0;
  return (
    word.slice(0, stem) +
    word.slice(stem).replace(/[A-Za-z0-9]/g, (sign) => {
      if (/\d/.test(sign)) return sign;
      const letter = random.pick([...LOWER]);
      return sign === sign.toUpperCase() ? letter.toUpperCase() : letter;
    })
  );
}

const TRIES = 1000;

/** A new name that nothing else has, between two others where there is an order to keep; undefined where none is found. */
function renamed(word: string, source: Source, above = '', below = '\uffff'): string | undefined {
  for (let left = TRIES; left > 0; left--) {
    const name = similar(word, source);
    if (!source.taken.has(name) && !source.corpus.includes(name) && name > above && name < below) return name;
  }
  return undefined;
}

/** New names for a list, in the same order; `fixed` ones stay. Undefined where the first ones left no room for the others. */
function renamedInOrder(list: readonly string[], fixed: readonly string[], source: Source): Map<string, string> | undefined {
  const names = new Map<string, string>();
  const sorted = list.toSorted();
  let above = '';
  for (const [index, word] of sorted.entries()) {
    const stop = sorted.slice(index).find((other) => fixed.includes(other)) ?? '\uffff';
    const name = fixed.includes(word) ? word : renamed(word, source, above, stop);
    if (name === undefined) return undefined;
    if (name !== word) names.set(word, name);
    above = name;
  }
  return names;
}

/** Tries until it works out, which it does within a few times. */
function insist<T>(attempt: () => T | undefined): T {
  for (let left = TRIES; left > 0; left--) {
    const found = attempt();
    if (found !== undefined) return found;
  }
  throw new Error('found no other names');
}

/** The number in an anonymous section's id: Bernstein's hash of its type, the last 16 bits of 31. */
export function typeHash(type: string): string {
  let hash = 5381n;
  for (const sign of type) hash = BigInt.asUintN(32, hash * 33n + BigInt(sign.charCodeAt(0)));
  return ((hash & 0x7fffffffn) % 0x10000n).toString(16).padStart(4, '0');
}

/** JSON-RPC ids become others of as many digits; those of a batch stay different. */
function renumber(id: string, step: number): string {
  const floor = id.length === 1 ? 0 : 10 ** (id.length - 1);
  const span = 10 ** id.length - floor;
  return Number.isSafeInteger(Number(id)) ? String(floor + ((Number(id) - floor + step) % span)) : id;
}

/** `corpus` is all that the recordings say: a new name is nowhere in it, not even within a word. */
export function createMutation(seed: number, { free, types = [], ordered = [], fixed = [], notFirst = '', stems = {} }: Words, corpus: string): Mutation {
  const random = createRandom(seed);
  const taken = new Set<string>();
  const source: Source = { random, stems, taken, corpus };
  const names = new Map<string, string>();
  const put = (word: string, name: string) => {
    names.set(word, name);
    taken.add(name);
  };
  for (const list of ordered) for (const [word, name] of insist(() => renamedInOrder(list, fixed, source))) put(word, name);
  const another = (word: string) => {
    const name = renamed(word, source);
    return name === undefined || notFirst.includes(name.charAt(0)) ? undefined : name;
  };
  for (const word of [...free, ...types]) {
    const name = insist(() => another(word));
    put(word, name);
  }

  const hashes = new Map(types.map((type) => [typeHash(type), typeHash(names.get(type) ?? type)]));
  const words = [...names.keys()].toSorted((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&'));
  // Whole words, also behind an escaped line end or tab; `allowed1` and the like begin with one.
  const start = '(?<=\\\\[nt]|^|[^A-Za-z0-9_])';
  const pattern = new RegExp(`${start}(?:(?:${words.join('|')})(?![A-Za-z0-9_])|allowed(?=\\d|nodir))`, 'gm');
  const step = 1 + random.below(8);
  const text = (source: string) =>
    source
      .replace(pattern, (word) => names.get(word) ?? word)
      .replace(/\bcfg([0-9a-f]{2})([0-9a-f]{4})(?![0-9a-f])/g, (id, position: string, hash: string) =>
        hashes.has(hash) ? `cfg${position}${hashes.get(hash)}` : id,
      )
      .replace(/("jsonrpc": ?"2\.0", ?"id": ?)(\d{1,12})(?=[,}])/g, (_, head: string, id: string) => head + renumber(id, step));

  const change = (entry: Entry): Entry =>
    Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, typeof value === 'string' && key !== 'id' ? text(value) : value])) as Entry;
  return { text, entries: (name, entries) => shuffled(name, entries, random).map(change) };
}

/** Calls that change nothing, as far as they go by the recordings' own words. */
function isReadOnly(name: RecordingName, entry: Entry): boolean {
  if (bridges[name]?.[entry.id] || apart[name]?.[entry.id] || together.includes(entry.id)) return false;
  if (isCommand(entry)) return /^uci (get|show|changes) [^;]*$/.test(entry.cmd);
  if (!isHttp(entry) || entry.error || !name.startsWith('0') || name.startsWith('01')) return false;
  return /"(uci","(get|configs|changes)|bench","(echo|noargs|deep|utf|nul|two|trail)|file","(read|stat|list|md5))"/.test(entry.request);
}

/** Neighbours that change nothing come in another order. */
function shuffled(name: RecordingName, entries: readonly Entry[], random: Random): Entry[] {
  const result: Entry[] = [];
  let run: Entry[] = [];
  for (const entry of entries) {
    if (isReadOnly(name, entry)) {
      run.push(entry);
      continue;
    }
    result.push(...random.shuffle(run), entry);
    run = [];
  }
  return [...result, ...random.shuffle(run)];
}

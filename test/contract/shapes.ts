// What the recordings hold of the shapes that the agent parses: states of interfaces and files of configuration.
import { readRecording } from './recording.ts';
import type { Entry } from './recording.ts';

type Name = Parameters<typeof readRecording>[0];
type Json = Record<string, unknown>;

/** `text` is what the parser is given; `at` the recording's entry, with the place in it where there are several. */
export type Shape = { at: string; text: string };

const textOf = (entry: Entry): string => {
  const { stdout, output } = entry as { stdout?: string | null; output?: string };
  return stdout ?? output ?? '';
};
const commandOf = (entry: Entry): string => String((entry as { cmd?: string }).cmd ?? '');

/** Where the bracket that opens at `from` closes, or -1. */
function closing(text: string, from: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (isQuoted && char === '\\') at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '{' || char === '[')) depth++;
    else if (!isQuoted && (char === '}' || char === ']') && --depth === 0) return at;
  }
  return -1;
}

/** Objects that begin a line of the text, and are whole; of some replies only the first lines were kept. */
function objectsIn(text: string): Json[] {
  const found: Json[] = [];
  let past = 0;
  for (const { index } of text.matchAll(/^\{\s*"/gm)) {
    const end = index < past ? -1 : closing(text, index);
    if (end < 0) continue;
    found.push(JSON.parse(text.slice(index, end + 1)) as Json);
    past = end;
  }
  return found;
}

/** A status does not name its interface, the question does. */
const askedIn = (command: string): string[] => [...command.matchAll(/network\.interface\.(\w+) status(?! \| jsonfilter)/g)].map(([, name]) => name ?? '');

function interfacesOf(entry: Entry): Shape[] {
  const asked = askedIn(commandOf(entry));
  const dumps = objectsIn(textOf(entry)).flatMap((value): Json[] => {
    if (Array.isArray(value['interface'])) return [value];
    if (!('autostart' in value)) return [];
    return [{ interface: ['interface' in value ? value : { interface: asked.shift() ?? '?', ...value }] }];
  });
  return dumps.map((dump, index) => ({ at: index === 0 ? entry.id : `${entry.id}.${index + 1}`, text: JSON.stringify(dump) }));
}

/** Every whole status or dump of a recording, as the reply of a dump. */
export const interfaceShapes = (name: Name): Shape[] => readRecording(name).flatMap(interfacesOf);

/** Does a quote go on in the next line? */
const isOpen = (text: string): boolean => (text.replaceAll("'\\''", '').match(/'/g) ?? []).length % 2 === 1;

function packagesOf(entry: Entry): Shape[] {
  const found: string[] = [];
  let text = '';
  for (const line of textOf(entry).split('\n')) {
    const isPart = text === '' ? /^config /.test(line) : isOpen(text) || /^(config |\t?(option|list) |$)/.test(line);
    if (isPart) text += `${line}\n`;
    else if (text) found.push(text);
    if (!isPart) text = '';
  }
  return [...found, text].filter(Boolean).map((each, index) => ({ at: index === 0 ? entry.id : `${entry.id}.${index + 1}`, text: each }));
}

/** Every file of configuration that a recording shows. */
export const packageShapes = (name: Name): Shape[] => readRecording(name).flatMap(packagesOf);

/** What `ip route` printed as words. */
export const routeWords = (name: Name): Shape[] =>
  readRecording(name)
    .map((entry) => ({
      at: entry.id,
      text: textOf(entry)
        .split('\n')
        .filter((line) => /^(default|unreachable|[0-9a-f.:]+\/\d+) .*\bdev /.test(line))
        .join('\n'),
    }))
    .filter(({ text }) => text !== '');

// Finds every sentence that the page may show: what t() and tn() are given in web/src, and the sentences of the contract.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as contract from '../../agent/src/contract/index.ts';
import { includePath, luciSentences } from './luci.ts';
import { renderPo, type Entry } from './po.ts';
import { isInFunction, lineOf, literal, nodeIn, nodesIn, parseFile, possible, stringsIn, textIn, visit, type File, type Node } from './syntax.ts';

const root = join(import.meta.dirname, '../..');

/** `from`: a file in which English is the key. */
export type Sentence = { id: string; plural?: string; from: string };
/** `code`: the key that the page gives to said(). */
type Coded = { id: string; code: string };
/** `faults`: what can't be extracted, with its place. */
export type Extracted = { sentences: Sentence[]; faults: string[] };

/** What a comment says above a table whose strings reach t() by a way that can't be followed, or where such a way ends. */
const MARK = 'English is the key for t()';

function markedStrings({ program, comments }: File): string[] {
  const marks = comments.filter(({ text }) => text.includes(MARK));
  const found: string[] = [];
  visit(program, (node) => {
    const init = nodeIn(node, 'init');
    const isMarked = node.type === 'VariableDeclaration' && marks.some(({ end }) => end < node.start && node.start - end < 20);
    if (isMarked) for (const each of nodesIn(node, 'declarations')) found.push(...stringsIn(nodeIn(each, 'init') ?? init ?? each));
  });
  return found;
}

function readCall(file: File, name: 't' | 'tn', args: readonly Node[], hasMark: boolean): { sentences: Omit<Sentence, 'from'>[]; fault?: string } {
  if (name === 'tn') {
    const [id, plural] = [literal(args[1]), literal(args[2])];
    return id === undefined || plural === undefined ? { sentences: [], fault: 'tn() takes two literal sentences' } : { sentences: [{ id, plural }] };
  }
  const found = possible(file, args[0]);
  if (found) return { sentences: found.map((id) => ({ id })) };
  return hasMark
    ? { sentences: [] }
    : { sentences: [], fault: `can't tell what t() is given: use a literal, or write "${MARK}" above the table it comes from` };
}

/** Of one source text; `path` is how it is named in the catalog. */
export function extractFrom(path: string, text: string): Extracted {
  const file = parseFile(path, text);
  const sentences: Sentence[] = markedStrings(file).map((id) => ({ id, from: path }));
  const hasMark = file.comments.some((comment) => comment.text.includes(MARK));
  const faults: string[] = [];
  visit(file.program, (node, parents) => {
    const name = textIn(nodeIn(node, 'callee'), 'name');
    if (node.type !== 'CallExpression' || (name !== 't' && name !== 'tn') || !/\/t\.ts$/.test(file.imported.get(name)?.from ?? '')) return;
    const { sentences: found, fault } = readCall(file, name, nodesIn(node, 'arguments'), hasMark);
    sentences.push(...found.map((each) => ({ ...each, from: path })));
    if (fault) faults.push(`${path}:${lineOf(file, node)}: ${fault}`);
    if (!isInFunction(parents)) faults.push(`${path}:${lineOf(file, node)}: runs before the language is known: call ${name}() in a function`);
  });
  return { sentences, faults };
}

const FOLDER = 'agent/src/contract';

/** The contract's tables hold what the agent says by a code, in its replies or in the page, and what options are called. */
function contractSentences(): (Sentence | Coded)[] {
  const of = (file: string, sentences: readonly string[]): Sentence[] => sentences.map((id) => ({ id, from: `${FOLDER}/${file}` }));
  const specs = Object.values(contract.schema).flatMap((options) => Object.values(options) as contract.OptionSpec[]);
  const coded = (kind: string, sentences: Record<string, string>): Coded[] => Object.entries(sentences).map(([code, id]) => ({ id, code: `${kind}.${code}` }));
  return [
    ...coded('problem', { ...contract.checkMessages, ...contract.messages }),
    ...Object.entries(contract.findings).flatMap(([code, { what, why, mend }]) => coded(`finding.${code}`, { what, why, mend })),
    ...coded('skip', contract.skipReasons),
    ...of('events.ts', Object.values(contract.eventSentences)),
    ...coded('why', contract.whySentences),
    ...coded('passport', contract.passportSentences),
    ...coded('purpose', contract.purposes),
    ...of(
      'schema.ts',
      specs.flatMap((spec) => [spec.label, spec.help, ...('shape' in spec && spec.shape !== undefined ? [spec.shape] : [])]),
    ),
  ];
}

/** Paths and texts of the page's sources, in order. */
export function pageSources(): { path: string; text: string }[] {
  const files = readdirSync(join(root, 'web/src'), { withFileTypes: true, recursive: true }).filter(({ name }) => /\.tsx?$/.test(name));
  const paths = files.map((file) => relative(root, join(file.parentPath, file.name)));
  return paths.toSorted().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** All there is to translate, each sentence once, with the files and codes that it is from; as entries, and as the text of the template. */
export function makeTemplate(): { template: string; entries: Entry[]; faults: string[] } {
  const parts = pageSources().map(({ path, text }) => extractFrom(path, text));
  const include = luciSentences();
  const faults = [...parts.flatMap((part) => part.faults), ...include.faults];
  const entries = new Map<string, Entry>();
  for (const sentence of [
    ...parts.flatMap(({ sentences }) => sentences),
    ...contractSentences(),
    ...include.ids.map((id): Sentence => ({ id, from: includePath })),
  ]) {
    const { id } = sentence;
    const known = entries.get(id) ?? { id, texts: [''], references: [], codes: [], comments: [] };
    if ('code' in sentence) {
      known.codes.push(sentence.code);
      entries.set(id, known);
      continue;
    }
    const { plural, from } = sentence;
    if (plural !== undefined && known.plural !== undefined && known.plural !== plural)
      faults.push(`${from}: "${id}" has another plural elsewhere: "${known.plural}"`);
    if (!known.references.includes(from)) known.references.push(from);
    entries.set(id, { ...known, ...(plural === undefined ? {} : { plural, texts: ['', ''] }) });
  }
  const all = [...entries.values()];
  return { template: renderPo({ head: [], headers: new Map([['Content-Type', 'text/plain; charset=UTF-8']]), entries: all }), entries: all, faults };
}

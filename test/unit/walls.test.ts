// The walls between the parts of the program, and the shape of its files: who may import whom.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';

const root = join(import.meta.dirname, '../..');
const MOST_LINES = 300;

type Import = { from: string; isType: boolean };
type Source = { path: string; text: string; imports: Import[] };

function parseImports(path: string, text: string): Import[] {
  const pattern = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(pattern)].map(([, type, fixed, dynamic]) => {
    const name = fixed ?? dynamic ?? '';
    return { isType: type !== undefined, from: name.startsWith('.') ? normalize(join(dirname(path), name)) : name };
  });
}

/** Everything that we wrote below `folder` with one of these endings; fixtures may look as they like. */
function read(folder: string, ending = /\.tsx?$/): Source[] {
  const files = readdirSync(join(root, folder), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && ending.test(entry.name));
  const paths = files.map((entry) => relative(root, join(entry.parentPath, entry.name))).filter((path) => !path.includes('/fixtures/'));
  return paths.toSorted().map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, imports: parseImports(path, text) };
  });
}

const agent = read('agent/src');
const web = read('web/src');
const tests = read('test');
const tools = read('tools');
const scripts = ['test', 'tools', 'openwrt-feed', '.ci'].flatMap((folder) => read(folder, /(\.sh|^run)$/));
const standIn = tests.filter(({ path }) => path.startsWith('test/stand-in/'));
const within = (sources: Source[], ...folders: string[]) => sources.filter(({ path }) => folders.some((folder) => path.startsWith(folder)));

/** `path imports module` for every import that `isForbidden`. */
function offences(sources: Source[], isForbidden: (imported: Import, path: string) => boolean): string[] {
  return sources.flatMap(({ path, imports }) => imports.filter((item) => isForbidden(item, path)).map((item) => `${path} imports ${item.from}`));
}

test('there is something to look at', () => {
  assert.ok(agent.length >= 30, `${agent.length} files of the agent`);
  assert.ok(web.length >= 20, `${web.length} files of the page`);
  assert.ok(standIn.length >= 3, `${standIn.length} files of the stand-in`);
  assert.ok(scripts.length >= 3, `${scripts.length} scripts`);
  assert.ok(agent.reduce((sum, { imports }) => sum + imports.length, 0) >= 100, 'imports are found');
});

/** The ports on QuickJS. */
const isPort = (path: string): boolean => /^agent\/src\/quickjs[\w-]*\.ts$/.test(path);

test('only quickjs.ts and the files beside it import std and os', () => {
  const isRuntime = ({ from }: Import) => from === 'std' || from === 'os';
  assert.equal(
    offences(agent, (item, path) => isRuntime(item) && !isPort(path)),
    [],
  );
  assert.is(agent.find(({ path }) => path === 'agent/src/quickjs.ts')?.imports.filter(isRuntime).length, 2);
});

/** Folders of planners and parsers, and what is as pure of the watcher. */
const PURE = [
  'agent/src/plan/',
  'agent/src/doctor/',
  'agent/src/routes/',
  'agent/src/passport/',
  'agent/src/uci/',
  'agent/src/config/',
  ...['cells', 'history.', 'counters'].map((name) => `agent/src/watch/${name}`),
];

test('planners and parsers know no system, not even its type', () => {
  const pure = within(agent, ...PURE);
  const effects = /^agent\/src\/(system|quickjs|main|reconcile|lock|log|announced)\.ts$|^agent\/src\/(apply|commands)\//;
  assert.ok(pure.length >= 10);
  assert.equal(
    offences(pure, ({ from }) => effects.test(from)),
    [],
  );
});

test('nothing that planners and parsers reach at run time is the system', () => {
  const byPath = new Map(agent.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { from, isType } of byPath.get(path)?.imports ?? []) if (!isType) visit(from);
  };
  for (const { path } of within(agent, ...PURE)) visit(path);
  assert.not.ok([...reached].some((path) => isPort(path) || path === 'std' || path === 'os'));
});

test('the contract imports nothing outside itself', () => {
  const contract = within(agent, 'agent/src/contract/');
  assert.ok(contract.length >= 5);
  assert.equal(
    offences(contract, ({ from }) => dirname(from) !== 'agent/src/contract'),
    [],
  );
});

test('the agent imports no package and nothing outside agent/src', () => {
  const isOwn = (from: string) => from.startsWith('agent/src/');
  assert.equal(
    offences(agent, ({ from }, path) => !isOwn(from) && !isPort(path)),
    [],
  );
});

test('the page sees of the agent only the contract, and nothing of the tests', () => {
  const isElsewhere = (from: string) => /^(agent|test|tools|openwrt-feed)\//.test(from);
  assert.equal(
    offences(web, ({ from }) => isElsewhere(from) && !from.startsWith('agent/src/contract/')),
    [],
  );
  assert.ok(web.some(({ imports }) => imports.some(({ from }) => from.startsWith('agent/src/contract/'))));
});

test('widgets know neither the router nor the store', () => {
  const widgets = within(web, 'web/src/widgets/');
  assert.ok(widgets.length >= 5);
  assert.equal(
    offences(widgets, ({ from }) => /^web\/src\/(ubus|store|screens)\/|^web\/src\/agent\.ts$/.test(from)),
    [],
  );
});

test('the stand-in shares nothing with what is tested against it', () => {
  assert.equal(
    offences(standIn, ({ from }) => /^(agent|web)\//.test(from)),
    [],
  );
  assert.equal(
    standIn.filter(({ text }) => /transcripts/.test(text)).map(({ path }) => path),
    [],
  );
});

test('the agent starts no shell and only the programs that it is known to start', () => {
  const shell = /\bpopen\b|\bstd\.system\b|['"`](?:\/bin\/|\/usr\/bin\/)?(?:a|ba|da)?sh['"`]/;
  assert.equal(
    agent.filter(({ text }) => shell.test(text)).map(({ path }) => path),
    [],
  );
  const started = agent.flatMap(({ text }) => [...text.matchAll(/\brun\(\s*\[\s*['"]([^'"]+)['"]/g)].map(([, program]) => program));
  assert.ok(started.length >= 3, 'the agent starts something');
  assert.equal(
    started.filter((program) => !['ubus', 'uci', 'ip', 'nft', 'conntrack', 'dnsmasq', 'logger'].includes(program ?? '')),
    [],
  );
});

test('what goes on in the background is the agent itself or a download, and starts in two files alone', () => {
  const starting = agent.filter(({ path, text }) => /\bspawn\(/.test(text) && !isPort(path) && path !== 'agent/src/system.ts');
  assert.equal(
    starting.map(({ path }) => path),
    ['agent/src/commands/passport-speed.ts', 'agent/src/commands/passport.ts'],
  );
  const words = starting.flatMap(({ text }) => [...text.matchAll(/\b(?:argv:|WORKER =) \[\s*'([^']+)'/g)].map(([, program]) => program));
  assert.equal(words, ['uclient-fetch', 'wget', '/usr/sbin/multidial']);
});

test('every suite has time limits', () => {
  const suites = tests.filter(({ path }) => path.endsWith('.test.ts'));
  assert.equal(
    offences(suites, ({ from }) => from === 'uvu'),
    [],
  );
  // The lab's suites take theirs from steps.ts, which takes them from limit.ts.
  const limited = ({ imports }: Source) => imports.some(({ from }) => from === 'test/limit.ts' || from === 'test/lab/steps.ts');
  assert.equal(
    suites.filter((suite) => !limited(suite)).map(({ path }) => path),
    [],
  );
});

const everything = [...agent, ...read('agent', /\.d\.ts$/), ...web, ...read('web/src', /\.css$/), ...tests, ...tools, ...scripts];

test('no file is longer than a reader holds in the head', () => {
  const long = everything.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length })).filter(({ lines }) => lines > MOST_LINES);
  assert.equal(long, []);
});

test('every file says its job in its first line', () => {
  const saysIt = ({ path, text }: Source) => {
    const [first = '', second = ''] = text.split('\n');
    const line = first.startsWith('#!') ? second : first;
    return (/\.(sh|css)$/.test(path) || basename(path) === 'run' ? /^(#|\/\*) ?\S.{10}/ : /^\/\/ \S.{10}/).test(line);
  };
  assert.equal(
    everything.filter((source) => !saysIt(source)).map(({ path }) => path),
    [],
  );
});

test.run();

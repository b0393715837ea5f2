// Bad files under the real QuickJS: bytes that are no text, files too large, and what comes out, how soon and in how much memory.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Problem } from '../../agent/src/contract/index.ts';
import { buildAgent } from '../../tools/build-agent.ts';
import { suite } from '../limit.ts';

const qjs = join(import.meta.dirname, '../../build/tools/qjs');
const test = suite('bad files');

/** The bundle's paths lead into a directory of our own: this machine's configuration is never read. */
const PATHS = ['/etc/config', '/etc/sysctl.d', '/proc/sys/', '/sys/class/net', '/var/run/multidial', '/tmp/.uci', '/usr/sbin/nft', '/sbin/nft'];

let root = '';

function put(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), mode);
}

test.before(async () => {
  root = mkdtempSync(join(tmpdir(), 'multidial-'));
  const bundle = await buildAgent(join(root, 'multidial.js'));
  const text = readFileSync(bundle, 'utf8');
  writeFileSync(
    bundle,
    PATHS.reduce((all, path) => all.replaceAll(path, join(root, path) + (path.endsWith('/') ? '/' : '')), text),
  );
  mkdirSync(join(root, 'rpcd'));
  symlinkSync(bundle, join(root, 'rpcd/multidial'));
  put('/sys/class/net/wan/address', '94:83:c4:a0:11:5e\n');
  put('bin/ubus', '#!/bin/sh\necho \'{"interface":[]}\'\n', 0o755);
  // One empty array a question, of which `ip -6` is asked one.
  put('bin/ip', '#!/bin/sh\nprintf "[]\\n[]\\n[]\\n[]\\n"\n', 0o755);
  put('bin/logger', '#!/bin/sh\ncat > /dev/null\n', 0o755);
  put('bin/uci', `#!/bin/sh\ncat > ${root}/batch\n`, 0o755);
  mkdirSync(join(root, 'var/run'), { recursive: true });
});
test.after(() => rmSync(root, { recursive: true }));

/** What the whole process may take, in kB of addresses: a small router has no more to spare. */
const MEMORY_KB = 24_576;

/** Runs the agent on this configuration: text, bytes, a directory or nothing. `call METHOD` is rpcd's way. */
function run(config: string | Buffer | 'directory' | undefined, words: string[], input = ''): { reply: Record<string, unknown>; seconds: number } {
  rmSync(join(root, 'etc'), { recursive: true, force: true });
  put('/etc/config/network', "config interface 'lan'\n\toption device 'br-lan'\n");
  if (config === 'directory') mkdirSync(join(root, 'etc/config/multidial'));
  else if (config !== undefined) put('/etc/config/multidial', config);
  const program = words[0] === 'call' ? join(root, 'rpcd/multidial') : join(root, 'multidial.js');
  const argv = ['-c', `ulimit -v ${MEMORY_KB}; exec "$0" "$@"`, qjs, program, ...words];
  const startMs = Date.now();
  const { stdout, stderr } = spawnSync('/bin/sh', argv, { input, encoding: 'utf8', env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin` } });
  const seconds = (Date.now() - startMs) / 1000;
  assert.is(stderr, '');
  return { reply: JSON.parse(stdout) as Record<string, unknown>, seconds };
}

const WAN = "config line 'wan'\n\toption device 'wan'\n\toption username 'user@isp'\n\toption password 'p@w'\n";
const withBytes = (...bytes: number[]): Buffer => {
  const text = Buffer.from(WAN);
  const at = text.indexOf('@w');
  return Buffer.concat([text.subarray(0, at), Buffer.from(bytes), text.subarray(at + 1)]);
};
const sections = (count: number): string => Array.from({ length: count }, (_, at) => `\nconfig link 'l${at}'\n\toption weight '0'\n`).join('');

const password = ['option_invalid', 'line.wan', 'password'];
const largest = `${WAN}${sections(1500)}`.slice(0, 65_000);
const rows: [name: string, config: string | Buffer | undefined, says: (string | undefined)[]][] = [
  ['a good file', WAN, []],
  ['5 MB of comments behind a good line', `${WAN}${'# nothing\n'.repeat(520_000)}`, ['file_unfit', undefined, undefined]],
  ['a line of 1 MB', WAN.replace('p@w', 'x'.repeat(1_000_000)), ['file_unfit', undefined, undefined]],
  ['10 000 sections', `${WAN}${sections(10_000)}`, ['file_unfit', undefined, undefined]],
  ['the largest file, every section of it faulty', largest.slice(0, largest.lastIndexOf('\nconfig')), ['option_invalid', 'link.l0', 'weight']],
  ['a password of 60 KB', WAN.replace('p@w', 'x'.repeat(60_000)), password],
  ['latin-1 in a password', withBytes(0xe9), password],
  ['half a character of UTF-8', withBytes(0xf0, 0x9f), password],
  ['half a surrogate pair as bytes', withBytes(0xed, 0xa0, 0x80), password],
  ['a slash spelled too long', withBytes(0xc0, 0xaf), password],
  ['U+FFFD itself', withBytes(0xef, 0xbf, 0xbd), password],
  ['a NUL', withBytes(0), ['config_unreadable', undefined, undefined]],
  ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(WAN)]), ['config_unreadable', undefined, undefined]],
  ['an empty file', '', ['config_unreadable', undefined, undefined]],
  ['a directory', 'directory', ['file_unfit', undefined, undefined]],
  ['no file', undefined, ['config_missing', undefined, undefined]],
];

for (const [name, config, says] of rows) {
  test(`${name}: ${says.filter(Boolean).join(' ') || 'planned'}`, () => {
    const { reply, seconds } = run(config, ['plan', '--json']);
    const [problem] = (reply['problems'] as Problem[]).filter(({ code }) => code !== 'zone_missing');
    assert.equal(problem ? [problem.code, problem.section, problem.option] : [], says);
    assert.is(reply['uci'] !== undefined && (reply['uci'] as unknown[]).length > 0, problem === undefined || problem.section === 'link.l0');
    assert.ok(seconds < 3, `${seconds} s`);
  });
}

const legal = ["it's", '$(reboot)`id`', 'a;b|c&d>e', '"\\', 'Größe', '宽带', '😀', ' '];
for (const value of legal) {
  test(`${JSON.stringify(value)} goes to uci byte for byte, and nowhere else`, () => {
    const quoted = `'${value.replaceAll("'", "'\\''")}'`;
    run(
      WAN.replace("'p@w'", () => quoted).replace("'user@isp'", () => quoted),
      ['apply', '--json'],
    );
    const batch = readFileSync(join(root, 'batch')).toString('latin1');
    for (const option of ['username', 'password'])
      assert.ok(batch.includes(`\nset network.wan_01.${option}=${Buffer.from(quoted).toString('latin1')}\n`), batch);
  });
}

const ALL = '(all)';
const calls: [name: string, stdin: string, argument: string | undefined][] = [
  ['nesting without an end', '['.repeat(200_000), ALL],
  ['objects nested 100 000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, ALL],
  ['an argument cut in half', '{"config":{"sections":[', ALL],
  ['an argument of 70 KB', JSON.stringify({ config: 'x'.repeat(70_000) }), 'config'],
  ['an argument of 2 MB', JSON.stringify({ config: 'x'.repeat(2_000_000) }), ALL],
  [
    '60 KB of sections',
    JSON.stringify({ config: { sections: Array.from({ length: 1000 }, (_, at) => ({ type: 'link', name: `l${at}`, options: {} })) } }),
    undefined,
  ],
];

for (const [name, stdin, argument] of calls) {
  test(`rpcd calls plan with ${name}`, () => {
    const { reply, seconds } = run(WAN, ['call', 'plan'], stdin);
    const error = reply['error'] as Problem | undefined;
    assert.equal([error?.code, error?.details?.['argument']], argument === undefined ? [undefined, undefined] : ['argument_invalid', argument]);
    assert.ok(seconds < 3, `${seconds} s`);
  });
}

test.run();

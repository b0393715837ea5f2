// Golden cases: each text below cases/ says what is configured and observed, and what multidial prints. UPDATE_GOLDEN=1 rewrites the last part.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { runIp } from '../fake/ip.ts';
import { Router } from '../fake/router.ts';
import { DHCP, FIREWALL, NETWORK } from '../fake/scene.ts';
import { changesOf, multidial, settle } from '../fake/shell.ts';
import { test } from '../limit.ts';

// A case is a sentence and then parts, each under a line `== NAME ==`:
//   router            ports and what the system lacks; network, firewall, dhcp: files other than the usual ones
//   before            a configuration that was applied and dialed
//   then              what happened since
//   multidial         the configuration that stands now
//   multidial plan    (or another command) what is printed; for reset also what is done
const folder = join(import.meta.dirname, 'cases');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const usual: Record<string, string> = { network: NETWORK, firewall: FIREWALL, dhcp: DHCP };

function parseCase(text: string): { head: string; parts: Map<string, string>; command: string } {
  const [head = '', ...rest] = text.split(/^== (.+) ==\n/m);
  const parts = new Map<string, string>();
  for (let at = 0; at < rest.length; at += 2) parts.set(rest[at] ?? '', (rest[at + 1] ?? '').replace(/\n+$/, '\n'));
  const command = [...parts.keys()].at(-1) ?? '';
  if (!command.startsWith('multidial ')) throw new Error(`the last part must be a command, not ${command}`);
  return { head, parts, command };
}

/** One line of the parts `router` and `then`. */
function happen(router: Router, line: string): void {
  const [verb, first = '', second = ''] = line.split(' ');
  const rest = line.slice(line.indexOf(' ') + 1);
  switch (verb) {
    case 'port':
      return router.addPort(first, second);
    case 'no':
      if (first === 'nexthops') router.kernel.knowsNexthops = false;
      else if (first === 'nft') router.files.remove('/usr/sbin/nft');
      else if (first === 'nftset') router.hasNftset = false;
      else throw new Error(`unknown: ${line}`);
      return;
    case 'up':
      return router.netifd.up(first);
    case 'down':
      return router.netifd.down(first, second);
    case 'ip': {
      const { exit, stderr } = runIp(router.kernel, ['-batch', '-'], `${rest}\n`);
      if (exit) throw new Error(stderr);
      return;
    }
    case 'uci': {
      const { stderr } = router.uci.batch('/tmp/user', `${rest}\ncommit network\n`);
      if (stderr) throw new Error(stderr);
      return;
    }
    case 'restart':
      return router.restartNetwork();
    case 'resolvers': {
      const others = router.netifd.resolversOf;
      router.netifd.resolversOf = (name) => (name === first ? rest.split(' ').slice(1) : others(name));
      return;
    }
    case 'pending':
      return router.write(`/tmp/.uci/${first.split('.')[0]}`, `${rest}\n`);
    default:
      throw new Error(`unknown: ${line}`);
  }
}

const linesOf = (text: string | undefined): string[] => (text ?? '').split('\n').filter(Boolean);

function play(parts: ReadonlyMap<string, string>, command: string): string {
  const router = new Router();
  router.files.makeDirectory('/tmp/user', 0o700);
  for (const name of Object.keys(usual)) router.config(name, parts.get(name) ?? usual[name] ?? '');
  for (const line of linesOf(parts.get('router'))) happen(router, line);
  router.netifd.reload();
  if (parts.has('before')) {
    router.config('multidial', parts.get('before') ?? '');
    assert.is(multidial(router, 'apply').exit, 0, 'the configuration of before is applied');
    settle(router);
  }
  for (const line of linesOf(parts.get('then'))) happen(router, line);
  router.config('multidial', parts.get('multidial') ?? parts.get('before') ?? '');
  const { output, effects } = multidial(router, ...command.split(' ').slice(1));
  if (command.endsWith(' plan')) return output;
  // The text that tries out the room on the flash is noise.
  const changes = changesOf(effects).filter(({ what }) => what !== '/etc/config/.multidial-room');
  const done = changes.map(({ kind, what, text }) => [kind === 'command' ? `$ ${what}` : `> ${what}`, ...linesOf(text).map((line) => `  ${line}`)]);
  return `${output}\n${done.flat().join('\n')}\n`;
}

const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));

for (const name of names) {
  const path = join(folder, name);
  const text = readFileSync(path, 'utf8');
  const { head, parts, command } = parseCase(text);
  test(`${name}: ${head.trim().split('\n').join(' ')}`, () => {
    const printed = play(parts, command).replace(/\n+$/, '\n');
    if (isUpdate) writeFileSync(path, `${text.slice(0, text.indexOf(`== ${command} ==`))}== ${command} ==\n${printed}`);
    else assert.fixture(printed, parts.get(command) ?? '');
  });
}

test('there are cases, each with a sentence', () => {
  assert.ok(names.length >= 12);
  for (const name of names) assert.match(parseCase(readFileSync(join(folder, name), 'utf8')).head, /^[A-Z].*\.\n/s, name);
});

test.run();

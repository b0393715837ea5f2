// The real nft takes our rulesets. Needs nft and a network namespace, thus root; without them only a note is printed.
import '../fake/version.ts';
import { spawnSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { numbers, randomConfig, randomRouter, shake } from '../fake/random.ts';
import type { Router } from '../fake/router.ts';
import { aRouter, line } from '../fake/scene.ts';
import { multidial, settle } from '../fake/shell.ts';
import { suite } from '../limit.ts';

const test = suite('');
const seed = Number(process.env['SEED'] ?? 1);
const ROUTERS = 60;

/** What nft says to a text; `-c` would let pass what only the kernel refuses, so it is loaded, in a namespace that ends with nft. */
const load = (text: string): string => {
  const { status, stderr } = spawnSync('unshare', ['-n', 'nft', '-f', '-'], { input: text, encoding: 'utf8' });
  return status === 0 ? '' : `${status} ${stderr}\n${text}`;
};

/** All rulesets that a router was given. */
const rulesetsOf = (router: Router): string[] => [...new Set(router.effects.filter(({ what }) => what === 'nft -f -').map(({ text }) => text))];

const pin = (name: string, ...options: string[]): string =>
  `\nconfig pin '${name}'\n${options.map((option) => `\t${option.replace(/ (\S+) (.*)$/, " $1 '$2'")}\n`).join('')}`;
const group = (...options: string[]): string => pin('g', ...options).replace('config pin', 'config group');

const SESSIONS = line('sessions 3', 'ipv6 nat');
const scenes: [title: string, text: string][] = [
  ['of sessions alone', SESSIONS],
  [
    'of pins with every match',
    SESSIONS + pin('a', 'option use wan_01', 'list src 192.168.1.7', 'list src fd00::/64', 'list proto tcp', 'list proto 47', 'list in lan'),
  ],
  [
    'of a pin with ports and devices',
    SESSIONS + pin('a', 'option use wan_02', 'list src_port 1-1024', 'list dest_port 443', 'list dest_port 8000-8099', 'list mac 02:00:00:00:00:01'),
  ],
  ['of a pin of icmp', SESSIONS + pin('a', 'option use wan_01', 'list proto icmp')],
  ['of a pin of everything', SESSIONS + pin('a', 'option use none') + pin('b', 'option use wan_01', 'option strict 1')],
  ['of overlapping sources', SESSIONS + pin('a', 'option use none', 'list src 10.0.0.0/8', 'list src 10.0.0.1', 'list src 10.9.0.0/16')],
  ['of overlapping and equal ports', SESSIONS + pin('a', 'option use none', 'list dest_port 80', 'list dest_port 1-1024', 'list dest_port 80-90')],
  ['of a protocol said twice', SESSIONS + pin('a', 'option use none', 'list proto tcp', 'list proto 6')],
  ['of a device said twice', SESSIONS + pin('a', 'option use none', 'list mac 0A:00:00:00:00:01', 'list mac 0a:00:00:00:00:01')],
  ['of an interface said twice', SESSIONS + pin('a', 'option use none', 'list in lan', 'list in lan')],
  ['of a group that sticks by client', SESSIONS + group('option sticky client')],
  ['of a group that sticks by site', SESSIONS + group('option sticky site') + pin('a', 'option use g') + pin('b', 'option use g', 'option strict 1')],
  ['of a group with prefixes', SESSIONS + group('option sticky site', 'list dest 10.0.0.0/8', 'list dest 2001:db8::/32', 'list dest 198.51.100.7/32')],
];

if (spawnSync('unshare', ['-n', 'nft', 'list', 'tables']).status === 0) {
  for (const [title, text] of scenes) {
    test(`takes the ruleset ${title}`, () => {
      const router = aRouter(text);
      const run = JSON.parse(multidial(router, 'apply', '--json').output) as { ok: boolean; problems: unknown[] };
      assert.equal(run.problems, []);
      settle(router);
      const rulesets = rulesetsOf(router);
      assert.ok(rulesets.length > 0);
      for (const ruleset of rulesets) assert.is(load(ruleset), '');
    });
  }

  for (const spread of ['nth', 'random']) {
    test(`takes the ruleset of packets over two tunnels, ${spread}`, () => {
      const links = ['wg0', 'wg1']
        .map((name, at) => `config link '${name}'\n\toption interface '${name}'\n\toption weight '${at + 1}'\n\toption ipv6 'native'\n`)
        .join('\n');
      const router = aRouter(`${links}${group('option mode packet', `option spread ${spread}`)}`);
      router.config(
        'network',
        `${router.files.read('/etc/config/network')}\nconfig interface 'wg0'\n\toption proto 'wireguard'\n\nconfig interface 'wg1'\n\toption proto 'wireguard'\n`,
      );
      router.netifd.reload();
      for (const name of ['wg0', 'wg1']) router.netifd.up(name);
      multidial(router, 'apply');
      const [ruleset = ''] = rulesetsOf(router);
      assert.match(ruleset, /numgen/);
      assert.is(load(ruleset), '');
    });
  }

  test(
    `takes all rulesets of ${ROUTERS} random routers (SEED=${seed})`,
    () => {
      let count = 0;
      for (let index = 0; index < ROUTERS; index++) {
        const random = numbers(seed * 1000 + index * 7919);
        const router = randomRouter(random);
        for (let round = 0; round < 2; round++) {
          multidial(router, 'apply');
          settle(router);
          shake(router, random);
          settle(router);
          router.config('multidial', randomConfig(random));
        }
        const texts = rulesetsOf(router);
        count += texts.length;
        assert.is(load(texts.join('')), '', `case ${index}`);
      }
      process.stderr.write(`note: ${count} rulesets of random routers\n`);
      assert.ok(count > ROUTERS);
    },
    { limitMs: 60_000 },
  );
} else {
  process.stderr.write('note: no nft in a network namespace here: rulesets are not loaded\n');
}

test.run();

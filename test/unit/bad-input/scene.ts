// A router that dials two sessions of line `wan` while something bad is put in, and what must hold afterwards.
import * as assert from 'uvu/assert';
import type { Problem } from '../../../agent/src/contract/index.ts';
import type { Effect, Router } from '../../fake/router.ts';
import { aRouter, line } from '../../fake/scene.ts';
import { changesOf, multidial, settle } from '../../fake/shell.ts';
import { parseUci, renderUci, type Section } from '../../fake/uci.ts';

export const CONFIG = '/etc/config/multidial';
const DERIVED = ['/etc/config/network', '/etc/config/firewall', '/etc/config/dhcp'];

/** The line that stands before; rows spoil it. */
export const WAN = line('sessions 2');

/** A good second line: whatever stands above it, its session is planned. */
export const DSL = "\nconfig line 'dsl'\n\toption device 'eth1'\n\toption username 'good@isp'\n\toption password 'g00d-pw'\n";

/** Everything the agent may run, word for word: nothing that was put in can be among it. */
const COMMANDS = [
  /^ubus -t 10 call network\.interface dump$/,
  /^ubus -t 10 call service event \{"type":"config\.change","data":\{"package":"(network|firewall|dhcp)"\}\}$/,
  /^ip -force( -6)?( -N)? -j -batch -$/,
  /^ip( -6)? -force -batch -$/,
  /^uci( -t \/var\/run\/multidial\/uci)? batch$/,
  /^nft -f -$/,
  /^nft list table inet multidial$/,
  /^nft -t list ruleset$/,
  /^logger -t multidial$/,
];
const WRITES =
  /^(\/var\/run\/multidial(\/[\w.-]+)*|\/proc\/sys\/net\/ipv[46]\/fib_multipath_\w+|\/proc\/net\/nf_conntrack|\/etc\/config\/\.multidial-room|\/etc\/sysctl\.d(\/77-multidial\.conf)?)$/;

/** `wan` dialed and shared, a free port `eth1`. */
export function dialed(): Router {
  const router = aRouter(WAN);
  router.addPort('eth1', '94:83:c4:a0:11:5f');
  multidial(router, 'apply');
  settle(router);
  router.effects = [];
  return router;
}

export const short = (problems: readonly Problem[]): string[] => problems.map(({ code, section, option }) => [code, section, option].filter(Boolean).join(' '));

/** Sections of a package that are not multidial's. */
const othersIn = (text: string): string => renderUci(parseUci(text).filter(({ options }) => !options.has('multidial')));
/** The zone lists our links: without them it must read as before. */
const withoutLinks = (text: string): string => renderUci(parseUci(text)).replace(/^\tlist network '\w+_\d\d'\n/gm, '');

export const sectionsOf = (router: Router): Section[] => parseUci(router.files.read('/etc/config/network') ?? '');
export const ourLinks = (router: Router): string[] =>
  sectionsOf(router)
    .filter(({ type, options }) => type === 'interface' && options.has('multidial'))
    .map(({ id }) => id);

/** The links that share the IPv4 default, as the kernel has it. */
export function sharing(router: Router): string[] {
  const route = router.kernel.routes.find(
    ({ protocol, table, destination, family }) => protocol === 77 && table === 254 && destination === 'default' && family === 'ipv4',
  );
  return route ? router.kernel.legsOf(route).map(({ device }) => device.replace('pppoe-', '')) : [];
}

/** Routes and rules. */
const kernelOf = ({ kernel }: Router): string => JSON.stringify([kernel.routes, kernel.rules.ipv4, kernel.rules.ipv6]);

/** What nobody may lose, taken before the bad thing comes in. */
export type Before = { files: Map<string, string>; wan: string[]; routes: string; sharing: string[] };

/** The text of the sections of line `wan`. */
const ofWan = (router: Router): string[] =>
  (router.files.read('/etc/config/network') ?? '')
    .split(/^(?=config )/m)
    .flatMap((section) => (section.includes("\toption multidial 'wan'") ? section.trim() : []));

export const look = (router: Router): Before => ({
  files: router.files.all(),
  wan: ofWan(router),
  routes: kernelOf(router),
  sharing: sharing(router),
});

const isControl = (char: string): boolean => char !== '\n' && (char < ' ' || char === '\u007f');

/**
 * Nothing was run but our own commands, nothing was written but our own files, and `marker` was data at most: in no
 * text for ip and nft, and a secret not even in the log.
 */
export function nothingExecuted(
  effects: readonly Effect[],
  { marker, isSecret = false }: { marker?: string | undefined; isSecret?: boolean | undefined } = {},
): void {
  for (const { kind, what, text } of effects) {
    const known = kind === 'command' ? COMMANDS.some((command) => command.test(what)) : WRITES.test(what);
    assert.ok(known, `${kind} ${JSON.stringify(what)}`);
    const isLog = what.startsWith('logger');
    if (isLog)
      assert.not.ok([...text].some(isControl) || text.replace(/^(route|nexthop|rule) .*\n/gm, '').length > 4096, `the log got ${JSON.stringify(text)}`);
    if (marker && (/^(ip|nft)/.test(what) || (isLog && isSecret))) assert.not.ok(text.includes(marker), `${what} got: ${text}`);
  }
}

/** Files of others, and our own configuration, byte for byte; in the derived packages everything that is not ours. */
export function nothingLost(router: Router, before: Before): void {
  const after = router.files.all();
  for (const [path, text] of before.files) {
    if (path.startsWith('/var/run/multidial')) continue;
    const now = after.get(path);
    if (path === '/etc/config/network') assert.is(othersIn(now ?? ''), othersIn(text), path);
    else if (DERIVED.includes(path)) assert.is(withoutLinks(now ?? ''), withoutLinks(text), path);
    else assert.is(now, text, path);
  }
  const strange = [...after.keys()].filter((path) => !before.files.has(path) && !path.startsWith('/var/run/multidial'));
  assert.equal(strange, []);
}

/** Not even something of our own was changed, and every route stands. */
export function nothingChanged(router: Router, before: Before): void {
  assert.is(kernelOf(router), before.routes);
  for (const [path, text] of before.files) if (!path.startsWith('/var/run')) assert.is(router.files.all().get(path), text, path);
}

/** Line `wan` has what it had, and carries what it carried. */
export function wanStays(router: Router, before: Before): void {
  assert.equal(ofWan(router), before.wan);
  for (const link of before.sharing) assert.ok(sharing(router).includes(link), `${link} carries traffic`);
}

export type Row = {
  name: string;
  /** Text of /etc/config/multidial; undefined for none at all. */
  text: string | undefined;
  /** Complaints in order: code, section, option. */
  says: string[];
  /** Details of the first complaint, where they matter. */
  details?: Record<string, unknown>;
  /** Bytes that may stand in no command line and no text for ip, nft or the log. */
  marker?: string;
  isSecret?: boolean;
  /** Links in network afterwards; undefined where the run must stop and change nothing. */
  links?: string[];
  /** False where the row changes line `wan` on purpose. */
  isWanKept?: boolean;
  /** Links that share the default afterwards, where it is not at least those of before. */
  shares?: string[];
};

/** Puts the row's text in, applies, lets everything settle, and checks what must hold for all rows. */
export function play(row: Row): Router {
  const router = dialed();
  const before = look(router);
  if (row.text === undefined) router.files.remove(CONFIG);
  else router.config('multidial', row.text);
  if (row.text === undefined) before.files.delete(CONFIG);
  else before.files.set(CONFIG, row.text);
  const { output, exit, effects } = multidial(router, 'apply', '--json');
  const run = JSON.parse(output) as { problems: Problem[] };
  assert.equal(short(run.problems), row.says);
  if (row.details) assert.equal(run.problems[0]?.details, row.details);
  assert.is(exit, run.problems.some(({ severity }) => severity === 'error') ? 1 : 0);
  nothingExecuted(effects, row);
  if (row.links === undefined) {
    assert.equal(changesOf(effects), []);
    nothingChanged(router, before);
  }
  settle(router);
  if (row.links) assert.equal(ourLinks(router), row.links);
  nothingLost(router, before);
  if (row.isWanKept !== false) wanStays(router, row.shares ? { ...before, sharing: row.shares } : before);
  if (row.shares) assert.equal(sharing(router), row.shares);
  nothingExecuted(router.effects, row);
  const again = JSON.parse(multidial(router, 'plan', '--json').output) as { uci: unknown[]; system: unknown[] };
  assert.equal([again.uci, again.system], [[], []], 'a second run would do nothing');
  return router;
}

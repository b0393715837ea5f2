// What multidial does on each release of OpenWrt, as docs/releases.md tells it. UPDATE_GOLDEN=1 rewrites the table there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Plan, ProblemCode, RunResult } from '../../agent/src/contract/index.ts';
import { parseKernel } from '../../agent/src/observe/kernel.ts';
import { aReleased, releases } from '../fake/release.ts';
import type { Release } from '../fake/release.ts';
import type { Router } from '../fake/router.ts';
import { multidial, settle } from '../fake/shell.ts';
import { parseUci } from '../fake/uci.ts';
import { test } from '../limit.ts';

const page = join(import.meta.dirname, '../../docs/releases.md');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** What became of a configuration: `plan` is from before, `codes` are all that plan and runs complained of. */
type Tried = { router: Router; plan: Plan; codes: ProblemCode[] };
type Change = (router: Router) => void;

const optionOf = (text: string | undefined, section: string, option: string): string | undefined =>
  parseUci(text ?? '')
    .find((other) => other.id === section)
    ?.options.get(option)
    ?.toString();

/** What the fresh router's own wan is over. */
function portOf({ parts }: Release): string {
  const network = parts.get('network');
  return optionOf(network, 'wan', 'device') ?? optionOf(network, 'wan', 'ifname') ?? '';
}

function lineOver(release: Release, options: readonly string[]): string {
  const all = [`device ${portOf(release)}`, 'username user@isp', 'password s3cr3t-pw', ...options];
  return ["config line 'wan'", ...all.map((option) => `\toption ${option.replace(/ (.*)$/, " '$1'")}`), ''].join('\n');
}

const call = <T>(router: Router, word: string): T => JSON.parse(multidial(router, word, '--json').output) as T;

/** Plans, applies, lets the links come up and runs once more: what was done must stay done. */
function tryOut(release: Release, options: readonly string[], more = '', change: Change = () => undefined): Tried {
  const router = aReleased(release, lineOver(release, options) + more);
  change(router);
  const plan = call<Plan>(router, 'plan');
  const first = call<RunResult>(router, 'apply');
  settle(router);
  const again = call<RunResult>(router, 'apply');
  if (again.ok) assert.is(again.changed, false, `on ${release.name} a run after all is up changes nothing`);
  const codes = new Set([...plan.problems, ...first.problems, ...again.problems].map(({ code }) => code));
  return { router, plan, codes: [...codes].toSorted() };
}

const linkOption = (router: Router, option: string): string | undefined => optionOf(router.files.read('/etc/config/network'), 'wan_01', option);

/** Where nothing is dialed it was refused; else `text`, and what was complained of. */
function cell({ router, codes }: Tried, text: string): string {
  const named = codes.map((code) => `\`${code}\``).join(' ');
  if (linkOption(router, 'proto') !== 'pppoe') return `refused: ${named}`;
  return named ? `${text}; ${named}` : text;
}

/** The balanced default as the kernel has it: of how many, or with which weights. */
function sharing({ kernel }: Router, family: 'ipv4' | 'ipv6'): string {
  const route = kernel.routes.find((other) => other.protocol === 77 && other.table === 254 && other.family === family && other.destination === 'default');
  if (!route) return 'not shared';
  const weights = kernel.legsOf(route).map((leg) => leg.weight);
  const isEven = weights.every((weight) => weight === weights[0]);
  return `${route.group === undefined ? 'multipath' : 'group'} of ${isEven ? weights.length : weights.join(':')}`;
}

const tellIpv4 = (tried: Tried): string => cell(tried, sharing(tried.router, 'ipv4'));

function tellIpv6(tried: Tried): string {
  const { router } = tried;
  return cell(tried, `${sharing(router, 'ipv6')}${router.nft.tables.get('multidial')?.includes('masquerade') ? ', nft' : ''}`);
}

/** Does a connection get its link from our table? */
const tellMarks = (tried: Tried): string => cell(tried, /jhash(.|\n)*daddr 198/.test(tried.router.nft.tables.get('multidial') ?? '') ? 'nft' : 'no effect');

/** The policies that our file under sysctl.d sets. */
function tellHash({ router }: Tried): string {
  const kept = new Map((router.files.read('/etc/sysctl.d/77-multidial.conf') ?? '').split('\n').map((line) => line.split('=') as [string, string]));
  const policy = (version: string): string | undefined => kept.get(`net.ipv${version}.fib_multipath_hash_policy`);
  const fields = kept.get('net.ipv6.fib_multipath_hash_fields');
  return [`IPv4 ${policy('4')}`, policy('6') ? `IPv6 ${policy('6')}${fields ? ` with fields ${fields}` : ''}` : 'no setting for IPv6'].join(', ');
}

const group = (hash: string): string => ["config group 'all'", "\tlist dest '0.0.0.0/0'", "\tlist dest '::/0'", `\toption hash '${hash}'`, ''].join('\n');
const HEAVY = ["config link 'wan_01'", "\toption weight '3'", ''].join('\n');
const PIN = ["\nconfig pin 'office'", "\toption use 'wan_01'", "\tlist dest '198.51.100.0/24'", ''].join('\n');
const TWO = ['sessions 2'];
const NAT = [...TWO, 'ipv6 nat'];

function withTinyIp(router: Router): void {
  router.kernel.knowsNexthops = false;
}
function withNft(router: Router): void {
  router.files.write('/usr/sbin/nft', '', 0o755);
}
function withBusyboxIp(router: Router): void {
  router.broken.set('ip', { exit: 1, stderr: 'BusyBox multi-call binary.\n\nUsage: ip [OPTIONS] address|route|link|neigh|rule [ARGS]\n' });
}

const rows: readonly [feature: string, tell: (release: Release) => string][] = [
  ['kernel, firewall, ports', ({ head }) => head.replace(/^.*: kernel (.*)\.$/, '$1')],
  ['uci edits for 4 sessions', (release) => ((tried) => `${tried.plan.uci.length}`)(tryOut(release, ['sessions 4']))],
  ['interfaces say', (release) => ((tried) => (linkOption(tried.router, 'ifname') ? '`ifname`' : '`device`'))(tryOut(release, TWO))],
  ['IPv4, 4 sessions', (release) => tellIpv4(tryOut(release, ['sessions 4']))],
  ['IPv4, weights 3 and 1', (release) => tellIpv4(tryOut(release, TWO, HEAVY))],
  ['`hash l4`: policies', (release) => tellHash(tryOut(release, TWO, group('l4')))],
  ['`hash l3`: policies', (release) => tellHash(tryOut(release, TWO, group('l3')))],
  ['IPv6 `off`', (release) => tellIpv6(tryOut(release, TWO)).replace(/;.*/, '')],
  ['IPv6 `native`', (release) => tellIpv6(tryOut(release, [...TWO, 'ipv6 native'])).replace(/;.*/, '')],
  ['IPv6 `nat`', (release) => tellIpv6(tryOut(release, NAT))],
  ['IPv6 `nat`, weights 3 and 1', (release) => tellIpv6(tryOut(release, NAT, HEAVY))],
  ['the same where nft was added', (release) => tellIpv6(tryOut(release, NAT, HEAVY, withNft))],
  ['a pin, `sticky`', (release) => tellMarks(tryOut(release, TWO, `${group('l4')}\toption sticky 'client'\n${PIN}`))],
  ['IPv4 with ip-tiny', (release) => tellIpv4(tryOut(release, TWO, '', withTinyIp))],
  ['IPv6 `nat` with ip-tiny', (release) => tellIpv6(tryOut(release, NAT, '', withTinyIp))],
  ['busybox’s ip alone', (release) => tellIpv4(tryOut(release, TWO, '', withBusyboxIp))],
];

function render(): string {
  const head = ['', ...releases.map(({ name }) => name)];
  const body = rows.map(([feature, tell]) => [feature, ...releases.map(tell)]);
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

test('docs/releases.md tells what the agent does on each release', () => {
  const table = render();
  for (const line of table.trimEnd().split('\n')) process.stderr.write(`note: ${line}\n`);
  const text = readFileSync(page, 'utf8');
  const told = /(?:^\|.*\n)+/m.exec(text)?.[0] ?? '';
  if (isUpdate)
    writeFileSync(
      page,
      text.replace(told, () => table),
    );
  else assert.fixture(told, table);
});

test('docs/releases.md has advice for each code of its table', () => {
  const text = readFileSync(page, 'utf8');
  const named = new Set([...text.matchAll(/^\|.*/gm)].flatMap(([line]) => [...line.matchAll(/`(\w+_\w+)`/g)].map(([, code]) => code ?? '')));
  const advised = [...text.matchAll(/^- `(\w+)`: /gm)].map(([, code]) => code ?? '');
  assert.ok(named.size >= 4);
  assert.equal(advised.toSorted(), [...named].toSorted());
});

const oldest = releases[0] as Release;

test('reads the words in which an old ip tells the legs of a multipath route, and tables by name', () => {
  const kernel = parseKernel(readFileSync(join(import.meta.dirname, 'fixtures/observe/ip-before-5.3.txt'), 'utf8'));
  const tell = (protocol: number, table: number): string[] =>
    (kernel?.routes ?? [])
      .filter((route) => route.protocol === protocol && (route.table === 254) === (table === 254))
      .map(
        ({ family, destination, metric, legs }) =>
          `${family} ${destination} ${metric}: ${legs.map((leg) => `${leg.gateway} ${leg.device} ${leg.weight}`).join(', ')}`,
      );
  assert.is(kernel?.nexthops, undefined);
  assert.equal(tell(77, 254), ['ipv4 default 7: undefined ppp1 3, 10.0.2.1 ppp2 1', 'ipv6 default 7: fe80::1 ppp1 1, fe80::2 ppp2 2']);
  assert.equal([tell(0, 0), tell(4, 0)], [['ipv4 default 0: 10.0.2.1 ppp2 1'], ['ipv4 10.9.0.0/16 0: undefined ppp2 1']], 'protocols by name too');
});

test('IPv6 that shares evenly, as the kernel knows no weights, is not set again and again', () => {
  const { router } = tryOut(oldest, NAT, HEAVY, withNft);
  assert.equal(
    call<Plan>(router, 'plan').system.filter(({ tool }) => tool === 'ip' || tool === 'ip -6'),
    [],
  );
});

test('an old ip is asked once with -N and once without, a newer one once', () => {
  for (const [release, times] of [
    [oldest, 2],
    [releases.at(-1) as Release, 1],
  ] as const) {
    const { router } = tryOut(release, TWO);
    const { effects } = multidial(router, 'status');
    const asked = effects.filter(({ what }) => what.startsWith('ip ')).map(({ what }) => what.includes(' -N '));
    assert.equal(asked, [true, false].slice(0, times));
  }
});

test('uci without -t leaves nothing pending, not even where the commit fails', () => {
  const { router } = tryOut(oldest, TWO);
  assert.equal(
    router.files.list('/tmp/.uci').filter((name) => router.files.read(`/tmp/.uci/${name}`) !== ''),
    [],
  );
  const other = aReleased(oldest, lineOver(oldest, TWO));
  other.broken.set('uci batch', { exit: 1, stderr: 'uci: I/O error\n' });
  other.onEffect = ({ what }) => void (what === 'uci batch' && other.files.write('/tmp/.uci/network', 'network.wan_01=interface\n', 0o600));
  const run = call<RunResult>(other, 'apply');
  assert.is(run.ok, false);
  assert.ok(run.problems.some(({ code, details }) => code === 'command_failed' && details?.['command'] === 'uci batch'));
  assert.equal(other.files.list('/tmp/.uci'), []);
});

test('uci without -t still takes nobody else’s changes along', () => {
  const router = aReleased(oldest, lineOver(oldest, TWO));
  router.write('/tmp/.uci/network', "network.lan.mtu='1400'\n");
  const run = call<RunResult>(router, 'apply');
  assert.equal(
    run.problems.map(({ code }) => code),
    ['marks_unsupported', 'pending_changes'],
  );
  assert.is(router.files.read('/tmp/.uci/network'), "network.lan.mtu='1400'\n");
});

test.run();

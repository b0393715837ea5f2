// `multidial doctor` over a router in memory: what it asks, says and returns, and that it neither changes anything nor breaks.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import type { DoctorReport } from '../../../agent/src/contract/index.ts';
import { checks } from '../../../agent/src/doctor/examine.ts';
import { KERNEL_QUERY, RULES6_QUERY } from '../../../agent/src/observe/kernel.ts';
import { runIp } from '../../fake/ip.ts';
import type { Router } from '../../fake/router.ts';
import { aDialedRouter, FIREWALL, line } from '../../fake/scene.ts';
import { changesOf, multidial, rpc } from '../../fake/shell.ts';
import { test } from '../../limit.ts';
import { dumps, kernels, oddities, rules6, strangers } from '../bad-input/replies.ts';

/** Two sessions that are up, on a router that lacks nothing. */
function aHealthyRouter(): Router {
  const router = aDialedRouter(line('sessions 2', 'ipv6 nat'));
  router.bootWallMs = Date.UTC(2026, 10, 21);
  router.netifd.resolversOf = () => ['198.51.100.53'];
  router.files.makeDirectory('/proc/net', 0o555);
  router.write('/proc/net/nf_conntrack', '');
  for (const name of ['wan_01', 'wan_02']) router.kernel.addDevice(`md-${name}`, { mac: macOf(router, name) });
  router.config('firewall', (router.files.read('/etc/config/firewall') ?? '').replace("\toption masq '1'\n", "\toption masq '1'\n\toption mtu_fix '1'\n"));
  return router;
}

const macOf = (router: Router, link: string): string =>
  new RegExp(`'md_${link}'[^]*?macaddr '([^']+)'`).exec(router.files.read('/etc/config/network') ?? '')?.[1] ?? '';
const reportOf = (router: Router): DoctorReport => rpc(router, 'doctor').reply as unknown as DoctorReport;
const codesOf = (router: Router): string[] => reportOf(router).findings.map(({ code }) => code);

test('a healthy router is told so in one line, by four processes, and nothing is changed', () => {
  const router = aHealthyRouter();
  assert.equal(reportOf(router), { findings: [], checked: checks.map(({ name }) => name), skipped: [] });
  const { output, exit, effects } = multidial(router, 'doctor');
  assert.equal([exit, output], [0, `All is well: ${checks.length} checks found nothing to mend.\n`]);
  assert.equal(
    effects.map(({ what }) => what),
    ['ubus -t 10 call network.interface dump', 'ip -force -N -j -batch -', 'ip -force -6 -N -j -batch -', 'nft -t list ruleset'],
  );
  assert.equal(changesOf(effects), []);
});

const rows: [title: string, change: (router: Router) => unknown, codes: string[]][] = [
  ['a refused account', (router) => router.netifd.down('wan_02', 'AUTH_TOPEER_FAILED'), ['account_refused']],
  ['netifd that does not answer', (router) => router.broken.set('ubus -t', { exit: 7, stderr: 'Request timed out\n' }), ['netifd_silent']],
  ['busybox’s ip', (router) => router.broken.set('ip -force', { exit: 1, stderr: 'ip: invalid option\n' }), ['ip_unfit']],
  ['a kernel that is too old', (router) => Object.assign(router.kernel, { knowsNexthops: false }), ['nexthops_missing']],
  ['an ip of old', (router) => Object.assign(router.kernel, { hasOldIp: true }), []],
  ['a policy that somebody set', (router) => router.settings.set('/proc/sys/net/ipv4/fib_multipath_hash_policy', '0'), ['hash_policy_differs']],
  ['no nft', (router) => router.files.remove('/usr/sbin/nft'), ['nft_missing']],
  [
    'a table of others that sets whole marks',
    (router) => router.nft.tables.set('qos', '\tchain c {\n\t\tmeta mark set 0x00000001\n\t}\n'),
    ['mark_overwritten'],
  ],
  ['a device that is down', (router) => router.kernel.addDevice('md-wan_01', { up: false }), ['device_down']],
  ['a cable that is out', (router) => router.kernel.loseCarrier('wan'), ['port_unplugged']],
  ['changes that somebody left', (router) => router.write('/tmp/.uci/dhcp', "dhcp.lan.ra='relay'\n"), ['uncommitted']],
  [
    'a firewall without masquerading',
    (router) => router.config('firewall', FIREWALL.replace("masq '1'", "masq '0'")),
    ['zone_lacks_link', 'zone_lacks_link', 'masquerade_off', 'mss_unclamped'],
  ],
  ['a clock at its start', (router) => Object.assign(router, { bootWallMs: 0 }), ['clock_unset']],
  ['no conntrack', (router) => router.files.remove('/proc/net/nf_conntrack'), ['connections_unlisted']],
  ['conntrack as a program', (router) => [router.files.remove('/proc/net/nf_conntrack'), router.write('/usr/sbin/conntrack', '')], []],
  ['another configuration', (router) => router.config('multidial', line('sessions 2', 'ipv6 nat', 'weight 2')), ['apply_due']],
  ['a configuration that can’t be read', (router) => router.config('multidial', "config line 'wan\n"), ['config_faulty']],
  ['a firewall that can’t be read', (router) => router.config('firewall', "config zone '\n"), ['package_unreadable']],
];

for (const [title, change, codes] of rows) {
  test(`${title}: ${codes.join(' ') || 'nothing'}`, () => {
    const router = aHealthyRouter();
    change(router);
    assert.equal(codesOf(router), codes);
    const { exit, output, effects } = multidial(router, 'doctor');
    assert.is(exit, /^error: /m.test(output) ? 1 : 0);
    assert.equal([...output.matchAll(/^(error|warning|note): .+\n {2}Why it matters: .+\n {2}How to mend it: .+\n\n/gm)].length, codes.length);
    assert.equal(changesOf(effects), []);
  });
}

test('a package is installed by what the system has for that', () => {
  const router = aHealthyRouter();
  router.kernel.knowsNexthops = false;
  router.settings.set('/proc/sys/kernel/osrelease', '4.14.275');
  assert.match(multidial(router, 'doctor').output, /\(Linux 4\.14\.275\)[\s\S]*How to mend it: opkg install ip-full\./);
  router.files.makeDirectory('/usr/bin', 0o755);
  router.write('/usr/bin/apk', '');
  assert.match(multidial(router, 'doctor').output, /How to mend it: apk add ip-full\./);
});

test('what was not checked is told with its reason', () => {
  const router = aHealthyRouter();
  router.files.makeDirectory('/proc/net', 0o555);
  router.write('/proc/net/ip_tables_names', 'filter\nmangle\n');
  router.broken.set('nft -t', { exit: 1, stderr: 'invalid option' });
  const { output, exit } = multidial(router, 'doctor');
  assert.is(exit, 0);
  assert.match(output, /^All is well: 22 checks found nothing to mend\.\nNot checked: marks \(nft does not list its rules\)\.\nNot checked: marks_iptables \(/);
});

test('--json prints what rpcd gets', () => {
  const router = aHealthyRouter();
  router.netifd.down('wan_02', 'HANGUP');
  const { output, exit } = multidial(router, 'doctor', '--json');
  assert.equal([JSON.parse(output), exit], [reportOf(router), 0]);
  assert.is(multidial(router, 'doctor', 'now').exit, 2);
});

test('words from elsewhere reach the terminal without their control characters', () => {
  const router = aHealthyRouter();
  router.broken.set('ubus -t', { exit: 4, stderr: '\u001b[31mred\u0007' });
  assert.match(multidial(router, 'doctor').output, /\(exit code 4\): \?\[31mred\?\n/);
});

const healthy = aHealthyRouter();
const answers = [
  ['ubus -t', dumps, healthy.netifd.dump()],
  ['ip -force', kernels, runIp(healthy.kernel, ['-N', '-j', '-batch', '-'], KERNEL_QUERY).stdout],
] as const;

for (const [question, replies, good] of answers) {
  for (const { name, of } of replies) {
    test(`a reply to ${question} ${name} is told, and the other checks go on`, () => {
      const router = aHealthyRouter();
      router.broken.set(question, of(good));
      const { findings, checked, skipped } = reportOf(router);
      assert.equal(findings[0]?.code, question === 'ubus -t' ? 'netifd_silent' : 'ip_unfit');
      assert.is(checked.length + skipped.length, checks.length);
    });
  }
}

test('without rules of IPv6 only their check is left out', () => {
  const good = runIp(healthy.kernel, ['-6', '-N', '-j', '-batch', '-'], RULES6_QUERY).stdout;
  for (const { name, of } of rules6) {
    const router = aHealthyRouter();
    router.onEffect = ({ what }) => {
      router.broken.clear();
      if (/ -6 /.test(what)) router.broken.set('ip -force', of(good));
    };
    const { findings, skipped } = reportOf(router);
    assert.equal([findings, skipped], [[], [{ check: 'rules_ipv6', reason: 'ip_silent', text: 'ip gives no answer that can be read' }]], name);
  }
});

test('odd things in the dump and in the answer of ip break nothing', () => {
  for (const { name, spoil } of oddities) {
    const router = aHealthyRouter();
    const dump = JSON.parse(router.netifd.dump()) as { interface: Record<string, unknown>[] };
    spoil(dump.interface.find((entry) => entry['interface'] === 'wan_01') ?? {});
    router.broken.set('ubus -t', { exit: 0, stdout: JSON.stringify(dump) });
    assert.is(multidial(router, 'doctor').exit, 0, name);
  }
  const lines = answers[1][2].trim().split('\n');
  for (const [name, routes, nexthops, rules = []] of strangers) {
    const router = aHealthyRouter();
    const more = [routes, routes, rules, nexthops];
    const stdout = lines.map((text, at) => `${JSON.stringify([...(JSON.parse(text) as unknown[]), ...(more[at] ?? [])])}\n`).join('');
    router.broken.set('ip -force', { exit: 0, stdout });
    const { checked, skipped } = reportOf(router);
    assert.is(checked.length + skipped.length, checks.length, name);
    assert.not.match(multidial(router, 'doctor').output, /route flush all$/m, name);
  }
});

test.run();

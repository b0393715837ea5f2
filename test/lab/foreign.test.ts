// Others' state on the same router: untouched by all we do, and ours back by itself after what others do to the whole router.
// suite limit: 1400 s
// patient suite
import { equal, ok } from 'uvu/assert';
import type { Lab } from './lab.ts';
import { steadyFlows } from './measure.ts';
import { addSections, addState, untilUp } from './others.ts';
import { FAMILIES, LINE, LINKS, reachesInternet, readSettings } from './foreign.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { difference, readTheirs, settledTheirs, type Theirs } from './theirs.ts';
import { PORT } from './topology.ts';

/**
 * Who still hangs up when netifd ends leaves his macvlan behind, and the next netifd can't make it again. OpenWrt's own
 * ppp-down takes no time (that of some forks, which the stand-in plays, sleeps), and an emulated pppd takes longer than a second.
 */
const allowForEmulation = (lab: Lab) => lab.must("sed -i '/^sleep/d' /lib/netifd/ppp-down; sed -i 's/sleep 1$/sleep 6/' /etc/init.d/network");

labSuite('foreign', {}, (step) => {
  let router: Router;
  /** With everything that others have, and without us. */
  let before: Theirs;
  /** What netifd leaves of it when it is restarted, without us. */
  let restarted: Theirs;

  const isUntouched = async (lab: Lab) => equal(difference(before, await settledTheirs(lab)), []);

  step('starts with mwan3, pbr, a second uplink and what a user does by hand', async (lab) => {
    router = await Router.install(lab);
    await addSections(lab);
    await addState(lab);
    before = await settledTheirs(lab);
    report(
      Object.entries(before)
        .map(([kind, entries]) => `${entries.length} ${kind}`)
        .join(', '),
    );
    for (const preference of [2, 500, 1001, 1234, 2061, 3004, 29998, 30001])
      ok(
        before.rules.some((line) => line.startsWith(`${preference}:`)),
        `${preference}`,
      );
  });

  step('would see a change of any kind', async (lab) => {
    const changes: [kind: keyof Theirs, change: string, back: string][] = [
      ['uci', 'uci set network.office.metric=9; uci commit network', 'uci delete network.office.metric; uci commit network'],
      ['rules', 'ip -6 rule del pref 3004', 'ip -6 rule add pref 3004 fwmark 0x400/0x3f00 unreachable'],
      ['routes', 'ip route del default table 3', `ip route add default via 198.18.20.30 dev ${PORT}.20 table 3`],
      ['nexthops', 'ip nexthop replace id 44 group 42/43', 'ip nexthop replace id 44 group 42/43,2'],
      ['nft', 'nft flush chain inet mine watch', "nft add rule inet mine watch 'tcp flags syn counter'"],
      ['sysctls', 'echo 43 >/proc/sys/net/ipv4/tcp_fin_timeout', 'echo 42 >/proc/sys/net/ipv4/tcp_fin_timeout'],
      ['links', 'ip link add seen type dummy', 'ip link del seen'],
      ['addresses', 'ip address add 192.0.2.77/32 dev tun0', 'ip address del 192.0.2.77/32 dev tun0'],
    ];
    for (const [kind, change, back] of changes) {
      await lab.must(change);
      const seen = difference(before, await readTheirs(lab));
      ok(
        seen.some((line) => line.startsWith(`${kind}: `)),
        `${change}: ${seen.join()}`,
      );
      await lab.must(back);
    }
    await isUntouched(lab);
  });

  step('knows what a restart of the network does to it without us', async (lab) => {
    await lab.must('/etc/init.d/network restart');
    await untilUp(lab, ['lan', 'isp2', 'tun']);
    restarted = await settledTheirs(lab);
    report(`netifd itself takes away ${difference(before, restarted).filter((line) => line.includes(': - ')).length} entries of others at a restart`);
    // Sections come back, whoever adds rules by himself has to do so again.
    const kept = restarted.rules.map((line) => Number(line.split(':')[0]));
    equal(
      kept.filter((preference) => preference < 32766),
      [0, 2, 500, 0, 500],
    );
    await addState(lab);
    await isUntouched(lab);
    await lab.must('fw4 reload');
    await isUntouched(lab);
  });

  step('is left alone when four links come', async (lab) => {
    await router.apply({ 'line wan': LINE });
    await router.balanced(LINKS, FAMILIES);
    await isUntouched(lab);
    await reachesInternet(lab);
  });

  step('is left alone when a link is dialed again', async (lab) => {
    await lab.isp.kill((await lab.isp.sessions())[0]?.address ?? '');
    await lab.until('one is gone', async () => (await lab.isp.sessions()).length === 3);
    await router.balanced(LINKS, FAMILIES);
    await isUntouched(lab);
  });

  step(
    'is left alone when links come and go',
    async (lab) => {
      for (const sessions of [2, 4]) {
        await router.apply({ 'line wan': { ...LINE, sessions } });
        await router.balanced(linksOf('wan', sessions), FAMILIES);
        await isUntouched(lab);
      }
    },
    { limitMs: 400_000 },
  );

  step('is left alone by reset, and has its own value of a setting back', async (lab) => {
    equal(await readSettings(lab), '1\n1\n1\n');
    await lab.must('multidial reset');
    await lab.until('our devices are gone', async () => (await lab.run('ls /sys/class/net | grep -E "wan_0"')).code !== 0);
    await isUntouched(lab);
    equal(await readSettings(lab), '2\n0\n0\n');
  });

  step(
    'has ours back by itself after a restart of the network, and the rest as netifd leaves it',
    async (lab) => {
      await router.apply({ 'line wan': LINE });
      await router.balanced(LINKS, FAMILIES);
      await allowForEmulation(lab);
      await lab.must('/etc/init.d/network restart');
      await router.balanced(LINKS, FAMILIES);
      equal(difference(restarted, await settledTheirs(lab)), []);
      await reachesInternet(lab);
      await addState(lab);
      await isUntouched(lab);
    },
    { limitMs: 400_000 },
  );

  step(
    'dials again where a restart of the network has left macvlans behind',
    async (lab) => {
      // As OpenWrt has it: a second for all to hang up, too short for a ppp-down that sleeps.
      await lab.must("sed -i 's/sleep 6$/sleep 1/' /etc/init.d/network");
      await lab.must('/etc/init.d/network restart');
      const isRefused = async () => (await lab.run('logread | grep -q "md-wan_0.*File exists"')).code === 0;
      await lab.until('netifd could not make a device', isRefused);
      await router.balanced(LINKS, FAMILIES);
      equal(difference(restarted, await settledTheirs(lab)), []);
      await addState(lab);
    },
    { limitMs: 300_000 },
  );

  step('keeps traffic and our table through a reload and a restart of the firewall', async (lab) => {
    const table = await lab.must('nft -s list table inet multidial');
    const four = steadyFlows(lab, { netns: 'lan', gapMs: 50 });
    const six = steadyFlows(lab, { netns: 'lan', gapMs: 50, family: 'ipv6' });
    await lab.must('for load in 1 2 3 4; do fw4 reload; done; /etc/init.d/firewall reload');
    const results = [await four.stop(), await six.stop()];
    report(`while the firewall was loaded five times: ${results.map(({ sent, answered }) => `${answered} of ${sent} flows answered`).join(', ')}`);
    for (const { sent, answered } of results) equal(answered, sent);
    // A restart deletes its table before it makes another one: for a moment nothing is masqueraded.
    await lab.must('/etc/init.d/firewall restart');
    equal(await lab.must('nft -s list table inet multidial'), table);
    await isUntouched(lab);
    await reachesInternet(lab);
  });

  step('has its table back when the firewall was stopped, which takes everybody’s tables away, and started', async (lab) => {
    const table = await lab.must('nft -s list table inet multidial');
    await lab.must('/etc/init.d/firewall stop; /etc/init.d/firewall start');
    equal(await lab.must('nft -s list table inet multidial'), table);
    await reachesInternet(lab);
    await addState(lab);
  });

  step('is no matter to us when others’ interfaces go up and down', async (lab) => {
    await lab.must('ifup tun');
    await untilUp(lab, ['tun']);
    await isUntouched(lab);
    await router.balanced(LINKS, FAMILIES, 5000);
    await lab.must('ifup lan');
    await untilUp(lab, ['lan']);
    await router.balanced(LINKS, FAMILIES, 5000);
    await reachesInternet(lab);
  });
});

// A link that hangs up: the balanced default stays while another lives, and takes the link back after its redial.
// suite limit: 600 s
import { equal, ok } from 'uvu/assert';
import { ALICE, type Lab } from './lab.ts';
import { steadyFlows, watchRoutes } from './measure.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const LINKS = linksOf('wan', 4);
const LINE = { device: PORT, sessions: 4, username: ALICE.user, password: ALICE.password, ipv6: 'nat' };

/** Kills a link's pppd as hard as it gets; netifd dials again by itself. */
const killPppd = (lab: Lab, link: string) => lab.must(['pkill', '-9', '-f', `ifname pppoe-${link} `]);

/** Our own default or group leaving, as far as the kernel tells. */
const departures = (monitor: string): string[] => monitor.split('\n').filter((line) => /Deleted (default (?!.* table ).*proto 77|id 7710[46]001 )/.test(line));

/** netifd's own defaults would hide a gap of ours: without them only the balanced route is left. */
const withoutFallbacks = (lab: Lab) =>
  lab.must('ip -4 route show default proto static | while read -r route; do ip route del $route; done; ip -4 route show default');

labSuite('hang-up', {}, (step) => {
  let router: Router;

  step('starts with four links', async (lab) => {
    router = await Router.install(lab);
    await router.apply({ 'line wan': LINE });
    await router.balanced(LINKS, ['ipv4', 'ipv6']);
  });

  step('keeps the default while one of four hangs up, and takes it back after the redial', async (lab) => {
    await withoutFallbacks(lab);
    const routes = await watchRoutes(lab);
    const flows = steadyFlows(lab, { gapMs: 5 });
    const fromLan = steadyFlows(lab, { gapMs: 5, netns: 'lan' });
    await killPppd(lab, 'wan_02');
    await router.balanced(['wan_01', 'wan_03', 'wan_04']);
    await router.balanced(LINKS, ['ipv4', 'ipv6']);
    const [own, lan, { samples, without, monitor }] = [await flows.stop(), await fromLan.stop(), await routes.stop()];
    report(`group: ${own.sent} flows of the router, errors ${JSON.stringify(own.errors)}; ${lan.sent} of the LAN, ${lan.unreachables} unreachables`);
    report(`group: of ${samples} looks ${without} without the balanced default; longest gap ${own.longestGapMs} ms, in the LAN ${lan.longestGapMs} ms`);
    ok(/id 77004002 /.test(monitor), 'the monitor heard of the link that left and came back');
    equal([departures(monitor), without], [[], 0]);
    ok(samples > 100, `${samples} looks`);
    equal([own.errors, lan.errors, lan.unreachables], [{}, {}, 0]);
  });

  step('shows the gap that classic multipath would have', async (lab) => {
    const status = await router.status();
    const legs = status.links.map(({ device }) => `nexthop dev ${device}`).join(' ');
    // What a shell loop would set, and nobody to mend it.
    await lab.must(`mv /etc/hotplug.d/iface/90-multidial /tmp/; ip route del default proto 77; ip route add default metric 7 proto 77 ${legs}`);
    await withoutFallbacks(lab);
    const routes = await watchRoutes(lab);
    const flows = steadyFlows(lab, { gapMs: 5 });
    await killPppd(lab, 'wan_03');
    await lab.until('the device is gone', async () => (await lab.run('test ! -e /sys/class/net/pppoe-wan_03')).code === 0);
    await lab.until('netifd has dialed again', async () => (await router.status()).links.every(({ state }) => state === 'up'));
    const [own, { samples, without }] = [await flows.stop(), await routes.stop()];
    report(`classic: ${own.sent} flows of the router, errors ${JSON.stringify(own.errors)}; of ${samples} looks ${without} without the balanced default`);
    ok(without > 20, `${without} of ${samples} looks`);
    ok((own.errors['ENETUNREACH'] ?? 0) > 20, JSON.stringify(own));
    // Nobody was there to hear its ifup, so the link counts as known to the firewall only after a while.
    await lab.until('the link is up for a while', async () => (await router.status()).links.every(({ uptimeS = 0 }) => uptimeS >= 20), 60_000);
    await lab.must('mv /tmp/90-multidial /etc/hotplug.d/iface/; multidial apply');
    await router.balanced(LINKS, ['ipv4', 'ipv6']);
  });

  step('builds everything anew after all four have hung up', async (lab) => {
    await Promise.all(LINKS.map((link) => killPppd(lab, link)));
    await lab.until('the default is gone', async () => (await lab.must('ip route show default proto 77')) === '');
    await router.balanced(LINKS, ['ipv4', 'ipv6']);
    for (const family of ['-4', '-6']) {
      const text = await lab.must(`ip ${family} -d route show default proto 77`);
      equal(text.match(/nexthop /g)?.length, 4, text);
    }
  });

  step('leaves a link out whose provider hung up, and says which', async (lab) => {
    const before = await router.status();
    const link = before.links.find(({ name }) => name === 'wan_04');
    await lab.isp.setPassword(ALICE.user, 'changed');
    await lab.isp.kill(link?.ipv4[0] ?? '');
    const status = await lab.until('the link says why it fails', async () => {
      const now = await router.status();
      return now.links.find(({ name }) => name === 'wan_04')?.state === 'failed' && now;
    });
    const failed = status.links.find(({ name }) => name === 'wan_04');
    ok(['AUTH_TOPEER_FAILED', 'HANGUP'].includes(failed?.reason?.code ?? ''), JSON.stringify(failed));
    equal(
      status.links.filter(({ balanced }) => balanced.ipv4).map(({ name }) => name),
      LINKS.slice(0, 3),
    );
    await lab.isp.setPassword(ALICE.user, ALICE.password);
    await router.balanced(LINKS, ['ipv4', 'ipv6']);
  });

  step('sends nothing by a link that did not get that address', async (lab) => {
    report(`refusals of the router itself that left by another link than their address’s: ${JSON.stringify(await lab.isp.strayRefusals())}`);
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});

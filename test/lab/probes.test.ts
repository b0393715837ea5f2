// Is a link alive? A black hole, loss, jitter, flapping, a silent provider and a wrong password, beside a link that has nothing.
// suite limit: 1200 s
import { equal, ok } from 'uvu/assert';
import { ALICE, type Lab } from './lab.ts';
import { steadyFlows } from './measure.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { INET, PORT } from './topology.ts';

const LINKS = linksOf('wan', 4);
const LINE = { device: PORT, username: ALICE.user, password: ALICE.password, sessions: 4 };
const TARGETS = [101, 102, 103].map((host) => INET.ipv4(host));
/** The long look takes so many minutes; MINUTES=10 for the whole of it. */
const MINUTES = Number(process.env['MINUTES'] ?? 3);

labSuite('probes', { accounts: [ALICE, { user: 'bob', password: 'builder' }] }, (step) => {
  let router: Router;

  /** Devices that share the IPv4 default now, as the kernel has it. */
  const sharing = async (lab: Lab) => [...(await lab.must('ip route show default metric 7')).matchAll(/dev pppoe-(\S+)/g)].map(([, link]) => link ?? '').sort();
  const addressOf = async (link: string) => (await router.status()).links.find(({ name }) => name === link)?.ipv4[0] ?? '';
  /** Milliseconds until exactly these share. */
  const untilShared = async (lab: Lab, links: readonly string[], limitMs: number) => {
    const startedMs = Date.now();
    await lab.until(`${links.join()} share`, async () => (await sharing(lab)).join() === [...links].sort().join(), limitMs, 20);
    return Date.now() - startedMs;
  };
  const deviceAtIsp = async (lab: Lab, link: string) => (await lab.isp.session(await addressOf(link))).device;
  const others = (link: string) => LINKS.filter((other) => other !== link);

  step('asks each link from its own address', async (lab) => {
    router = await Router.install(lab);
    // OpenWrt's ping is busybox's.
    await lab.write('/usr/sbin/ping', '#!/bin/sh\nexec busybox ping "$@"\n', 0o755);
    await router.apply({ 'line wan': LINE, 'probe all': { target: TARGETS } });
    await router.balanced(LINKS);
    const asking = async () =>
      (await lab.must("ps -eo args | sed -n 's/^busybox ping -I //p' | sort"))
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]);
    await lab.until('three pings by each link', async () => new Set(await asking()).size === 4 && (await asking()).length === 12, 20_000);
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });

  step('takes a black hole out within three seconds, loses no new flow behind it, and takes it back by itself', async (lab) => {
    for (const link of ['wan_02', 'wan_03']) {
      const device = await lab.isp.hole(await addressOf(link));
      const outMs = await untilShared(lab, others(link), 15_000);
      const flows = steadyFlows(lab, { netns: 'lan', gapMs: 20 });
      await new Promise((resolve) => setTimeout(resolve, 4000));
      const { sent, answered } = await flows.stop();
      await lab.isp.fill(device);
      const backMs = await untilShared(lab, LINKS, 30_000);
      report(`${link}: out after ${outMs} ms, ${answered} of ${sent} new flows answered behind that, back ${backMs} ms after the hole was filled`);
      ok(outMs <= 3000, `${outMs} ms`);
      ok(sent >= 20, `${sent}`);
      equal(answered, sent);
      ok(backMs >= 4500, `${backMs} ms`);
    }
  });

  step(
    'keeps its verdicts through loss and jitter, keeps out what flaps, and dials a wrong password six times in ten minutes at most',
    async (lab) => {
      await router.apply({ 'line wan': LINE, 'probe all': { target: TARGETS }, 'line bad': { device: PORT, username: 'bob', password: 'wrong', sessions: 1 } });
      await untilShared(lab, LINKS, 60_000);
      const [lossy, jittery, flapping] = await Promise.all(['wan_01', 'wan_02', 'wan_03'].map((link) => deviceAtIsp(lab, link)));
      await lab.must(['sh', '-c', `tc qdisc add dev ${lossy} root netem loss 10%; tc qdisc add dev ${jittery} root netem delay 300ms 200ms`], { netns: 'isp' });
      const startedMs = Date.now();
      const endMs = startedMs + MINUTES * 60_000;
      /** Milliseconds, and who shared from then on. */
      const changes: [number, string][] = [];
      let isHole = false;
      let turnMs = startedMs;
      while (Date.now() < endMs) {
        if (Date.now() >= turnMs) {
          await (isHole ? lab.isp.fill(flapping ?? '') : lab.must(['nft', 'add', 'element', 'inet', 'isp', 'holes', `{ ${flapping} }`], { netns: 'isp' }));
          isHole = !isHole;
          turnMs += 5000;
        }
        const now = (await sharing(lab)).join(' ');
        if (changes.at(-1)?.[1] !== now) changes.push([Date.now() - startedMs, now]);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      if (isHole) await lab.isp.fill(flapping ?? '');
      const dials = (await lab.must("logread | grep -c 'pppd (bad_01): Connect: ' || :")).trim();
      report(`${MINUTES} minutes: ${changes.map(([ms, who]) => `${(ms / 1000).toFixed(1)} s ${who}`).join('; ')}; ${dials} dials with a wrong password`);
      ok(
        changes.every(([, who]) => who.includes('wan_01') && who.includes('wan_02') && who.includes('wan_04')),
        'loss and jitter change nothing',
      );
      const last = changes.filter(([, who]) => who.includes('wan_03')).at(-1);
      ok(last !== undefined && last[0] < 20_000, 'what flaps is out for good');
      ok(Number(dials) >= 3 && Number(dials) <= 6, dials);
      await lab.must(['sh', '-c', `tc qdisc del dev ${lossy} root; tc qdisc del dev ${jittery} root`], { netns: 'isp' });
    },
    { limitMs: MINUTES * 60_000 + 200_000 },
  );
});

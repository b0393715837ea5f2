// Connections keep their link while others come and go: a fourth link joins, is hung up and returns, beside classic multipath.
// suite limit: 900 s
import { basename } from 'node:path';
import { equal, ok } from 'uvu/assert';
import { FAMILIES, LINE } from './foreign.ts';
import { type Held, holdFlows, shortFlows } from './measure.ts';
import type { Lab } from './lab.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';

const COUNT = 200;
/** What brings our table and rules back by itself. */
const OURS = ['/etc/hotplug.d/iface/90-multidial', '/usr/share/nftables.d/ruleset-post/77-multidial.nft'];
const [THREE, FOUR] = [linksOf('wan', 3), linksOf('wan', 4)];
const lineOf = (sessions: number) => ({ 'line wan': { ...LINE, sessions } });

labSuite('flows', {}, (step) => {
  let router: Router;

  step('loses many of them in classic multipath without marks, or this suite shows nothing', async (lab) => {
    router = await Router.install(lab);
    await router.apply(lineOf(4));
    await router.balanced(FOUR, FAMILIES);
    const legs = (links: readonly string[]) => links.map((link) => `nexthop dev pppoe-${link}`).join(' ');
    // Else the next event would bring them back.
    await lab.must(`mkdir /tmp/aside; mv ${OURS.join(' ')} /tmp/aside/`);
    await lab.must('nft delete table inet multidial; for pref in $(ip rule | sed -n "s/^\\(4[0-9]*\\):.*/\\1/p"); do ip rule del pref $pref; done');
    await lab.must(`ip route replace default metric 1 ${legs(THREE)}`);
    const held = await holdFlows(lab, 'tcp', COUNT, { netns: 'lan' });
    await lab.must(`ip route replace default metric 1 ${legs(FOUR)}`);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const { lost, why } = await held.stop();
    report(`classic multipath: ${lost} of ${COUNT} connections lost when a fourth link joined ${JSON.stringify(why)}`);
    ok(lost >= 60, `${lost}`);
    await lab.must(`ip route del default metric 1; ${OURS.map((path) => `mv /tmp/aside/${basename(path)} ${path}`).join('; ')}; multidial apply`);
  });

  step(
    `keeps ${COUNT} of each kind on three links while a fourth joins, is hung up and returns`,
    async (lab) => {
      await router.apply(lineOf(3));
      await router.balanced(THREE, FAMILIES);
      const kinds = FAMILIES.flatMap((family) => [
        { what: `LAN TCP, ${family}`, kind: 'tcp' as const, family, netns: 'lan' },
        { what: `LAN UDP, ${family}`, kind: 'udp' as const, family, netns: 'lan' },
        { what: `own TCP, ${family}`, kind: 'tcp' as const, family },
      ]);
      const held: Held[] = [];
      for (const { kind, ...options } of kinds) held.push(await holdFlows(lab, kind, COUNT, options));
      await router.apply(lineOf(4));
      await router.balanced(FOUR, FAMILIES);
      await hasItsShare(lab);
      const { links } = await router.status();
      await lab.isp.kill(links.find(({ name }) => name === 'wan_04')?.ipv4[0] ?? '');
      await router.balanced(THREE, FAMILIES);
      await router.balanced(FOUR, FAMILIES);
      await hasItsShare(lab);
      for (const [at, { what }] of kinds.entries()) {
        const { opened, lost, why } = (await held[at]?.stop()) ?? { opened: 0, lost: COUNT, why: {} };
        report(`${what}: ${lost} of ${opened} lost ${JSON.stringify(why)}`);
        equal([opened, lost], [COUNT, 0], what);
      }
    },
    { limitMs: 500_000 },
  );

  /** New connections use the fourth link like the others. */
  async function hasItsShare(lab: Lab): Promise<void> {
    for (const family of FAMILIES) {
      await lab.isp.resetFlows();
      const { answered } = await shortFlows(lab, 400, { netns: 'lan', family });
      const shares = Object.values(await lab.isp.flows(family));
      report(`400 new flows by ${family} over four links: ${shares.join(' ')}`);
      equal([answered, shares.length], [400, 4]);
      ok(
        shares.every((count) => count > 60),
        shares.join(),
      );
    }
  }

  step('sends nothing by a link that did not get that address', async (lab) => {
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});

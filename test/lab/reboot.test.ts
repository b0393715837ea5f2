// A reboot of the router, asked for or by a power cut: ours and theirs back without anybody's help, and a way out without the agent.
// suite limit: 900 s
// patient suite
import { equal } from 'uvu/assert';
import { FAMILIES, LINE, LINKS, reachesInternet, readSettings } from './foreign.ts';
import { addSections, addState } from './others.ts';
import { Router } from './router.ts';
import { labSuite } from './steps.ts';
import { difference, readTheirs, settledTheirs, type Theirs } from './theirs.ts';

labSuite('reboot', {}, (step) => {
  let router: Router;
  let before: Theirs;

  step(
    'starts with four links beside what others have',
    async (lab) => {
      router = await Router.install(lab);
      await addSections(lab);
      await addState(lab);
      before = await settledTheirs(lab);
      await router.apply({ 'line wan': LINE });
      await router.balanced(LINKS, FAMILIES);
      equal(difference(before, await settledTheirs(lab)), []);
    },
    { limitMs: 400_000 },
  );

  for (const how of ['clean', 'power-cut'] as const) {
    step(
      `has everything back after a reboot (${how}), ours and theirs`,
      async (lab) => {
        await router.reboot(how);
        await router.balanced(LINKS, FAMILIES);
        equal(await readSettings(lab), '1\n1\n1\n');
        equal(difference(before, await settledTheirs(lab)), []);
        await reachesInternet(lab);
      },
      { limitMs: 400_000 },
    );
  }

  step(
    'leaves the router a default route where the agent can’t run',
    async (lab) => {
      // The second uplink leads nowhere and has a better metric than any of our links.
      await lab.must('rm /usr/lib/multidial/multidial.js; uci set network.isp2.defaultroute=0; uci commit network');
      await router.reboot('power-cut');
      await lab.until('four sessions', async () => (await lab.isp.sessions()).length === 4, 150_000);
      await reachesInternet(lab, ['ipv4']);
      equal((await lab.must('ip route show default | grep -c " metric 70"')).trim(), '4');
      equal(await lab.must('ip route show proto 77'), '');
      const theirs = await readTheirs(lab);
      equal([theirs.rules, theirs.nft], [before.rules, before.nft]);
    },
    { limitMs: 400_000 },
  );
});

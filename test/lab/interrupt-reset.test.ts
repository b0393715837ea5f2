// A reset that is killed behind each process it starts is finished by the next, and an apply from nothing that is killed by another.
// suite limit: 1400 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { changesLeft, convergesOn, planOf, reachesOutside, runKilled } from './killed.ts';
import { ALICE } from './lab.ts';
import { linksOf, Router, UNWATCHED } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const CONFIG = { ...UNWATCHED, 'line wan': { device: PORT, username: ALICE.user, password: ALICE.password, ipv6: 'nat', sessions: 1 } };

/** Everything of ours in kernel, uci and on flash, but for the configuration: one line each, quickly. */
const OURS = [
  'ip route show proto 77; ip -6 route show proto 77; ip nexthop',
  'nft list tables | grep multidial; ls /etc/sysctl.d | grep multidial; ls /sys/class/net | grep -E "^(md|pppoe)-"',
  'grep -h multidial /etc/config/network /etc/config/firewall /etc/config/dhcp; grep -h "wan_" /etc/config/firewall',
].join('; ');

labSuite('interrupt-reset', {}, (step) => {
  let router: Router;
  let untouched: { uci: string; kernel: string };

  step('starts with one link', async (lab) => {
    router = await Router.install(lab);
    await router.unwatch();
    untouched = await router.everything();
    await router.store(CONFIG);
    await convergesOn(lab, router, linksOf('wan', 1), 'at the start');
  });

  step(
    'finishes a reset that was killed behind each process, and comes back from an apply that was',
    async (lab) => {
      const points = { reset: 0, apply: 0 };
      for (let count = 1, isOpen = true; isOpen; count++) {
        const reset = await runKilled(lab, ['reset'], { call: 'execve', count, who: count % 2 ? 'whole' : 'agent' });
        const where = `reset killed at execve ${count}, after ${reset.programs.join(' ')}`;
        // The look, and the first event, which died with its teller or is a second old: nobody has hung up yet.
        const isTold = reset.programs.filter((program) => program === 'ubus').length > 2;
        if (reset.isKilled && !isTold && count % 2) await reachesOutside(lab, where);
        await lab.must('multidial reset');
        await lab.until(`${where}: nothing of ours is left`, async () => (await lab.run(OURS)).stdout === '', 20_000, 300);
        equal(changesLeft(await planOf(lab)), [], where);
        await router.store(CONFIG);
        const apply = await runKilled(lab, ['apply'], { call: 'execve', count, who: count % 2 ? 'agent' : 'whole' });
        points.reset += Number(reset.isKilled);
        points.apply += Number(apply.isKilled);
        isOpen = reset.isKilled || apply.isKilled;
        await convergesOn(lab, router, linksOf('wan', 1), `apply from nothing killed at execve ${count}, after ${apply.programs.join(' ')}`);
      }
      report(`${points.reset} points of reset, ${points.apply} of an apply from nothing`);
      ok(points.reset >= 7 && points.apply >= 7);
    },
    { limitMs: 1_100_000 },
  );

  step('has the router as it was before the first apply after all that', async (lab) => {
    await lab.must('multidial reset');
    const isAsBefore = async () => (await router.everything()).kernel === untouched.kernel;
    await lab.until('the kernel is as before', isAsBefore, 20_000, 500).catch(() => {});
    equal((await router.everything()).kernel, untouched.kernel);
  });
});

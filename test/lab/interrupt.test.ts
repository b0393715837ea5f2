// The agent killed at every process and every message it starts, two at once, a clock that jumps: one apply mends it.
// suite limit: 2100 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { becomes, convergesOn, type Death, reachesOutside, runKilled } from './killed.ts';
import { ALICE, type Lab } from './lab.ts';
import { type LineOptions, linksOf, Router, UNWATCHED } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const LINE = { device: PORT, username: ALICE.user, password: ALICE.password, ipv6: 'nat' };
const [TWO, THREE] = [linksOf('wan', 2), linksOf('wan', 3)];
/** They differ in all that an apply writes: sections, the zone, settings and their file, the nft table, groups and routes. */
const configs: Record<2 | 3, Record<string, LineOptions>> = {
  2: { ...UNWATCHED, 'line wan': { ...LINE, sessions: 2 } },
  3: { ...UNWATCHED, 'line wan': { ...LINE, sessions: 3 }, 'link wan_01': { weight: 3 }, 'group all': { hash: 'l3' } },
};

const counted = (programs: readonly string[]): string => programs.join(' ');

labSuite('interrupt', {}, (step) => {
  let router: Router;

  step('starts with two links', async (lab) => {
    router = await Router.install(lab);
    await router.unwatch();
    await router.apply(configs[2]);
    await router.balanced(TWO, ['ipv4', 'ipv6']);
  });

  /** Kills the apply from one configuration to the other at each point in turn, there and back, until none is left. */
  async function killAll(lab: Lab, deathAt: (count: number, sessions: number) => Death): Promise<number> {
    let points = 0;
    const open = new Set<2 | 3>([3, 2]);
    let last: string[] = [];
    for (let count = 1; open.size > 0; count++) {
      for (const sessions of [3, 2] as const) {
        const links = linksOf('wan', sessions);
        await router.store(configs[sessions]);
        const death = deathAt(count, sessions);
        const { isKilled, programs } = open.has(sessions) ? await runKilled(lab, ['apply'], death) : { isKilled: false, programs: [] };
        const where = `${death.who} killed at ${death.call} ${count} on the way to ${sessions} links, after ${counted(programs)}`;
        if (isKilled) points++;
        else open.delete(sessions);
        if (programs.length) last = programs;
        await reachesOutside(lab, where);
        await convergesOn(lab, router, links, where);
      }
    }
    report(`${points} points; an apply that nobody kills starts ${counted(last)}`);
    return points;
  }

  step(
    'is mended by one apply after the agent was killed behind each process it started',
    async (lab) => {
      ok((await killAll(lab, (count, sessions) => ({ call: 'execve', count, who: (count + sessions) % 2 ? 'agent' : 'whole' }))) >= 14);
    },
    { limitMs: 1_100_000 },
  );

  step(
    'is mended by one apply after ip and nft were killed in the middle of their work, together with the agent',
    async (lab) => {
      ok((await killAll(lab, (count) => ({ call: 'sendmsg', count, who: 'whole', after: 'uci' }))) >= 8);
    },
    { limitMs: 900_000 },
  );

  step('lets one of two applies at once wait or say that it is busy, and doubles nothing', async (lab) => {
    await router.store(configs[3]);
    const replies = await Promise.all([1, 2].map(() => lab.run('multidial apply --json')));
    const codes = replies.map(({ stdout }) => (JSON.parse(stdout) as { problems: { code: string }[] }).problems.map(({ code }) => code).join());
    report(`two applies at once: exit codes ${replies.map(({ code }) => code).join(' and ')}, problems ${JSON.stringify(codes)}`);
    for (const [at, { code }] of replies.entries()) ok(code === 0 || codes[at] === 'busy', codes[at]);
    ok(replies.some(({ code }) => code === 0));
    await becomes(lab, router, THREE, 'after two applies at once');
    equal((await lab.must(['pgrep', '-c', '-f', 'ifname pppoe-wan_'])).trim(), '3');
    equal((await lab.must('uci show network | grep -c "=interface"')).trim(), String(THREE.length + 2));
  });

  step('comes back from years ahead and years behind: an event and an apply go on working', async (lab) => {
    const now = (await lab.must('date +%s')).trim();
    for (const [date, sessions] of [
      ['1970-01-02 00:00', 2],
      ['2040-06-01 00:00', 3],
      [`@${now}`, 2],
    ] as const) {
      const links = linksOf('wan', sessions);
      await lab.must(['date', '-s', date]);
      await router.store(configs[sessions]);
      await convergesOn(lab, router, links, `the clock at ${date}`);
      await lab.must('ifdown wan_02');
      await router.balanced(
        links.filter((link) => link !== 'wan_02'),
        ['ipv4', 'ipv6'],
        20_000,
      );
      await lab.must('ifup wan_02');
      await becomes(lab, router, links, `the clock at ${date}, after an ifdown and an ifup`);
    }
  });

  step('sends nothing by a link that did not get that address', async (lab) => {
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});

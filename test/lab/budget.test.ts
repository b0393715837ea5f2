// What a run costs in processes at 1, 8 and 32 links, beside the same by pasted shell lines; and nothing at all for a second apply.
// suite limit: 1800 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { countByShell, tally } from './by-shell.ts';
import { ALICE, type Lab } from './lab.ts';
import { linksOf, Router, UNWATCHED } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const LINE = { device: PORT, username: ALICE.user, password: ALICE.password, ipv6: 'nat' };
const MOST_PROCESSES = 6;
/** 32 links take an emulated router four minutes more, and an idle machine: LINKS=1,8,32 adds them. */
const SESSIONS = (process.env['LINKS'] ?? '1,8').split(',').map(Number);
const HOOK = '/etc/hotplug.d/iface/90-multidial';

/** Programs whose execve succeeded, in order, from a strace of everything below a command. */
const programsOf = (trace: string): string[] => [...trace.matchAll(/execve\("([^"]+)"[^\n]*= 0$/gm)].map(([, path]) => path ?? '');

const untilIdle = (lab: Lab) => lab.until('all events are handled', async () => (await lab.run(['pgrep', '-f', 'multidial.js hotplug'])).code !== 0, 60_000);

/**
 * The hook as hotplug-call sources it, traced to the end of what it leaves in the background. The shell that sources it
 * is hotplug-call's own and not counted, and neither is what the stand-in does behind `ubus`.
 */
async function traceHook(lab: Lab, action: string, link: string): Promise<string[]> {
  await untilIdle(lab); // else the traced run would leave its work to the one that holds the lock
  await lab.must(['sh', '-c', `strace -f -qq -e trace=execve -o /tmp/hook.trace sh -c '. /tmp/90-multidial'`], {
    env: { ACTION: action, INTERFACE: link, HOTPLUG_TYPE: 'iface', ...(action === 'ifup' ? { DEVICE: `pppoe-${link}` } : {}) },
  });
  return programsOf(await lab.read('/tmp/hook.trace')).slice(1);
}

const baseNames = (programs: readonly string[]): string[] => programs.map((path) => path.split('/').at(-1) ?? '');
const names = (programs: readonly string[]): string => baseNames(programs).join(' ');

/** Stores and applies a configuration; the programs that the apply started. */
async function traceApply(lab: Lab, router: Router, sessions: number): Promise<string[]> {
  await router.store({ ...UNWATCHED, 'line wan': { ...LINE, sessions } });
  await lab.must('strace -f -qq --seccomp-bpf -e trace=execve -o /tmp/set-up.trace multidial apply');
  return programsOf(await lab.read('/tmp/set-up.trace'));
}

type Row = { links: number; setUp: string[]; up: string[]; byShell: { setUp: string[]; up: string[] } };

function reportTable(rows: readonly Row[]): void {
  for (const { links, setUp, up, byShell } of rows) {
    report(`${links} links, a link comes up: multidial ${up.length} (${tally(baseNames(up))}), by shell lines ${byShell.up.length} (${tally(byShell.up)})`);
    report(`${links} links, set-up: multidial ${setUp.length} (${tally(baseNames(setUp))}), by shell lines ${byShell.setUp.length} (${tally(byShell.setUp)})`);
  }
  report('jsonfilter, route and ifstatus were counted by scripts in their place');
}

labSuite('budget', {}, (step) => {
  let router: Router;
  const rows: Row[] = [];

  step('starts with one link', async (lab) => {
    router = await Router.install(lab);
    await router.unwatch();
  });

  for (const sessions of SESSIONS) {
    step(
      `starts at most ${MOST_PROCESSES} processes for a link down and up at ${sessions} links`,
      async (lab) => {
        const links = linksOf('wan', sessions);
        const rest = links.slice(0, -1);
        const last = links.at(-1) ?? '';
        const setUp = await traceApply(lab, router, sessions);
        await router.balanced(links, ['ipv4', 'ipv6'], 600_000);
        // The hook is put aside, so that the traced one is the one that finds the change.
        await lab.must(`mv ${HOOK} /tmp/ && ifdown ${last}`);
        await lab.until('the link is down', async () => (await router.status()).links.find(({ name }) => name === last)?.state === 'down');
        const down = await traceHook(lab, 'ifdown', last);
        await router.balanced(rest, ['ipv4', 'ipv6'], 10_000);
        await lab.must(`ifup ${last}`);
        const isWhole = async () => (await router.status()).links.find(({ name }) => name === last)?.ipv6.some((address) => address.startsWith('2'));
        await lab.until('the link is up with IPv6', isWhole, 90_000);
        const up = await traceHook(lab, 'ifup', last);
        await router.balanced(links, ['ipv4', 'ipv6'], 10_000);
        await lab.must(`mv /tmp/90-multidial ${HOOK}`);
        report(
          `${sessions} link${sessions > 1 ? 's' : ''}: ${down.length} processes for a link down (${names(down)}), ${up.length} for a link up (${names(up)})`,
        );
        ok(down.length > 1 && down.length <= MOST_PROCESSES, names(down));
        ok(up.length > 1 && up.length <= MOST_PROCESSES, names(up));
        rows.push({ links: sessions, setUp, up, byShell: await countByShell(lab, links) });
      },
      { limitMs: 1_800_000 },
    );
  }

  step('starts no process more for more links, where shell lines start two and more for each', async () => {
    reportTable(rows);
    const [first] = rows;
    for (const row of rows) {
      equal([row.up.length <= (first?.up.length ?? 0), row.setUp.length <= (first?.setUp.length ?? 0)], [true, true], `${row.links} links`);
      ok(row.byShell.up.length >= 2 * row.links && row.byShell.setUp.length >= 8 * row.links, `${row.links} links by shell lines`);
    }
  });

  step('does nothing at all in a second apply', async (lab) => {
    await untilIdle(lab);
    const facts = () => lab.must("find /etc/config /etc/sysctl.d -type f -printf '%p %T@ %i %s\\n' | sort");
    const before = await facts();
    await lab.must('strace -f -qq -s 100000 -e trace=execve,openat,write,rename -o /tmp/apply.trace multidial apply');
    equal(await facts(), before);
    const trace = await lab.read('/tmp/apply.trace');
    const programs = programsOf(trace);
    report(`second apply: ${names(programs)}`);
    equal(
      programs.filter((path) => /\/(uci|logger)$/.test(path)),
      [],
    );
    ok(!/execve\([^\n]*"nft", "-f"/.test(trace), 'nft is asked, not told');
    ok(!/(route|nexthop|rule) (add|replace|del)/.test(trace), 'no line of ip changes anything');
    ok(!/openat\([^\n]*"\/proc\/sys\/[^\n]*O_(WRONLY|RDWR)/.test(trace), 'no setting is written');
    ok(!/"type":"?config.change/.test(trace), 'no reload');
  });

  step('leaves no secret in what other processes can see', async (lab) => {
    const trace = await lab.read('/tmp/apply.trace');
    const argv = [...trace.matchAll(/execve\([^\n]*/g)].map(([line]) => line).join('\n');
    ok(!argv.includes(ALICE.password));
    const found = await lab.run(
      `grep -rlF ${ALICE.password} /etc/config /tmp /var/run/multidial /etc/sysctl.d 2>/dev/null; logread | grep -F ${ALICE.password}`,
    );
    equal(
      found.stdout.split('\n').filter((path) => path && !['/etc/config/multidial', '/etc/config/network', '/tmp/apply.trace'].includes(path)),
      [],
    );
    equal(
      (await lab.must("stat -c '%a %n' /etc/config/multidial /var/run/multidial/config.good"))
        .trim()
        .split('\n')
        .map((line) => line.slice(0, 3)),
      ['600', '600'],
    );
  });
});

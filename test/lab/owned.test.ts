// All that a router gets by multidial is in ARCHITECTURE.md's list of what is ours, and all of that list is there to be seen.
// suite limit: 600 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { ALICE } from './lab.ts';
import { differences, type Facts, readFacts, readOwned } from './owned.ts';
import { type LineOptions, linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const LINKS = linksOf('wan', 4);
const configOf = (hash: string): Record<string, LineOptions> => ({
  'line wan': { device: PORT, username: ALICE.user, password: ALICE.password, sessions: 4, ipv6: 'nat', weight: 2 },
  'link wan_02': { weight: 3 },
  'group all': { hash },
});
/** Lists can't be said by an option. */
const GROUP =
  "\nconfig group 'two'\n\tlist link 'wan_01'\n\tlist link 'wan_02'\n\tlist dest '198.51.100.0/24'\n\tlist dest '2001:db8:77::/48'\n\toption hash 'HASH'\n";

/** What netifd, pppd, odhcpd and the lab itself keep of sessions and of everything that is said. */
const OF_OTHERS = [/^\/tmp\/stand-in/, /^\/var\/run\/(pppd2?|ppp\d|pppoe-|netifd|odhcpd|isp)/, /^\/etc\/ppp\//, /resolv\.conf/, /^\/tmp\/own\.trace$/];

labSuite('owned', {}, (step) => {
  let router: Router;
  let before: Facts;
  const seen = new Set<string>();

  step('starts with nothing of ours but what the packages bring', async (lab) => {
    router = await Router.install(lab);
    await lab.must('/etc/init.d/multidial stop');
    await lab.until('the watcher has ended', async () => (await lab.run(['pgrep', '-f', 'multidial/watch.js'])).code !== 0);
    await lab.must('rm -rf /var/run/multidial');
    before = await readFacts(lab);
    await lab.must('/etc/init.d/multidial start');
  });

  for (const hash of ['l4', 'l3']) {
    step(`gets four sessions with IPv6, weights and a group of two prefixes, sharing by ${hash}`, async (lab) => {
      await router.store(configOf(hash));
      await lab.must(['sh', '-c', 'cat >>/etc/config/multidial'], { stdin: GROUP.replace('HASH', hash) });
      await lab.must('strace -f -qq -s 300 -e trace=openat,rename,mkdir,symlink -o /tmp/own.trace multidial apply');
      await router.balanced(LINKS, ['ipv4', 'ipv6']);
      await lab.until('all runs have ended', async () => (await lab.run(['pgrep', '-f', 'qjs .*multidial(.js)? (apply|look|hotplug)'])).code !== 0);
      for (const fact of differences(before, await readFacts(lab))) seen.add(fact);
      for (const path of pathsWritten(await lab.read('/tmp/own.trace'))) seen.add(path);
    });
  }

  step('has nothing that the list does not name', async () => {
    const owned = readOwned().filter(({ when }) => when !== 'elsewhere');
    const strange = [...seen].filter((fact) => !OF_OTHERS.some((pattern) => pattern.test(fact)) && !owned.some(({ pattern }) => pattern.test(fact)));
    report(`${seen.size} differences, ${owned.length} items in the list`);
    ok(seen.size > 40 && owned.length > 20);
    equal(strange, []);
  });

  step('has all that the list names', () => {
    const missing = readOwned().filter(({ when, pattern }) => when === 'always' && ![...seen].some((fact) => pattern.test(fact)));
    equal(
      missing.map(({ text }) => text),
      [],
    );
    return Promise.resolve();
  });

  step('puts the tag on every section of ours, and metrics of its own range', async (lab) => {
    const sections = await lab.must('uci show network');
    for (const link of LINKS) {
      ok(sections.includes(`network.${link}.multidial='wan'`) && sections.includes(`network.md_${link}.multidial='wan'`), link);
      ok(/^7(00[1-9]|0[1-9]\d|1\d\d)$/.test(/network\.LINK\.metric='(\d+)'/.exec(sections.replaceAll(link, 'LINK'))?.[1] ?? ''), link);
    }
  });
});

/** Paths that were made or written, as the calls name them. */
function pathsWritten(trace: string): string[] {
  const opened = [...trace.matchAll(/openat\([^"]*"([^"]+)", [^)]*O_(?:WRONLY|RDWR|CREAT)[^)]*\) = \d/g)].map(([, path]) => path ?? '');
  const made = [...trace.matchAll(/(?:mkdir|symlink|rename)\((?:"[^"]*", )?"([^"]+)"[^)]*\) = 0/g)].map(([, path]) => path ?? '');
  return [...opened, ...made].filter((path) => !path.startsWith('/dev/') && !path.startsWith('/proc/'));
}

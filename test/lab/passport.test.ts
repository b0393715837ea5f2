// The passport of a line at providers that allow one, two and four sessions, that shape an account, that know one MAC; and Ctrl-C.
// suite limit: 1200 s
// patient suite
import { equal, ok } from 'uvu/assert';
import type { PassportStatus } from '../../agent/src/contract/index.ts';
import { ALICE, type Lab } from './lab.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { INET, PORT } from './topology.ts';

const LINE = { device: PORT, username: ALICE.user, password: ALICE.password };
/** A provider that does not answer is waited for, twice. */
const LIMIT_MS = 240_000;
const SHARED_MBITS = 4;
const HTTP_PORT = 8080;
/** Sends zeros for as long as somebody takes them. */
const SERVER = `require('node:http').createServer((request, reply) => {
  const some = Buffer.alloc(65536);
  const send = () => { while (!reply.destroyed && reply.write(some)); };
  reply.on('drain', send).on('error', () => {});
  send();
}).listen(${HTTP_PORT}, () => console.log('listening'));`;

labSuite('passport', {}, (step) => {
  let router: Router;

  /** All that lasts; a session that was dialed anew may have another address. */
  const lasting = async () => {
    const { uci, kernel } = await router.everything();
    return {
      uci,
      kernel: kernel
        .replaceAll(/100\.64\.\d+\.\d+|fe80:[0-9a-f:]+|2001:db8:[0-9a-f:]+/g, 'ADDRESS')
        .split('\n')
        .sort(),
    };
  };
  /** netifd takes some seconds to delete devices. */
  const isAsBefore = async (lab: Lab, before: unknown) => {
    await lab.until('all is as before', async () => JSON.stringify(await lasting()) === JSON.stringify(before), 30_000, 1000).catch(() => {});
    equal(await lasting(), before);
  };
  /** Also of what was dialed before nothing is left. */
  const dial = async (lab: Lab, sessions: number) => {
    await router.apply({ 'line wan': { ...LINE, sessions } });
    await router.balanced(linksOf('wan', sessions));
    const devices = async () => (await lab.must('ls /sys/class/net')).split('\n').filter((name) => name.startsWith('md-wan_'));
    await lab.until('no other device is left', async () => (await devices()).length === sessions);
  };

  /** Makes one, and holds the line against what it was before. */
  async function passport(lab: Lab, sessions: number, ...words: string[]): Promise<PassportStatus> {
    await dial(lab, sessions);
    const before = await lasting();
    const startedMs = Date.now();
    const { stdout, stderr } = await lab.run(['multidial', 'passport', '--json', 'wan', ...words], { timeoutMs: LIMIT_MS });
    const status = JSON.parse(stdout || '{}') as PassportStatus;
    const said = [...(status.report?.findings ?? []), ...(status.report?.proposals ?? [])].map(({ code, details }) => `${code} ${JSON.stringify(details)}`);
    report(
      `${((Date.now() - startedMs) / 1000).toFixed(0)} s, ${status.state}: ${status.steps?.map(({ code }) => code).join(', ')}; ${said.join('; ')}${stderr}`,
    );
    await router.balanced(linksOf('wan', sessions));
    await isAsBefore(lab, before);
    equal((await lab.run('ls /var/run/multidial/trial')).code === 0, false);
    return status;
  }
  const shortOf = ({ state, report: found }: PassportStatus) => [state, found?.accepted, found?.limit, found?.proposal.sessions];

  step(
    'finds one session an account, although another MAC is taken, and proposes one',
    async (lab) => {
      router = await Router.install(lab);
      await lab.isp.allow(ALICE.user, 1);
      const status = await passport(lab, 1);
      equal(shortOf(status), ['done', 1, 'account', 1]);
      const dials = Number((await lab.must("logread | grep -c 'pppd (wan_02): Connect: ' || :")).trim());
      ok(dials >= 2 && dials <= 6, `${dials} dials of a second session`);
      await lab.isp.allow(ALICE.user, null);
    },
    { limitMs: LIMIT_MS },
  );

  step('finds two of two that are up, and proposes them', async (lab) => {
    await dial(lab, 2);
    await lab.isp.allow(ALICE.user, 2);
    equal(shortOf(await passport(lab, 2)), ['done', 2, 'account', 2]);
  });

  step('puts the line back when it is interrupted at the terminal', async (lab) => {
    const before = await lasting();
    const following = lab.start('multidial passport wan');
    await lab.until('a third session is tried', async () => (await lab.run('grep -s \'"sessions":3\' /var/run/multidial/trial')).code === 0, 60_000);
    following.signal('SIGINT');
    const stoppedMs = Date.now();
    await lab.until('the trial is over', async () => (await lab.run('ls /var/run/multidial/trial')).code !== 0, 40_000);
    report(`over ${Date.now() - stoppedMs} ms after Ctrl-C`);
    await lab.until('the third session is gone', async () => !(await lab.must('ls /sys/class/net')).includes('md-wan_03'));
    await router.balanced(linksOf('wan', 2));
    await isAsBefore(lab, before);
    await lab.isp.allow(ALICE.user, null);
  });

  step(
    'finds that four are taken and that their speed does not add up where the account is shaped as a whole',
    async (lab) => {
      await dial(lab, 3);
      await lab.isp.share(ALICE.user, SHARED_MBITS);
      const server = lab.start(['node', '-e', SERVER], { netns: 'inet' });
      await lab.until('the file is served', async () => server.stdout().includes('listening'));
      const status = await passport(lab, 3, `http://${INET.ipv4()}:${HTTP_PORT}/zeros`);
      await server.stop();
      equal(shortOf(status), ['done', 4, 'none', 1]);
      equal(status.report?.speed, 'shared');
      const mbits = status.report?.links.map(({ rxPerS = 0 }) => (rxPerS * 8) / 1e6) ?? [];
      ok(mbits.length === 4 && mbits.every((rate) => rate > SHARED_MBITS * 0.7 && rate < SHARED_MBITS * 1.3), mbits.join());
      await lab.isp.share(ALICE.user, null);
      equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
    },
    { limitMs: LIMIT_MS },
  );

  step(
    'finds that a second MAC is not served',
    async (lab) => {
      await dial(lab, 1);
      await lab.until('the others are hung up', async () => (await lab.isp.sessions()).length === 1);
      const [session] = await lab.isp.sessions();
      await lab.isp.serveOnly(session?.mac ?? '');
      equal(shortOf(await passport(lab, 1)), ['done', 1, 'mac', 1]);
      await lab.isp.serveOnly(null);
    },
    { limitMs: LIMIT_MS },
  );
});

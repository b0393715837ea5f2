// A reader and a writer who are not root: every method that is granted to them is called, and no password comes back from anywhere.
// suite limit: 600 s
// patient suite
import { readFileSync } from 'node:fs';
import { equal, ok } from 'uvu/assert';
import { crypt } from '../stand-in/rpcd/password.ts';
import { ALICE, type Lab } from './lab.ts';
import { PROJECT } from './paths.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';
import { call, login } from './ubus-http.ts';

/** Bytes that occur nowhere by chance, one for the line and one for a session of its own account. */
const SECRET = 'pw-Zq81nV0';
const OTHER = 'pw-7hTw2Ks';
const BOB = { user: 'bob', password: OTHER };
const CONFIGS = ['/etc/config/multidial', '/etc/config/network'];
const TRACES = '/tmp/traces';

type Grants = Record<string, string[]>;
const acl = JSON.parse(readFileSync(`${PROJECT}/openwrt-feed/luci-app-multidial/root/usr/share/rpcd/acl.d/luci-app-multidial.json`, 'utf8')) as {
  'luci-app-multidial': { read: { ubus: Grants }; write: { ubus: Grants } };
};
const { read, write } = acl['luci-app-multidial'];
const methodsOf = (grants: Grants): string[] => Object.entries(grants).flatMap(([object, methods]) => methods.map((method) => `${object}.${method}`));

const LINE = { device: PORT, sessions: '2', username: ALICE.user, password: SECRET };
/** What each method is called with; `uci.apply` is last but `uci.confirm`, for it commits what was staged before. */
const ARGUMENTS: Record<string, object> = {
  'multidial.plan': {
    config: { sections: [{ type: 'line', name: 'wan', options: { device: PORT, sessions: '3', username: ALICE.user }, secrets: ['password'] }] },
  },
  'multidial.history': { link: 'wan_01' },
  'multidial.why': { src: '192.168.1.10', dst: '203.0.113.10' },
  'multidial.passport': { line: 'nobody' }, // it is refused: a passport dials for minutes
  ...Object.fromEntries(['pause', 'drain', 'resume', 'redial'].map((method) => [`multidial.${method}`, { link: 'wan_02' }])),
  'session.access': { scope: 'ubus', object: 'multidial', function: 'status' },
  'uci.add': { config: 'multidial', type: 'link', name: 'wan_02', values: { username: BOB.user, password: OTHER } },
  'uci.set': { config: 'multidial', section: 'wan', values: { password: SECRET, weight: '2' } },
  'uci.delete': { config: 'multidial', section: 'wan', option: 'weight' },
  'uci.order': { config: 'multidial', sections: ['globals', 'wan'] },
  'uci.changes': {}, // naming a package would ask for the right to read it
  'uci.revert': { config: 'multidial' },
  'uci.apply': { rollback: true, timeout: 60 },
};

/** The agent and everything it starts, traced: the two names it is called by become scripts. */
async function traceAgent(lab: Lab): Promise<void> {
  await lab.must(
    `mkdir -p ${TRACES} /tmp/real/rpcd && ln -s /usr/lib/multidial/multidial.js /tmp/real/rpcd/multidial && ln -s /usr/lib/multidial/multidial.js /tmp/real/multidial`,
  );
  const script = (real: string) => `#!/bin/sh\nexec strace -f --seccomp-bpf -qq -s 4000 -e trace=execve -o ${TRACES}/$$ ${real} "$@"\n`;
  await lab.must('rm /usr/sbin/multidial /usr/libexec/rpcd/multidial');
  await lab.write('/usr/sbin/multidial', script('/tmp/real/multidial'), 0o755);
  await lab.write('/usr/libexec/rpcd/multidial', script('/tmp/real/rpcd/multidial'), 0o755);
}

labSuite('rights', { accounts: [{ user: ALICE.user, password: SECRET }, BOB] }, (step) => {
  let router: Router;
  const sessions: Record<string, string> = {};
  const replies: { who: string; what: string; code: number; text: string }[] = [];

  const ask = async (lab: Lab, who: string, what: string): Promise<number> => {
    const [object = '', method = ''] = what.split('.');
    const reply = await call(lab, sessions[who] ?? '', object, method, ARGUMENTS[what] ?? {});
    replies.push({ who, what, code: reply[0], text: JSON.stringify(reply) });
    return reply[0];
  };

  step('starts with a line, a session with an account of its own, and two users', async (lab) => {
    router = await Router.install(lab);
    const logins = [
      ['keeper', "list read 'luci-app-multidial'\n\tlist write 'luci-app-multidial'"],
      ['watcher', "list read 'luci-app-multidial'"],
    ].map(
      ([name, rights]) =>
        `\nconfig login\n\toption username '${name}'\n\toption password '${crypt(name ?? '', '$5$lab')}'\n\tlist read 'unauthenticated'\n\t${rights}\n`,
    );
    await lab.write('/etc/config/rpcd', (await lab.read('/etc/config/rpcd')) + logins.join(''));
    await router.apply({ 'line wan': LINE, 'link wan_02': { username: BOB.user, password: OTHER } });
    await router.balanced(linksOf('wan', 2));
    await traceAgent(lab);
    for (const name of ['keeper', 'watcher']) sessions[name] = await login(lab, name, name);
  });

  step('a reader may call what is granted to readers, and nothing else', async (lab) => {
    for (const what of methodsOf(read.ubus)) equal(await ask(lab, 'watcher', what), 0, what);
    for (const what of methodsOf(write.ubus)) equal(await ask(lab, 'watcher', what), -32002, what);
  });

  step('a writer may call all of it, but not read the configuration itself', async (lab) => {
    for (const what of methodsOf(read.ubus)) equal(await ask(lab, 'keeper', what), 0, what);
    const staging = ['uci.set', 'uci.changes', 'uci.revert', 'uci.set', 'uci.delete', 'uci.order', 'uci.changes'];
    const applying = ['uci.apply', 'uci.rollback', 'uci.set', 'uci.apply', 'uci.confirm', 'multidial.apply', 'multidial.status', 'multidial.config'];
    const acting = ['multidial.pause', 'multidial.drain', 'multidial.resume', 'multidial.redial', 'multidial.passport', 'multidial.passport_stop'];
    for (const what of [...staging, ...applying, ...acting]) equal(await ask(lab, 'keeper', what), 0, what);
    // The section stands already: asking for it once more is refused, and the refusal must not tell either.
    await ask(lab, 'keeper', 'uci.add');
    ok([0, 5].includes(await ask(lab, 'keeper', 'uci.revert')), 'there may be nothing to revert');
    equal((await call(lab, sessions['keeper'] ?? '', 'uci', 'get', { config: 'multidial' }))[0] === 0, false);
    equal((await call(lab, sessions['keeper'] ?? '', 'uci', 'get', { config: 'network' }))[0] === 0, false);
    equal(await ask(lab, 'keeper', 'multidial.reset'), 0);
    const called = new Set(replies.filter(({ who }) => who === 'keeper').map(({ what }) => what));
    equal(
      [...methodsOf(read.ubus), ...methodsOf(write.ubus)].filter((what) => !called.has(what)),
      [],
    );
  });

  step('no reply, argument of a process, line of the log or file but the two configurations holds a password', async (lab) => {
    const telling = replies.filter(({ text }) => text.includes(SECRET) || text.includes(OTHER));
    // What a session staged itself, it may see again: rpcd tells it by `uci changes`, and to nobody else.
    equal(
      telling.filter(({ what }) => what !== 'uci.changes').map(({ who, what }) => `${who} ${what}`),
      [],
    );
    const traces = await lab.must(`cat ${TRACES}/*`);
    const commands = [...traces.matchAll(/execve\([^\n]*= 0/g)].map(([line]) => line);
    ok(commands.length > 20);
    equal(
      commands.filter((line) => line.includes(SECRET) || line.includes(OTHER)),
      [],
    );
    const pattern = `-e ${SECRET} -e ${OTHER}`;
    equal((await lab.run(`logread | grep -cF ${pattern}`)).stdout.trim(), '0');
    // Plain files only: reading a pipe would wait for ever.
    const find = `find /etc /tmp /run -xdev -type f ! -path '${TRACES}/*' ! -path '/run/isp/*' ! -path '/etc/netns/*'`;
    const { stdout } = await lab.run(`${find} -print0 | xargs -0 grep -lF ${pattern} | sort -u`, { timeoutMs: 120_000 });
    report(`${replies.length} calls, ${commands.length} processes; files with a password: ${stdout.trim().split('\n').join(' ')}`);
    const found = stdout.trim().split('\n');
    ok(found.includes('/etc/config/multidial'));
    equal(
      found.filter((path) => !CONFIGS.includes(path)),
      [],
    );
    for (const path of CONFIGS) equal((await lab.must(['stat', '-c', '%a', path])).trim(), path.endsWith('multidial') ? '600' : '644', path);
  });
});

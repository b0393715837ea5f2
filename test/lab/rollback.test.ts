// Apply over /ubus as the page does it: staged, applied with a rollback, derived by the service's trigger, and put back where nobody confirms.
// suite limit: 600 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { ALICE, type Lab } from './lab.ts';
import { LOGIN } from './router-files.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';
import { call, login } from './ubus-http.ts';

const ROLLBACK_S = 90;
labSuite('rollback', {}, (step) => {
  let router: Router;
  let session: string;
  const stage = async (lab: Lab, sessions: number) => {
    const values = { device: PORT, sessions: String(sessions), username: ALICE.user, password: ALICE.password, ipv6: 'nat' };
    equal((await call(lab, session, 'uci', 'add', { config: 'multidial', type: 'line', name: 'wan', values }))[0], 0);
  };
  const exports = (lab: Lab) => lab.must('for f in $(ls /etc/config); do uci export $f; done');

  step('logs in over the web server of the router', async (lab) => {
    router = await Router.install(lab);
    session = await login(lab, LOGIN.username, LOGIN.password);
    const [code, status] = await call(lab, session, 'multidial', 'status');
    equal([code, status?.['links']], [0, []]);
  });

  step(
    'puts every package back where the browser is cut off, within 90 s and one reload',
    async (lab) => {
      const before = await exports(lab);
      const started = Date.now();
      const seconds = () => Math.round((Date.now() - started) / 1000);
      await stage(lab, 4);
      equal((await call(lab, session, 'uci', 'apply', { rollback: true, timeout: ROLLBACK_S }))[0], 0);
      await router.balanced(linksOf('wan', 4), ['ipv4', 'ipv6']);
      report(`four links carry traffic ${seconds()} s after the apply; now nobody confirms`);
      await lab.until('the configuration is back', async () => !/^config line/m.test(await lab.read('/etc/config/multidial')), (ROLLBACK_S + 5) * 1000);
      const rolledBackS = seconds();
      await lab.until('all packages are as before', async () => (await exports(lab)) === before, 40_000);
      report(`rolled back after ${rolledBackS} s, all packages as before after ${seconds()} s`);
      equal(await exports(lab), before);
      ok(seconds() <= ROLLBACK_S + 40, `${seconds()} s`);
      await lab.until('no session is left', async () => (await lab.isp.sessions()).length === 0);
    },
    { limitMs: 200_000 },
  );

  step('keeps what is confirmed', async (lab) => {
    // The rollback gave the staged changes back to the session.
    equal((await call(lab, session, 'uci', 'revert', { config: 'multidial' }))[0], 0);
    await stage(lab, 2);
    equal((await call(lab, session, 'uci', 'apply', { rollback: true, timeout: ROLLBACK_S }))[0], 0);
    await router.balanced(linksOf('wan', 2), ['ipv4', 'ipv6']);
    equal((await call(lab, session, 'uci', 'confirm'))[0], 0);
    ok(/^config line 'wan'/m.test(await lab.read('/etc/config/multidial')));
  });

  step('never tells the password, and lets a reader read only', async (lab) => {
    const reader = await login(lab, 'guest', 'guest');
    for (const [who, sid] of [
      ['writer', session],
      ['reader', reader],
    ] as const) {
      for (const [object, method, args] of [
        ['multidial', 'status', {}],
        ['multidial', 'config', {}],
        ['multidial', 'plan', {}],
        ['multidial', 'version', {}],
        ['uci', 'changes', {}],
      ] as const) {
        const reply = await call(lab, sid, object, method, args);
        ok(!JSON.stringify(reply).includes(ALICE.password), `${object} ${method} tells the password to a ${who}`);
      }
      equal((await call(lab, sid, 'uci', 'get', { config: 'multidial' }))[0] === 0, false, who);
    }
    equal((await call(lab, reader, 'multidial', 'apply'))[0], -32002);
    equal((await call(lab, reader, 'multidial', 'reset'))[0], -32002);
    equal((await call(lab, reader, 'uci', 'set', { config: 'multidial', section: 'wan', values: { sessions: '1' } }))[0], -32002);
  });

  step('answers nonsense with a message and does nothing', async (lab) => {
    const before = await exports(lab);
    for (const config of [
      5,
      'x',
      [],
      { sections: 1 },
      { sections: [{ type: 1 }] },
      { sections: [{ type: 'line', name: '$(reboot)', options: { device: '`id`' } }] },
    ]) {
      const [code, reply] = await call(lab, session, 'multidial', 'plan', { config });
      equal(code, 0);
      const { error, problems = [] } = (reply ?? {}) as { error?: object; problems?: unknown[] };
      ok(error !== undefined || problems.length > 0, JSON.stringify([config, reply]));
    }
    equal(await exports(lab), before);
  });

  step('takes everything back from the page', async (lab) => {
    const [code, run] = await call(lab, session, 'multidial', 'reset');
    equal([code, run?.['ok']], [0, true]);
    await lab.until('no session is left', async () => (await lab.isp.sessions()).length === 0);
  });
});

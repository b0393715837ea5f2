// The ubus client: sessions that expire, logins that do not lose the call, routers that hang.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { createClient, request, type Client, type ClientOptions } from '../../web/src/ubus/index.ts';
import { NO_SESSION } from '../../web/src/ubus/wire.ts';
import { denied, fakeFetch, FakeClock, type Answer, type Call, type Handler } from './web-fakes.ts';

const status = { version: '1' };
const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);

function setUp(handler: Handler, options: Partial<ClientOptions> = {}) {
  const clock = new FakeClock();
  const { fetch, posts } = fakeFetch(handler);
  const client = createClient({ url: '/ubus', fetch, clock, session: OLD, ...options });
  return { client, clock, posts };
}

/** A router that knows one session, beside nobody's. uhttpd lets these two alone ask for session.access. */
function router(alive: () => string | undefined): Handler {
  const answer = ({ session, object, method }: Call): Answer => {
    if (object === 'session' && method === 'access') return session === alive() || session === NO_SESSION ? [0, { access: true }] : denied;
    if (object === 'session' && method === 'login') return [0, { ubus_rpc_session: NEW, timeout: 300, expires: 300 }];
    return session === alive() ? [0, status] : denied;
  };
  return (calls) => calls.map(answer);
}

const ask = (client: Client) => client.call('multidial', 'status', {});
const names = (posts: Call[][]) => posts.map((calls) => calls.map(({ object, method }) => `${object}.${method}`).join());

const calls = suite('calls');

calls('posts once to its URL and gives the reply', async () => {
  const { client, clock, posts } = setUp(router(() => OLD));
  assert.equal(await clock.until(ask(client)), { ok: true, value: status });
  assert.equal(posts, [[{ id: 1, session: OLD, object: 'multidial', method: 'status', args: {} }]]);
});

calls('gives up on a router that hangs, and leaves no timer behind', async () => {
  const { client, clock } = setUp(() => 'hang');
  assert.equal(await clock.until(client.call('multidial', 'status', {}, { timeoutMs: 8000 })), { ok: false, fault: { kind: 'timeout', afterMs: 8000 } });
  assert.is(clock.waiting, 0);
});

calls('stops at once when the caller aborts', async () => {
  const { client, clock } = setUp(() => 'hang');
  const controller = new AbortController();
  const waiting = client.call('multidial', 'status', {}, { signal: controller.signal });
  await clock.settle();
  controller.abort();
  await clock.settle();
  assert.is(clock.waiting, 0, 'the time limit is gone');
  assert.equal(await waiting, { ok: false, fault: { kind: 'aborted' } });
});

calls('sends nothing for a caller that has aborted already', async () => {
  const { client, posts } = setUp(() => 'hang');
  assert.equal(await client.call('multidial', 'status', {}, { signal: AbortSignal.abort() }), { ok: false, fault: { kind: 'aborted' } });
  assert.equal(posts, []);
});

for (const [what, mishap, fault] of [
  ['refuses the connection', 'refuse', { kind: 'network', message: 'Failed to fetch' }],
  ['has no ubus plugin', { status: 404 }, { kind: 'http', httpStatus: 404 }],
  ['answers something else', { text: 'busy' }, { kind: 'malformed', message: 'not JSON' }],
] as const) {
  calls(`says so when the router ${what}`, async () => {
    const { client, clock } = setUp(() => mishap);
    assert.equal(await clock.until(ask(client)), { ok: false, fault });
    assert.is(clock.waiting, 0);
  });
}

calls('splits a batch above 60 KB, and knows each answer by an id that goes on from post to post', async () => {
  const backwards = (batch: Call[]) => batch.map(({ id }) => ({ jsonrpc: '2.0', id, result: [0, { section: `s${id}` }] })).reverse();
  const { client, clock, posts } = setUp((batch) => ({ text: JSON.stringify(backwards(batch)) }));
  const values = (index: number) => ({ o: `${index}`.padEnd(4000, 'x') });
  const requests = Array.from({ length: 40 }, (_, index) => request('uci', 'set', { config: 'multidial', section: 's', values: values(index) }));
  const results = await clock.until(client.batch(requests));
  assert.ok(posts.length > 1);
  assert.equal(
    posts.flat().map(({ id }) => id),
    requests.map((_, index) => index + 1),
  );
  assert.equal(
    results.map((result) => result.ok && (result.value as unknown as { section: string }).section),
    requests.map((_, index) => `s${index + 1}`),
  );
});

calls('does not send what comes after a post that failed', async () => {
  const { client, clock, posts } = setUp(() => 'refuse');
  const big = request('uci', 'set', { config: 'multidial', section: 's', values: { o: 'x'.repeat(40_000) } });
  const results = await clock.until(client.batch([big, big, big]));
  assert.is(posts.length, 1);
  assert.equal(
    results.map((result) => !result.ok && result.fault.kind),
    ['network', 'network', 'network'],
  );
});

calls('does not send a call that no post can hold', async () => {
  const { client, clock, posts } = setUp(router(() => OLD));
  const result = await clock.until(client.call('uci', 'set', { config: 'multidial', section: 's', values: { o: 'x'.repeat(70_000) } }));
  assert.is(!result.ok && result.fault.kind, 'too_large');
  assert.equal(posts, []);
});

calls('one call that fails does not take the others along', async () => {
  const { client, clock } = setUp((batch) => batch.map(({ method }): Answer => (method === 'delete' ? [4] : [0, { section: 'x' }])));
  const results = await clock.until(
    client.batch([request('uci', 'add', { config: 'multidial', type: 'line' }), request('uci', 'delete', { config: 'multidial', section: 'no' })]),
  );
  assert.equal(results as unknown[], [
    { ok: true, value: { section: 'x' } },
    { ok: false, fault: { kind: 'ubus', code: 4, status: 'NOT_FOUND' } },
  ]);
});
calls.run();

const sessions = suite('sessions');

sessions('logs in without a session and uses the new one from then on', async () => {
  const { client, clock, posts } = setUp(
    router(() => NEW),
    { session: undefined },
  );
  const result = await clock.until(client.login('root', 'secret', 3600));
  assert.ok(result.ok);
  assert.is(client.session(), NEW);
  assert.equal(posts[0]?.[0]?.args, { username: 'root', password: 'secret', timeout: 3600 });
  assert.is(posts[0]?.[0]?.session, NO_SESSION);
  assert.ok((await clock.until(ask(client))).ok);
});

sessions('a wrong password leaves the session as it was', async () => {
  const { client, clock } = setUp(() => [[6]]);
  const result = await clock.until(client.login('root', 'wrong'));
  assert.equal(result, { ok: false, fault: { kind: 'ubus', code: 6, status: 'PERMISSION_DENIED' } });
  assert.is(client.session(), OLD);
});

sessions('asks for a login when the session has expired, then repeats the call', async () => {
  let asked = 0;
  const { client, clock, posts } = setUp(
    router(() => NEW),
    {
      renew: async () => {
        asked += 1;
        return NEW;
      },
    },
  );
  assert.equal(await clock.until(ask(client)), { ok: true, value: status });
  assert.is(asked, 1);
  assert.equal(names(posts), ['multidial.status', 'session.access', 'multidial.status']);
});

sessions('a router that answers session.access with no has no such session either', async () => {
  const { client, clock } = setUp((batch) => batch.map(({ object }): Answer => (object === 'session' ? [0, { access: false }] : denied)));
  assert.equal(await clock.until(ask(client)), { ok: false, fault: { kind: 'expired' } });
  assert.equal(await clock.until(client.alive()), { ok: true, value: false });
});

sessions('many calls that find it expired ask for one login', async () => {
  let asked = 0;
  let logIn: (session: string) => void = () => {};
  const { client, clock } = setUp(
    router(() => NEW),
    {
      renew: () => {
        asked += 1;
        return new Promise((resolve) => {
          logIn = resolve;
        });
      },
    },
  );
  const all = Promise.all([ask(client), ask(client), ask(client)]);
  await clock.settle();
  assert.is(asked, 1);
  logIn(NEW);
  assert.ok((await clock.until(all)).every((result) => result.ok));
});

sessions('repeats of a batch only what was denied', async () => {
  const done: string[] = [];
  const { client, clock } = setUp(
    (batch) =>
      batch.map(({ session, object, method }): Answer => {
        if (object === 'session') return denied;
        if (method === 'config' && session === OLD) return denied;
        done.push(`${session[0]} ${method}`);
        return [0, { method }];
      }),
    { renew: async () => NEW },
  );
  const results = await clock.until(client.batch([request('multidial', 'status', {}), request('multidial', 'config', {})]));
  assert.ok(results.every((result) => result.ok));
  assert.equal(done, ['a status', 'b config']);
});

sessions('a declined login is told as expired', async () => {
  const { client, clock } = setUp(
    router(() => NEW),
    { renew: async () => undefined },
  );
  assert.equal(await clock.until(ask(client)), { ok: false, fault: { kind: 'expired' } });
});

sessions('a call of the apply does not go over to another session', async () => {
  let asked = 0;
  const { client, clock } = setUp(
    router(() => NEW),
    {
      renew: async () => {
        asked += 1;
        return NEW;
      },
    },
  );
  assert.equal(await clock.until(client.call('uci', 'confirm', {}, { renew: false })), { ok: false, fault: { kind: 'expired' } });
  assert.is(asked, 0);
});

sessions('tells a missing right from an expired session', async () => {
  const { client, clock } = setUp((batch) => batch.map(({ object }): Answer => (object === 'session' ? [0, { access: true }] : denied)));
  const fault = { kind: 'denied', object: 'multidial', method: 'reset' };
  assert.equal(await clock.until(client.call('multidial', 'reset', {})), { ok: false, fault });
});

sessions('does not ask for a password because the router is gone', async () => {
  let asked = 0;
  const { client, clock } = setUp((batch) => (batch[0]?.object === 'session' ? 'refuse' : [denied]), {
    renew: async () => {
      asked += 1;
      return NEW;
    },
  });
  const result = await clock.until(ask(client));
  assert.is(!result.ok && result.fault.kind, 'network');
  assert.is(asked, 0);
});

sessions('a session that dies again at once is expired, not asked for without end', async () => {
  let asked = 0;
  const { client, clock } = setUp(
    router(() => undefined),
    {
      renew: async () => {
        asked += 1;
        return NEW;
      },
    },
  );
  assert.equal(await clock.until(ask(client)), { ok: false, fault: { kind: 'expired' } });
  assert.is(asked, 1);
});

sessions('without any session a call is expired, and alive says no', async () => {
  const { client, clock } = setUp(
    router(() => NEW),
    { session: undefined },
  );
  assert.equal(await clock.until(ask(client)), { ok: false, fault: { kind: 'expired' } });
  assert.equal(await clock.until(client.alive()), { ok: true, value: false });
});
sessions.run();

// A small router for the browser tests: serves build/web as uhttpd would, and answers /ubus from memory.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { methods, toTold, toToldReply, type Problem } from '../../agent/src/contract/index.ts';
import { RouterAgent } from './router-agent.ts';
import { RouterConfig } from './router-config.ts';
import { RouterPassport } from './router-passport.ts';
import { RouterWatch } from './router-watch.ts';
import { luciHost, sendFile, type Folders } from './static-files.ts';

/** Where uhttpd finds what the packages install. */
const folders: Folders = [
  ['/multidial/', 'build/web/'],
  ['/luci-static/resources/multidial/lang/', 'build/web/lang/'],
  ['/luci-static/resources/multidial/', 'build/web/multidial/'],
  ['/luci-static/resources/view/multidial/', 'openwrt-feed/luci-app-multidial/htdocs/luci-static/resources/view/multidial/'],
  ['/luci-static/resources/view/status/include/', 'openwrt-feed/luci-app-multidial/htdocs/luci-static/resources/view/status/include/'],
  ...luciHost,
];

type Answer = [number, object?] | { code: number; message: string };
const denied: Answer = { code: -32002, message: 'Access denied' };

/** Complaints get their sentences at the router's edge, as the agent's do. */
function told(answer: Answer): Answer {
  if (!Array.isArray(answer) || !answer[1]) return answer;
  const [code, reply] = answer as [number, { error?: Problem; problems?: Problem[] }];
  return [code, reply.error ? { error: toTold(reply.error) } : toToldReply(reply)];
}

type Call = { session: string; object: string; method: string; args: Record<string, unknown> };
/** One POST as the tests look at it. */
export type Seen = { atMs: number; calls: Call[] };

const accounts: Record<string, { password: string; mayWrite: boolean }> = {
  root: { password: 'lab', mayWrite: true },
  viewer: { password: 'lab', mayWrite: false },
};
const readMethods = Object.entries(methods).flatMap(([name, { access }]) => (access === 'read' ? [name] : []));

export class Router {
  readonly config = new RouterConfig();
  readonly agent = new RouterAgent(this.config);
  readonly watch = new RouterWatch(this.agent);
  readonly passport = new RouterPassport(this.agent);
  /** Methods of the agent that take their time, in milliseconds. */
  readonly delayMs = new Map<string, number>();
  readonly seen: Seen[] = [];
  /** True: connections are cut, as by a router that reboots. */
  isGone = false;
  /** May answer a call in the router's place. */
  intercept: (call: Call) => Answer | undefined = () => undefined;
  #sessions = new Map<string, { mayWrite: boolean }>();
  #server = createServer((request, response) => void this.#serve(request, response));
  url = '';

  static async start(): Promise<Router> {
    const router = new Router();
    await new Promise<void>((resolve) => router.#server.listen(0, '127.0.0.1', resolve));
    router.url = `http://127.0.0.1:${(router.#server.address() as AddressInfo).port}`;
    return router;
  }

  async stop(): Promise<void> {
    if (this.config.pending) clearTimeout(this.config.pending.timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** As `/etc/init.d/rpcd restart`: every session is gone, with its deltas. */
  expireSessions(): void {
    this.#sessions.clear();
    this.config.deltas.clear();
  }

  openSession(mayWrite = true): string {
    const session = randomBytes(16).toString('hex');
    this.#sessions.set(session, { mayWrite });
    return session;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isGone) return void request.socket.destroy();
    const path = new URL(request.url ?? '/', this.url).pathname;
    if (path === '/ubus' || path === '/ubus/') return this.#serveUbus(request, response);
    await sendFile(response, folders, path);
  }

  async #serveUbus(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const list = (Array.isArray(body) ? body : [body]) as { id: unknown; params: [string, string, string, Record<string, unknown>] }[];
    const calls = list.map(({ params: [session, object, method, args] }) => ({ session, object, method, args }));
    this.seen.push({ atMs: Date.now(), calls });
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, ...calls.map(({ method }) => this.delayMs.get(method) ?? 0))));
    const answers = calls.map((call, index) => {
      const answer = told(this.intercept(call) ?? this.#answer(call));
      return { jsonrpc: '2.0', id: list[index]?.id, ...(Array.isArray(answer) ? { result: answer } : { error: answer }) };
    });
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  }

  #mayCall(session: string, object: string, method: string): boolean {
    const found = this.#sessions.get(session);
    if (!found) return false;
    if (object === 'session') return method === 'access' || method === 'login';
    return found.mayWrite || (object === 'multidial' && readMethods.includes(method));
  }

  #answer({ session, object, method, args }: Call): Answer {
    if (object === 'session' && method === 'login') return this.#login(args);
    if (object === 'session' && method === 'access') {
      // uhttpd asks whether the session may call it before rpcd is asked anything.
      if (!this.#sessions.has(session)) return denied;
      const may = args.scope === 'uci' ? this.#sessions.get(session)?.mayWrite === true : this.#mayCall(session, String(args.object), String(args.function));
      return [0, { access: may }];
    }
    if (!['uci', 'multidial'].includes(object)) return { code: -32000, message: 'Object not found' };
    if (!this.#mayCall(session, object, method)) return denied;
    if (object === 'uci') return this.config.call(session, method, args);
    switch (method) {
      case 'status':
        return [0, this.agent.status()];
      case 'config':
        return [0, this.agent.configReply()];
      case 'plan':
        return [0, this.agent.plan(args.config as never)];
      case 'apply':
        this.agent.derive();
        return [0, { ok: true, revision: this.config.revision, changed: true, uci: 0, system: 1, problems: [] }];
      case 'reset':
        return [0, this.agent.reset()];
      default:
        return this.watch.answer(method, args) ?? this.passport.answer(method, args) ?? denied;
    }
  }

  #login({ username, password, timeout }: Record<string, unknown>): Answer {
    const account = accounts[String(username)];
    if (!account || account.password !== password) return [6];
    return [0, { ubus_rpc_session: this.openSession(account.mayWrite), timeout, expires: timeout, acls: {} }];
  }
}

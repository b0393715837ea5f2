// Replays one recording against a router and says of each entry whether it came out as recorded.
import { setTimeout as sleep } from 'node:timers/promises';
import { apart, together } from './apart.ts';
import { bridges } from './bridges.ts';
import { runCommand } from './command.ts';
import { cutLike, exchange, parseReply, send } from './http.ts';
import { maskBody, maskOutput } from './mask.ts';
import { isCommand, isHttp } from './recording.ts';
import type { CommandEntry, Entry, HttpEntry, RecordingName } from './recording.ts';
import type { Router } from './router.ts';
import { replaySpecial } from './special.ts';

export type Outcome = { id: string; expected: string; actual: string };
export type Share = { name: RecordingName; matching: number; total: number; outcomes: Outcome[] };

const NOBODY = '0'.repeat(32);

/** What the entries of one recording share: the router, and which of its sessions stands for which recorded one. */
export class Replay {
  /** By the recorded id. */
  readonly sessions = new Map<string, string>();
  readonly router: Router;
  readonly mutate: (text: string) => string;

  constructor(router: Router, mutate: (text: string) => string) {
    this.router = router;
    this.mutate = mutate;
  }

  /** Recorded ids become this run's. */
  toRun(text: string): string {
    return text.replace(/\b[0-9a-f]{32}\b/g, (id) => this.sessions.get(id) ?? id);
  }

  /** This run's ids become the recorded ones. */
  toRecorded(text: string): string {
    const byActual = new Map([...this.sessions].map(([recorded, actual]) => [actual, recorded]));
    return text.replace(/[0-9a-f]{32}/g, (id) => byActual.get(id) ?? id);
  }

  /** The session that was logged in last over HTTP. */
  sid = NOBODY;

  // What bridges are built of.

  readonly wait = (ms: number): Promise<void> => sleep(ms);

  async shell(cmd: string): Promise<void> {
    await runCommand(this.router.root, this.toRun(this.mutate(cmd)));
  }

  /** Calls for a recorded session and gives the data. */
  async call(recordedSid: string, object: string, method: string, args: object): Promise<Record<string, unknown> | undefined> {
    const body = this.toRun(this.mutate(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params: [recordedSid, object, method, args] })));
    const head = `POST /ubus HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
    const reply = JSON.parse(parseReply(await exchange(this.router.port, head + body)).body) as { result?: [number, Record<string, unknown>] };
    return reply.result?.[1];
  }

  /** A login that the recording does not show, of a session that it uses. */
  async login(recordedSid: string, username = 'root', password = 'bench'): Promise<void> {
    const data = await this.call(NOBODY, 'session', 'login', { username, password });
    this.sessions.set(recordedSid, String(data?.['ubus_rpc_session']));
  }

  async http(entry: HttpEntry): Promise<Outcome> {
    const failed = (error: Error) => ({ head: String(error), body: '' });
    const reply = await send(this.router.port, { ...entry, request: this.toRun(entry.request) }).catch(failed);
    const login = /"ubus_rpc_session":"([0-9a-f]{32})"/;
    const [recorded, actual] = [login.exec(entry.response_body ?? '')?.[1], login.exec(reply.body)?.[1]];
    if (recorded && actual && !this.sessions.has(recorded)) {
      this.sessions.set(recorded, actual);
      this.sid = actual;
    }
    const expected = `${entry.response_head}\n\n${maskBody(entry.response_body ?? '')}`;
    const body = cutLike(this.toRecorded(reply.body).replaceAll(`${this.router.root}/`, '/'), entry.response_body ?? '');
    return { id: entry.id, expected, actual: `${reply.head}\n\n${maskBody(body)}` };
  }

  async command(entry: CommandEntry): Promise<Outcome> {
    const { stdout, stderr, rc } = await runCommand(this.router.root, this.toRun(entry.cmd), entry.stdin ?? '');
    this.#learnSessions(entry.stdout, stdout);
    const show = (out: string, err: string, code: number) => `${maskOutput(out)}\n--- stderr\n${maskOutput(err)}\n--- rc ${code}`;
    return { id: entry.id, expected: show(entry.stdout, entry.stderr, entry.rc), actual: show(this.toRecorded(stdout), this.toRecorded(stderr), rc) };
  }

  /** Sessions made by a command are printed in the same order. */
  #learnSessions(recorded: string, actual: string): void {
    const ids = (text: string) => [...text.matchAll(/"ubus_rpc_session": "([0-9a-f]{32})"/g)].map(([, id]) => id ?? '');
    const made = ids(actual);
    for (const [index, id] of ids(recorded).entries()) if (!this.sessions.has(id)) this.sessions.set(id, made[index] ?? '');
  }

  async entry(entry: Entry): Promise<Outcome> {
    if (isHttp(entry)) return this.http(entry);
    if (isCommand(entry)) return this.command(entry);
    return replaySpecial(this, entry);
  }
}

export async function replayAll(name: RecordingName, entries: readonly Entry[], replay: Replay): Promise<Share> {
  const outcomes: Outcome[] = [];
  const waiting: Promise<void>[] = [];
  for (const entry of entries) {
    await bridges[name]?.[entry.id]?.(replay);
    const reason = apart[name]?.[entry.id];
    if (reason && !reason.isRun) continue;
    const outcome = replay.entry(entry).then((result) => {
      if (!reason) outcomes.push(result);
    });
    if (together.includes(entry.id)) waiting.push(outcome);
    else await outcome;
  }
  await Promise.all(waiting);
  const matching = outcomes.filter(({ expected, actual }) => expected === actual).length;
  return { name, matching, total: outcomes.length, outcomes };
}

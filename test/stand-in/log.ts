// logd: the log as a ring in memory, written by `logger`, daemons and procd's children, read by `logread`.
import { OK, INVALID_ARGUMENT } from './bus.ts';
import type { Args, Methods, Reply, UbusObject } from './bus.ts';

export type Level = 'emerg' | 'alert' | 'crit' | 'err' | 'warn' | 'notice' | 'info' | 'debug';

const LEVELS: Level[] = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const FACILITIES: Record<string, number> = { kern: 0, user: 1, daemon: 3, auth: 4, syslog: 5, authpriv: 10, local0: 16 };
const MAX_LINES = 4000;

export type LogLine = { id: number; timeMs: number; facility: string; level: Level; text: string };

export class Log implements UbusObject {
  readonly name = 'log';
  readonly methods: Methods = { read: { lines: 'int32', stream: 'bool', oneshot: 'bool' }, write: { event: 'string' } };
  #lines: LogLine[] = [];
  #nextId = 1;
  #followers = new Set<(line: LogLine) => void>();

  /** Adds a line; `source` is a program's name, with its pid when it has one: `NAME[PID]`. */
  add(source: string, text: string, level: Level = 'info', facility = 'daemon'): void {
    for (const part of text.split('\n')) {
      const line: LogLine = { id: this.#nextId++, timeMs: Date.now(), facility, level, text: `${source}: ${part}` };
      this.#lines.push(line);
      if (this.#lines.length > MAX_LINES) this.#lines.shift();
      for (const follower of this.#followers) follower(line);
    }
  }

  lines(last?: number): LogLine[] {
    return last === undefined ? [...this.#lines] : this.#lines.slice(-last);
  }

  follow(follower: (line: LogLine) => void): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  async call(method: string, args: Args): Promise<Reply> {
    if (method === 'write') {
      if (typeof args.event !== 'string') return { code: INVALID_ARGUMENT };
      this.add('ubus', args.event, 'info', 'user');
      return { code: OK };
    }
    const count = typeof args.lines === 'number' && args.lines > 0 ? args.lines : undefined;
    return { code: OK, data: { log: this.lines(count).map(toMessage) } };
  }
}

function toMessage({ id, timeMs, facility, level, text }: LogLine): Record<string, unknown> {
  return { msg: text, id, priority: (FACILITIES[facility] ?? 1) * 8 + LEVELS.indexOf(level), source: 1, time: timeMs };
}

/** One line as `logread` prints it: `Sat Nov 21 08:17:31 2026 daemon.notice netifd: text`. */
export function renderLogLine({ timeMs, facility, level, text }: LogLine): string {
  const date = new Date(timeMs);
  const [week, day, month, year] = date.toUTCString().replace(',', '').split(' ');
  const time = date.toISOString().slice(11, 19);
  return `${week} ${month} ${String(Number(day)).padStart(2)} ${time} ${year} ${facility}.${level} ${text}`;
}

export function isLevel(text: string): text is Level {
  return (LEVELS as string[]).includes(text);
}

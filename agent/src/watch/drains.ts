// Drains: a link without new connections is dialed again once its old ones are over, or at a deadline.
import { appendEvent } from '../events.ts';
import type { Loop } from '../loop.ts';
import { HEX_MASK, hexMark } from '../owned.ts';
import type { System } from '../system.ts';
import { readResting, RESTING_FILE, writeResting } from '../watched.ts';
import type { WatchedLink } from '../watched.ts';

const EVERY_MS = 2000;
const TABLE = '/proc/net/nf_conntrack';

/** What is over for its two ends, or never was: no reason to wait. */
const OVER = /\b(?:TIME_WAIT|CLOSE|CLOSE_WAIT|LAST_ACK|FIN_WAIT|SYN_SENT|SYN_RECV|UNREPLIED)\b|^(?:ipv[46]\s+\d+\s+)?icmp/;

/** Is it a connection that somebody still uses? A line of /proc/net/nf_conntrack or of `conntrack -L`. */
export function isInUse(line: string, slot: number): boolean {
  const mark = /\bmark=(\d+)/.exec(line)?.[1];
  return mark !== undefined && Math.floor(Number(mark) / 0x1000000) === slot && !OVER.test(line);
}

export class Drains {
  #system: System;
  #loop: Loop;
  #redial: (link: WatchedLink) => void;
  #stamp = -1;
  #any = false;
  #nextMs = 0;
  #isCounting = false;

  constructor(system: System, loop: Loop, redial: (link: WatchedLink) => void) {
    this.#system = system;
    this.#loop = loop;
    this.#redial = redial;
  }

  tick(nowMs: number, linkOf: (name: string) => WatchedLink | undefined): void {
    const stamp = this.#system.stat(RESTING_FILE)?.inode ?? 0;
    if (stamp !== this.#stamp) this.#any = Object.values(readResting(this.#system)).some((rest) => rest.kind === 'drain');
    this.#stamp = stamp;
    if (!this.#any || this.#isCounting || nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + EVERY_MS;
    for (const [name, rest] of Object.entries(readResting(this.#system))) {
      if (rest.kind !== 'drain') continue;
      const link = linkOf(name);
      if (link?.state !== 'up' || nowMs >= rest.untilMs) this.#end(name, link, link?.state === 'up' ? 'deadline' : 'down');
      else this.#count(link, (inUse) => inUse === 0 && this.#end(name, link, 'idle'));
    }
  }

  /** Without a table that can be read, and without conntrack, the deadline alone ends a drain. */
  #count(link: WatchedLink, then: (inUse: number) => void): void {
    let inUse = 0;
    const onLine = (line: string): void => {
      if (isInUse(line, link.slot)) inUse++;
    };
    this.#isCounting = true;
    const argv = this.#system.stat(TABLE) ? ['cat', TABLE] : ['conntrack', '-L', '-m', `${hexMark(link.slot)}/${HEX_MASK}`];
    this.#loop.start(argv, {
      onLine,
      onEnd: (exit) => {
        this.#isCounting = false;
        if (exit === 0) then(inUse);
      },
    });
  }

  #end(name: string, link: WatchedLink | undefined, reason: string): void {
    const { [name]: ended, ...others } = readResting(this.#system);
    if (!ended) return;
    writeResting(this.#system, others);
    appendEvent(this.#system, { kind: 'drain_ended', link: name, details: { reason } });
    if (link) this.#redial(link);
  }
}

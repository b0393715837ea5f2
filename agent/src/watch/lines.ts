// What concerns a line as a whole: its links are redialed in turn before they grow old, or all at once where too few are up.
import { appendEvent } from '../events.ts';
import type { Loop } from '../loop.ts';
import type { System } from '../system.ts';
import { readHeld, readResting } from '../watched.ts';
import type { WatchedLine, WatchedLink } from '../watched.ts';
import { judgeQuorum, newQuorum } from './quorum.ts';
import type { Quorum } from './quorum.ts';
import { nextToRotate, parseWindow, ROTATION_DRAIN_S } from './rotation.ts';

const EVERY_MS = 10_000;
/** So long a drain that was asked for may take to be seen. */
const ASKED_MS = 30_000;

export class Lines {
  #system: System;
  #loop: Loop;
  #redial: (link: WatchedLink) => void;
  #lines: readonly WatchedLine[] = [];
  #quorums = new Map<string, Quorum>();
  #nextMs = 0;

  constructor(system: System, loop: Loop, redial: (link: WatchedLink) => void) {
    this.#system = system;
    this.#loop = loop;
    this.#redial = redial;
  }

  update(lines: readonly WatchedLine[]): void {
    this.#lines = lines;
    for (const name of this.#quorums.keys()) if (!lines.some((line) => line.name === name)) this.#quorums.delete(name);
  }

  /** `upSince` tells since when a link has been up. */
  tick(nowMs: number, links: readonly WatchedLink[], upSince: (name: string) => number): void {
    if (nowMs < this.#nextMs || this.#lines.length === 0) return;
    this.#nextMs = nowMs + EVERY_MS;
    for (const line of this.#lines) {
      const own = links.filter((link) => link.line === line.name);
      this.#rotate(line, own, nowMs, upSince);
      this.#count(line, own, nowMs);
    }
  }

  #rotate({ rotateS, window }: WatchedLine, links: readonly WatchedLink[], nowMs: number, upSince: (name: string) => number): void {
    if (rotateS <= 0) return;
    const resting = readResting(this.#system);
    const candidates = links.map(({ name, state }) => ({ name, isUp: state === 'up', isResting: name in resting, upSinceMs: upSince(name) }));
    const now = new Date(this.#system.wallMs());
    const rules = { everyMs: rotateS * 1000, window: parseWindow(window) };
    const name = nextToRotate(candidates, nowMs, 60 * now.getHours() + now.getMinutes(), rules);
    if (name === undefined) return;
    this.#nextMs = nowMs + ASKED_MS;
    this.#loop.start(['/usr/sbin/multidial', 'drain', name, `${ROTATION_DRAIN_S}`], { onLine: () => {}, onEnd: () => {} });
  }

  #count({ name, minUp }: WatchedLine, links: readonly WatchedLink[], nowMs: number): void {
    const held = readHeld(this.#system);
    const up = links.filter(({ state }) => state === 'up').length;
    const isRefused = links.some((link) => link.name in held);
    const { quorum, redialAll } = judgeQuorum(this.#quorums.get(name) ?? newQuorum, nowMs, up, Math.min(minUp, links.length), isRefused);
    this.#quorums.set(name, quorum);
    if (!redialAll) return;
    for (const link of links) {
      appendEvent(this.#system, { kind: 'redial', link: link.name, details: { reason: `only ${up} of line ${name} are up` } });
      this.#redial(link);
    }
  }
}

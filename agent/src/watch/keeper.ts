// What the watcher does to links: holds back dials in vain, ends drains. netifd is told by ubus, as ifup and ifdown tell it.
import type { NewEvent } from '../contract/index.ts';
import { appendEvent } from '../events.ts';
import type { Loop } from '../loop.ts';
import type { System } from '../system.ts';
import { heldStamp, readHeld, writeHeld } from '../watched.ts';
import type { Watched, WatchedLink } from '../watched.ts';
import { Drains } from './drains.ts';
import { Lines } from './lines.ts';
import { isRefusal, onClock, onDialFailed, unpaced } from './pacing.ts';
import type { Pacing } from './pacing.ts';

export class Keeper {
  #system: System;
  #loop: Loop;
  #linkOf: (name: string) => WatchedLink | undefined;
  #pacing = new Map<string, Pacing>();
  /** Interfaces whose dial failed, until the next run tells why. */
  #failed = new Map<string, number>();
  #drains: Drains;
  #lines: Lines;
  #links: readonly WatchedLink[] = [];
  #stamp = 0;

  constructor(system: System, loop: Loop, linkOf: (name: string) => WatchedLink | undefined) {
    this.#system = system;
    this.#loop = loop;
    this.#linkOf = linkOf;
    this.#drains = new Drains(system, loop, (link) => this.redial(link));
    this.#lines = new Lines(system, loop, (link) => this.redial(link));
  }

  /** Whoever was held back by a watcher that was killed is dialed. */
  start(): void {
    for (const { interface: name } of Object.values(readHeld(this.#system))) this.#tell(name, 'up');
    writeHeld(this.#system, {});
  }

  stop(): void {
    this.start();
  }

  onDialFailed(name: string, nowMs: number): void {
    this.#failed.set(name, nowMs);
  }

  /** A run has looked: it knows the reasons of failed dials, and who is up. */
  onLinks({ links, lines }: Watched): void {
    this.#links = links;
    this.#lines.update(lines);
    this.#hearReleases();
    for (const link of links) {
      if (link.state === 'up') this.#setPacing(link, unpaced);
      const failedMs = this.#failed.get(link.interface);
      this.#failed.delete(link.interface);
      if (failedMs === undefined || link.state === 'up') continue;
      this.#note({ kind: 'dial_failed', link: link.name, ...(link.reason === undefined ? {} : { details: { reason: link.reason } }) });
      if (!isRefusal(link.reason ?? '')) continue;
      const { pacing, action } = onDialFailed(this.#pacing.get(link.name) ?? unpaced, failedMs, link.reason ?? '');
      this.#setPacing(link, pacing);
      if (action !== 'hold') continue;
      const seconds = Math.round(((pacing.untilMs ?? failedMs) - failedMs) / 1000);
      this.#note({ kind: 'dial_stopped', link: link.name, details: { seconds, reason: link.reason ?? '' } });
      this.#tell(link.interface, 'down');
    }
    for (const name of this.#pacing.keys()) if (!links.some((link) => link.name === name)) this.#pacing.delete(name);
  }

  tick(nowMs: number, upSince: (name: string) => number): void {
    this.#hearReleases();
    for (const [name, pacing] of this.#pacing) {
      const step = onClock(pacing, nowMs);
      const link = this.#linkOf(name);
      if (step.action !== 'dial' || !link) continue;
      this.#setPacing(link, step.pacing);
      this.#tell(link.interface, 'up');
    }
    this.#drains.tick(nowMs, this.#linkOf);
    this.#lines.tick(nowMs, this.#links, upSince);
  }

  /**
   * Somebody dials a held link by hand: netifd may try, and one more failure holds it again. Or a run has given it other
   * options and shortened the hold: what failed before says nothing of those.
   */
  #hearReleases(): void {
    const stamp = heldStamp(this.#system);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    const held = readHeld(this.#system);
    for (const [name, pacing] of this.#pacing) {
      if (pacing.untilMs === undefined) continue;
      const untilMs = held[name]?.untilMs;
      if (untilMs === undefined) this.#pacing.set(name, { ...pacing, untilMs });
      else if (untilMs < pacing.untilMs) this.#pacing.set(name, { ...unpaced, untilMs });
    }
  }

  redial(link: WatchedLink): void {
    this.#tell(link.interface, 'down', () => this.#tell(link.interface, 'up'));
  }

  #note(event: NewEvent): void {
    appendEvent(this.#system, event);
  }

  #setPacing(link: WatchedLink, pacing: Pacing): void {
    const before = this.#pacing.get(link.name);
    if (before?.untilMs === pacing.untilMs && before?.failures === pacing.failures) return;
    if (pacing === unpaced) this.#pacing.delete(link.name);
    else this.#pacing.set(link.name, pacing);
    if (before?.untilMs === pacing.untilMs) return;
    const held = readHeld(this.#system);
    if (pacing.untilMs === undefined) delete held[link.name];
    else held[link.name] = { interface: link.interface, untilMs: pacing.untilMs, failures: pacing.failures, reason: link.reason ?? '' };
    writeHeld(this.#system, held);
  }

  #tell(name: string, what: 'up' | 'down', then: () => void = () => {}): void {
    this.#loop.start(['ubus', '-t', '10', 'call', `network.interface.${name}`, what], { onLine: () => {}, onEnd: then });
  }
}

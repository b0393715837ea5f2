// The program that stays: asks whether links live, hears of events, and lets `multidial look` bring the routes after.
import { announce } from '../announced.ts';
import type { NewEvent, TimelineEvent } from '../contract/index.ts';
import { appendEvent, Follower, readEvents } from '../events.ts';
import type { Loop } from '../loop.ts';
import { identityOf } from '../process.ts';
import type { System } from '../system.ts';
import { leftTrial } from '../trial.ts';
import { version } from '../version.ts';
import { HEARD_FILE, readWatched, watchedStamp, WATCHER_FILE, writeVerdicts } from '../watched.ts';
import type { WatchedLink } from '../watched.ts';
import { Keeper } from './keeper.ts';
import { LinkWatch } from './link-watch.ts';
import { Carrier } from './carrier.ts';
import { Hooks } from './hooks.ts';
import { Telemetry } from './telemetry.ts';

/** Between two looks at the clock. */
const TICK_MS = 100;
/** Of so many of them one is for what has more time. */
const SLOW_TICKS = 5;
/** A tick that comes so late had better hear first what came meanwhile. */
const LATE_MS = 300;
/** So often routes are looked at without a reason. */
const SAFETY_MS = 300_000;
/** So often while somebody who tried a line was killed, and no run has put it back yet. */
const LEFT_TRIAL_MS = 30_000;
/** Events that come together are one look. */
const GATHER_MS = 50;
const LOOK = ['/usr/sbin/multidial', 'look'];
/** The hook's notes are thrown away when they have grown so long. */
const MAX_HEARD = 32 << 10;

/** Links that came up and did not go down again, as the one before has told it. */
function lastUps(system: System): Map<string, number> {
  const ups = new Map<string, number>();
  for (const { kind, link, upMs } of readEvents(system, { kinds: ['up', 'down'] })) {
    if (link === undefined) continue;
    if (kind === 'up') ups.set(link, upMs);
    else ups.delete(link);
  }
  return ups;
}

export class Watcher {
  #system: System;
  #loop: Loop;
  #links = new Map<string, LinkWatch>();
  #keeper: Keeper;
  #telemetry: Telemetry;
  #timeline: Follower;
  #hooks: Hooks;
  #carrier: Carrier;
  #stamp = -1;
  /** Of links that are up. */
  #upSince: Map<string, number>;
  #heard = 0;
  #tickMs = 0;
  #ticks = 0;
  #isLooking = false;
  #isLookDue = false;
  #lookedMs = 0;

  constructor(system: System, loop: Loop) {
    this.#system = system;
    this.#loop = loop;
    this.#upSince = lastUps(system);
    this.#telemetry = new Telemetry(system);
    this.#timeline = new Follower(system);
    this.#hooks = new Hooks(system, loop);
    this.#keeper = new Keeper(system, loop, (link) => this.#links.get(link)?.link);
    this.#carrier = new Carrier(
      loop,
      () => [...this.#links.values()].flatMap(({ link }) => link.device ?? []),
      () => this.look(),
    );
  }

  /** Says who it is, and looks at once: nobody knows what happened meanwhile. */
  start(): void {
    const { pid } = this.#system;
    this.#system.writeFile(WATCHER_FILE, `${identityOf(this.#system, pid)}\n`, 0o600);
    this.#tell({ kind: 'started', details: { version } });
    this.#publish();
    this.#heard = this.#system.stat(HEARD_FILE)?.size ?? 0;
    this.#loop.onSignal('USR1', () => this.#hear());
    this.#keeper.start();
    this.#carrier.start();
    this.look();
    this.#tickMs = this.#system.nowMs();
    this.#tick();
  }

  /** Ends what it started; links that it held back are dialed again, for nobody would do so any more. */
  stop(): void {
    if (watchedStamp(this.#system) !== this.#stamp) this.#readLinks();
    this.#telemetry.save();
    for (const watch of this.#links.values()) watch.stop();
    this.#carrier.stop();
    this.#keeper.stop();
    this.#system.removeFile(WATCHER_FILE);
    this.#tell({ kind: 'stopped' });
  }

  /** One more run over the routes; however often it is asked for while one goes on, one follows. */
  look(): void {
    if (this.#isLookDue) return;
    this.#isLookDue = true;
    if (!this.#isLooking) this.#loop.after(GATHER_MS, () => this.#runLook());
  }

  #runLook(): void {
    if (this.#isLooking) return;
    this.#isLookDue = false;
    this.#isLooking = true;
    this.#lookedMs = this.#system.nowMs();
    this.#loop.start(LOOK, {
      onLine: () => {},
      onEnd: () => {
        this.#isLooking = false;
        this.#readLinks();
        if (this.#isLookDue) this.#runLook();
      },
    });
  }

  #tick(): void {
    const nowMs = this.#system.nowMs();
    // Timers come before what programs have written: after a pause that was ours, silence is only apparent.
    if (nowMs - this.#tickMs > LATE_MS) {
      this.#tickMs = nowMs;
      this.#loop.after(LATE_MS / 2, () => this.#tick());
      return;
    }
    this.#judge(nowMs);
    this.#ticks = (this.#ticks + 1) % SLOW_TICKS;
    if (this.#ticks === 0) {
      this.#hear();
      if (watchedStamp(this.#system) !== this.#stamp) this.#readLinks();
      this.#publish();
      this.#keeper.tick(nowMs, (name) => this.#upSince.get(name) ?? nowMs);
      for (const event of this.#timeline.read()) this.#onTold(event);
      this.#telemetry.tick(nowMs, [...this.#links.values()]);
      if (nowMs - this.#lookedMs > (leftTrial(this.#system) ? LEFT_TRIAL_MS : SAFETY_MS)) this.look();
    }
    this.#tickMs = nowMs + TICK_MS;
    this.#loop.after(TICK_MS, () => this.#tick());
  }

  #judge(nowMs: number): void {
    let isChanged = false;
    for (const watch of this.#links.values()) {
      for (const { family, isDead, holdS } of watch.judge(nowMs)) {
        isChanged = true;
        this.#tell({ kind: isDead ? 'dead' : 'alive', link: watch.link.name, details: { family } });
        if (holdS !== undefined) this.#tell({ kind: 'held', link: watch.link.name, details: { seconds: holdS } });
      }
    }
    if (!isChanged) return;
    this.#publish();
    this.look();
  }

  /** A session that was dialed anew is a young one, whether or not a run has seen it down. */
  #onTold(event: TimelineEvent): void {
    if (event.kind === 'redial' || event.kind === 'drain_ended') this.#upSince.delete(event.link ?? '');
    this.#hooks.tell(event);
  }

  /** A full RAM disk loses events, and nothing else. */
  #tell(event: NewEvent): void {
    appendEvent(this.#system, event);
  }

  #publish(): void {
    const named = (is: (watch: LinkWatch, family: 'ipv4' | 'ipv6') => boolean) => {
      const inFamily = (family: 'ipv4' | 'ipv6'): string[] => [...this.#links.values()].filter((watch) => is(watch, family)).map(({ link }) => link.name);
      return { ipv4: inFamily('ipv4'), ipv6: inFamily('ipv6') };
    };
    writeVerdicts(this.#system, { dead: named((watch, family) => watch.isDead(family)), unheard: named((watch, family) => watch.isUnheard(family)) });
  }

  /** What the last run saw. */
  #readLinks(): void {
    this.#stamp = watchedStamp(this.#system);
    const watched = readWatched(this.#system);
    const { links } = watched;
    const byName = new Map(links.map((link) => [link.name, link]));
    for (const [name, watch] of this.#links) {
      if (byName.has(name)) continue;
      watch.stop();
      this.#links.delete(name);
      this.#upSince.delete(name);
    }
    for (const link of links) this.#update(link);
    this.#telemetry.prune([...byName.keys()], watched.keepsHistory);
    this.#keeper.onLinks(watched);
  }

  #update(link: WatchedLink): void {
    const known = this.#links.get(link.name);
    const isUp = link.state === 'up';
    const wasUp = this.#upSince.has(link.name);
    // Hung up and dialed between two looks: another device tells.
    const isAnew = known !== undefined && wasUp && isUp && known.link.ifindex !== link.ifindex;
    if (isUp && (!wasUp || isAnew)) this.#tell({ kind: 'up', link: link.name, details: { device: link.device ?? '' } });
    if (wasUp && !isUp) this.#tell({ kind: 'down', link: link.name, ...(link.reason === undefined ? {} : { details: { reason: link.reason } }) });
    if (!isUp) this.#upSince.delete(link.name);
    else if (!wasUp || isAnew) this.#upSince.set(link.name, this.#system.nowMs());
    if (known) known.update(link);
    else this.#links.set(link.name, new LinkWatch(this.#system, this.#loop, link));
  }

  /** Reads what the hook has left behind the last line that was read. */
  #hear(): void {
    const size = this.#system.stat(HEARD_FILE)?.size ?? 0;
    if (size === this.#heard) return;
    if (size < this.#heard) this.#heard = 0;
    const lines = (this.#system.readFile(HEARD_FILE) ?? '').slice(this.#heard).split('\n');
    this.#heard += lines.slice(0, -1).join('\n').length + 1;
    for (const line of lines.slice(0, -1)) this.#onEvent(line);
    if (this.#heard > MAX_HEARD && this.#system.stat(HEARD_FILE)?.size === this.#heard) {
      this.#system.removeFile(HEARD_FILE);
      this.#heard = 0;
    }
  }

  #onEvent(line: string): void {
    const [action = '', name = '', device = ''] = line.split(' ');
    announce(this.#system, action, device);
    if (action === 'ifup-failed') this.#keeper.onDialFailed(name, this.#system.nowMs());
    this.look();
  }
}

// What is recorded once a second: rates by the kernel's counters, loss and latency by the probes, for status and history.
import type { LinkProbe } from '../contract/index.ts';
import type { System } from '../system.ts';
import { writeLive } from '../watched.ts';
import { parseCounters, toRates } from './counters.ts';
import type { Counters } from './counters.ts';
import { pruneHistories, Recorder, saveHistories } from './history-files.ts';
import type { LinkWatch } from './link-watch.ts';

const EVERY_MS = 1000;
/** So much of the history a power cut may cost; flash wears out by writing. */
const SAVE_MS = 86_400_000;

type Recorded = { recorder: Recorder; counters: Counters | undefined };

export class Telemetry {
  #system: System;
  #links = new Map<string, Recorded>();
  #lastMs = 0;
  #keeps = false;
  #savedMs: number;

  constructor(system: System) {
    this.#system = system;
    this.#savedMs = system.nowMs();
  }

  /** Links that are no more have no history; `keeps`: over a reboot. */
  prune(names: readonly string[], keeps: boolean): void {
    this.#keeps = keeps;
    for (const name of this.#links.keys()) if (!names.includes(name)) this.#links.delete(name);
    pruneHistories(this.#system, names, keeps);
  }

  /** What is recorded outlasts a reboot, where that is asked for. On a full flash it does not. */
  save(): void {
    this.#savedMs = this.#system.nowMs();
    if (this.#keeps) saveHistories(this.#system, [...this.#links.keys()]);
  }

  tick(nowMs: number, watches: readonly LinkWatch[]): void {
    if (nowMs - this.#lastMs < EVERY_MS) return;
    const elapsedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    const counters = parseCounters(this.#system.readFile('/proc/net/dev') ?? '');
    const live: Record<string, LinkProbe> = {};
    for (const watch of watches) live[watch.link.name] = this.#record(nowMs, elapsedMs, watch, counters);
    writeLive(this.#system, { atMs: Math.round(nowMs), links: live });
    if (nowMs - this.#savedMs > SAVE_MS) this.save();
  }

  #record(nowMs: number, elapsedMs: number, watch: LinkWatch, all: ReadonlyMap<string, Counters>): LinkProbe {
    const { name, device } = watch.link;
    const known = this.#links.get(name) ?? { recorder: new Recorder(this.#system, name), counters: undefined };
    this.#links.set(name, known);
    const counters = device === undefined ? undefined : all.get(device);
    const rates = toRates(known.counters, counters, elapsedMs);
    known.counters = counters;
    const { loss, latencyMs } = watch.measure(nowMs);
    known.recorder.record(nowMs, { rx: rates?.rx ?? null, tx: rates?.tx ?? null, loss, latencyMs });
    return watch.toLive(loss, latencyMs);
  }
}

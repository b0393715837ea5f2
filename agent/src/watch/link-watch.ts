// One link under watch: its pingers in each family, and what they make of it.
import type { LinkProbe } from '../contract/index.ts';
import type { Loop } from '../loop.ts';
import { readIfindex } from '../observe/files.ts';
import type { System } from '../system.ts';
import type { WatchedLink } from '../watched.ts';
import { Asker } from './asker.ts';
import type { AskerTask } from './asker.ts';
import { Pinger } from './pinger.ts';
import type { PingerTask } from './pinger.ts';
import { judge, onNewDevice, onReply, startJudging } from './probe.ts';
import type { Judgement } from './probe.ts';

type Family = 'ipv4' | 'ipv6';
type Task = PingerTask | AskerTask;
/** Whoever asks, and since when without a break. */
type Prober = { readonly task: Task; readonly askingSinceMs: number | undefined; stop(): void };
const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/** Packets of so many seconds are what loss is reckoned from. */
const WINDOW_S = 20;

/** `seconds`: what came back in each of the last seconds, the newest last. */
type Side = { prober: Prober | undefined; judgement: Judgement | undefined; replies: number; latencies: number; seconds: number[] };

const emptySide = (): Side => ({ prober: undefined, judgement: undefined, replies: 0, latencies: 0, seconds: [] });

export class LinkWatch {
  link: WatchedLink;
  #system: System;
  #loop: Loop;
  #sides: Record<Family, Side> = { ipv4: emptySide(), ipv6: emptySide() };
  #ifindex: number | undefined;
  #packets: { atMs: number; rx: number; perS: number } | undefined;

  constructor(system: System, loop: Loop, link: WatchedLink) {
    this.#system = system;
    this.#loop = loop;
    this.link = link;
    for (const family of FAMILIES) this.#follow(family);
  }

  update(link: WatchedLink): void {
    this.link = link;
    for (const family of FAMILIES) this.#follow(family);
  }

  stop(): void {
    for (const family of FAMILIES) this.#sides[family].prober?.stop();
  }

  /** A verdict stays with the link while it is redialed: it must prove itself again. */
  isDead(family: Family): boolean {
    return this.#sides[family].judgement?.verdict === 'dead';
  }

  /** Is the device still the one that was asked by? */
  #isSameDevice(): boolean {
    return this.link.device !== undefined && readIfindex(this.#system, this.link.device) === this.#ifindex;
  }

  isUnheard(family: Family): boolean {
    const { prober, judgement } = this.#sides[family];
    return prober !== undefined && judgement?.verdict === 'unknown';
  }

  /** Looks at the clock; tells of each family that is dead or alive again. `holdS`: so much longer than usual it must answer. */
  judge(nowMs: number): { family: Family; isDead: boolean; holdS: number | undefined }[] {
    const { probe } = this.link;
    if (!probe) return [];
    const rxPackets = this.#rxPackets(nowMs);
    return FAMILIES.flatMap((family) => {
      const side = this.#sides[family];
      if (!side.prober || !side.judgement) return [];
      const before = this.isDead(family);
      const next = judge(side.judgement, { nowMs, askingSinceMs: side.prober.askingSinceMs, rxPackets }, probe);
      // A session that has ended is silent too: that is netifd's to say, and no verdict on the one that follows.
      if (next.verdict === 'dead' && !before && !this.#isSameDevice()) return [];
      side.judgement = next;
      const isDead = this.isDead(family);
      if (isDead === before) return [];
      const { holdMs } = side.judgement;
      return [{ family, isDead, holdS: isDead && holdMs > probe.backS * 1000 ? holdMs / 1000 : undefined }];
    });
  }

  /** Called once a second: what came back since, over both families. */
  measure(nowMs: number): { loss: number | null; latencyMs: number | null } {
    let [sent, back, replies, latencies] = [0, 0, 0, 0];
    for (const family of FAMILIES) {
      const side = this.#sides[family];
      side.seconds = side.prober ? [...side.seconds, side.replies].slice(-WINDOW_S) : [];
      replies += side.replies;
      latencies += side.latencies;
      [side.replies, side.latencies] = [0, 0];
      const askedS = (nowMs - (side.prober?.askingSinceMs ?? nowMs)) / 1000;
      // What was sent in the last moment may be on its way.
      if (!side.prober || askedS < 2 * side.prober.task.intervalS) continue;
      sent += (Math.min(side.seconds.length, askedS) * side.prober.task.targets.length) / side.prober.task.intervalS;
      back += side.seconds.reduce((sum, count) => sum + count, 0);
    }
    const loss = sent > 0 ? Math.max(0, Math.round(100 * (1 - back / sent))) : null;
    return { loss, latencyMs: replies > 0 ? Math.round((10 * latencies) / replies) / 10 : null };
  }

  toLive(loss: number | null, latencyMs: number | null): LinkProbe {
    const judgements = FAMILIES.flatMap((family) => {
      const { prober, judgement } = this.#sides[family];
      return judgement && (prober || judgement.verdict === 'dead') ? [{ family, judgement }] : [];
    });
    const dead = judgements.find(({ judgement }) => judgement.verdict === 'dead')?.judgement;
    const newest = Math.max(...judgements.map(({ judgement }) => judgement.sinceMs));
    return {
      ...Object.fromEntries(judgements.map(({ family, judgement }) => [family, judgement.verdict])),
      ...(judgements.length ? { sinceMs: Math.round(newest) } : {}),
      ...(dead ? { holdS: dead.holdMs / 1000 } : {}),
      ...(loss === null ? {} : { loss }),
      ...(latencyMs === null ? {} : { latencyMs }),
    };
  }

  /** What there is to ask now; nothing while the link is down, or has no target in this family. */
  #task(family: Family): Task | undefined {
    const { probe, slot, state } = this.link;
    const [address] = this.link[family];
    if (!probe || address === undefined || state !== 'up') return undefined;
    const { kind, intervalS, question } = probe;
    if (kind === 'dns' || kind === 'http')
      return family === 'ipv4' && probe.targets.length ? { kind, slot, targets: probe.targets, name: question, intervalS } : undefined;
    const targets = probe.targets.filter((target) => target.includes(':') === (family === 'ipv6'));
    return targets.length ? { slot, family, address, targets, intervalS } : undefined;
  }

  #follow(family: Family): void {
    const side = this.#sides[family];
    const task = this.#task(family);
    if (side.prober && task && JSON.stringify(side.prober.task) === JSON.stringify(task)) return;
    side.prober?.stop();
    side.prober = undefined;
    const rules = this.link.probe;
    if (!rules) side.judgement = undefined;
    if (!task || !rules) return;
    this.#ifindex = this.link.device === undefined ? undefined : readIfindex(this.#system, this.link.device);
    const nowMs = this.#system.nowMs();
    side.judgement = side.judgement ? onNewDevice(side.judgement, nowMs) : startJudging(nowMs, rules);
    const onAnswer = (latencyMs: number): void => {
      side.replies++;
      side.latencies += latencyMs;
      if (side.judgement) side.judgement = onReply(side.judgement, this.#system.nowMs(), latencyMs, rules);
    };
    side.prober = 'kind' in task ? new Asker(this.#system, this.#loop, task, onAnswer) : new Pinger(this.#loop, () => this.#system.nowMs(), task, onAnswer);
  }

  /** Packets that came in each second; read only where a verdict may hang on it. */
  #rxPackets(nowMs: number): number {
    const { device, probe } = this.link;
    if (device === undefined || !probe?.vetoPackets) return 0;
    const rx = Number(this.#system.readFile(`/sys/class/net/${device}/statistics/rx_packets`) ?? 0);
    const last = this.#packets;
    if (last && nowMs - last.atMs < 1000) return last.perS;
    const perS = last && rx >= last.rx ? ((rx - last.rx) * 1000) / (nowMs - last.atMs) : 0;
    this.#packets = { atMs: nowMs, rx, perS };
    return perS;
  }
}

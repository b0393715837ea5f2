// Asks again and again, one request at a time: none in a hidden tab, fewer while the router is gone.
import type { Clock } from './clock.ts';

/** `gone`: back off and try again; `stop`: never again. */
export type PollOutcome = 'answered' | 'gone' | 'stop';

export type PollOptions = {
  clock: Clock;
  /** From the end of one request to the start of the next, in milliseconds. */
  intervalMs: number;
  /** The pause doubles with each failure up to this. */
  maxPauseMs: number;
  ask: (signal: AbortSignal) => Promise<PollOutcome>;
  /** Told when it pauses after a failure, on the clock; undefined as soon as it asks again. */
  onPause?: (untilMs: number | undefined) => void;
  visibility: { isHidden(): boolean; onChange(listener: () => void): () => void };
};

export type Poll = {
  /** Asks at once, whatever the pause. */
  now(): void;
  stop(): void;
};

/** Starts at once unless the tab is hidden. */
export function startPoll({ clock, intervalMs, maxPauseMs, ask, onPause, visibility }: PollOptions): Poll {
  const controller = new AbortController();
  let timer: number | undefined;
  let asking = false;
  let failures = 0;
  const clear = (): void => {
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = undefined;
  };

  async function tick(): Promise<void> {
    clear();
    if (asking || controller.signal.aborted || visibility.isHidden()) return;
    asking = true;
    onPause?.(undefined);
    const outcome = await ask(controller.signal);
    asking = false;
    if (outcome === 'stop') return stop();
    if (controller.signal.aborted) return;
    failures = outcome === 'gone' ? failures + 1 : 0;
    const pauseMs = failures === 0 ? intervalMs : Math.min(maxPauseMs, intervalMs * 2 ** (failures - 1));
    timer = clock.setTimeout(tick, pauseMs);
    if (failures > 0) onPause?.(clock.now() + pauseMs);
  }

  const unlisten = visibility.onChange(() => {
    if (visibility.isHidden()) clear();
    else void tick();
  });
  function stop(): void {
    clear();
    unlisten();
    controller.abort();
  }
  void tick();
  return { now: () => void tick(), stop };
}

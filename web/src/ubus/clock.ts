// Time as an argument, so that tests decide how it passes.

/** `now` is milliseconds on a clock that never jumps back. */
export type Clock = {
  now(): number;
  setTimeout(callback: () => void, delayMs: number): number;
  clearTimeout(timer: number): void;
};

/** Resolves after `delayMs`, or at once when the signal fires. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = clock.setTimeout(done, delayMs);
    function done(): void {
      signal?.removeEventListener('abort', done);
      clock.clearTimeout(timer);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}

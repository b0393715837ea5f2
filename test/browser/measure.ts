// How long the page's main thread is at work, on a processor slowed down to that of a cheap phone or an old netbook.
import type { CDPSession, Page } from 'playwright-core';

const SLOWER = 4;

export type Meter = {
  /** Milliseconds from an input to the next frame, one for each press of `act` that was not too quick to be told. */
  interactions(act: () => Promise<void>): Promise<number[]>;
  /** In each of `count` seconds: the milliseconds of the main thread's work, and of its longest piece, which is what an input waits for; 0 for less than 50. */
  seconds(count: number): Promise<{ workMs: number; longestMs: number }[]>;
  /** Bytes of the heap, values in it, DOM nodes and listeners, once everything is thrown away that can be. */
  kept(): Promise<{ heapBytes: number; values: number; nodes: number; listeners: number }>;
};

/** What a script keeps, as a heap snapshot calls it. Not what the engine compiles, nor what the browser notes of requests for whoever watches it. */
const VALUES = new Set(['object', 'array', 'closure', 'string', 'concatenated string', 'sliced string', 'number', 'bigint', 'symbol', 'regexp']);

/** Shape: https://chromium.googlesource.com/v8/v8/+/refs/heads/main/src/profiler/heap-snapshot-generator.h */
type Snapshot = { snapshot: { meta: { node_fields: string[]; node_types: [string[]] } }; nodes: number[] };

async function countValues(cdp: CDPSession): Promise<number> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }): void => void chunks.push(chunk);
  cdp.on('HeapProfiler.addHeapSnapshotChunk', take);
  await cdp.send('HeapProfiler.takeHeapSnapshot', {});
  cdp.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { snapshot, nodes } = JSON.parse(chunks.join('')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const typeOf = (node: number): string => types[0][nodes[node * fields.length] ?? 0] ?? '';
  return Array.from({ length: nodes.length / fields.length }, (_, node) => typeOf(node)).filter((type) => VALUES.has(type)).length;
}

/** The browser rounds to 8 ms and tells nothing below 16. */
const LEAST_MS = 16;

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;

async function taskMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

/** `isSlow` false: at the machine's own speed, where time is not what is measured. */
export async function startMeter(page: Page, { isSlow = true } = {}): Promise<Meter> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.enable');
  if (isSlow) await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.evaluate(`
    // A press is several events with one number; the longest of them is how long it took.
    window.slowest = new Map();
    new PerformanceObserver((list) => {
      for (const { interactionId: id, duration } of list.getEntries()) if (id) window.slowest.set(id, Math.max(duration, window.slowest.get(id) ?? 0));
    }).observe({ type: 'event', durationThreshold: ${LEAST_MS} });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: 'longtask' });
  `);
  return {
    interactions: async (act) => {
      await page.evaluate('window.slowest.clear()');
      await act();
      await page.waitForTimeout(300);
      const slow = (await page.evaluate('[...window.slowest.values()]')) as number[];
      return slow.length > 0 ? slow : [LEAST_MS];
    },
    seconds: async (count) => {
      const seconds: { workMs: number; longestMs: number }[] = [];
      for (let before = await taskMs(cdp); seconds.length < count; ) {
        await page.evaluate('window.longest = 0');
        await page.waitForTimeout(1000);
        const now = await taskMs(cdp);
        seconds.push({ workMs: now - before, longestMs: (await page.evaluate('window.longest')) as number });
        before = now;
      }
      return seconds;
    },
    kept: async () => {
      // The second time for what the first has made free.
      for (let round = 0; round < 2; round += 1) await cdp.send('HeapProfiler.collectGarbage');
      const { usedSize } = await cdp.send('Runtime.getHeapUsage');
      const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
      return { heapBytes: usedSize, values: await countValues(cdp), nodes, listeners: jsEventListeners };
    },
  };
}

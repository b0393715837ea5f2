// Makes a page's hours pass in minutes: timers fire in their order as soon as no request is under way, and the clocks jump to them.

/** Timers shorter than this are drawing, and stay real. */
const SHORT_MS = 100;

/** A script for the page, before its own. `window.clockMs` says how much time has passed by jumps. */
export const fastClock = `(() => {
  const real = { setTimeout: window.setTimeout.bind(window), now: performance.now.bind(performance), date: Date.now, fetch: window.fetch.bind(window) };
  const waiting = [];
  let nextId = 1e9;
  let requests = 0;
  window.clockMs = 0;
  performance.now = () => real.now() + window.clockMs;
  Date.now = () => real.date() + window.clockMs;
  window.fetch = (...args) => {
    requests += 1;
    // Its reply is still to be read, and its time limit taken away.
    return real.fetch(...args).finally(() => real.setTimeout(() => { requests -= 1; }, 3));
  };
  window.setTimeout = (callback, delayMs = 0, ...args) => {
    if (delayMs < ${SHORT_MS}) return real.setTimeout(callback, delayMs, ...args);
    nextId += 1;
    waiting.push({ id: nextId, dueMs: performance.now() + delayMs, run: () => callback(...args) });
    waiting.sort((a, b) => a.dueMs - b.dueMs);
    return nextId;
  };
  const clear = window.clearTimeout.bind(window);
  window.clearTimeout = (id) => {
    const place = waiting.findIndex((timer) => timer.id === id);
    if (place >= 0) waiting.splice(place, 1);
    else clear(id);
  };
  const pump = () => {
    if (requests === 0 && waiting.length > 0 && !window.isClockStopped) {
      const timer = waiting.shift();
      window.clockMs += Math.max(0, timer.dueMs - performance.now());
      timer.run();
    }
    real.setTimeout(pump, 0);
  };
  pump();
})()`;

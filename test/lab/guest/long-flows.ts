// Connections that stay open from one namespace of the guest, each with a word every EVERY_MS. Prints `open` once all are, and at
// SIGTERM, when the last words were answered or are late, one JSON object (LongFlows).
//
//   long-flows.mjs TO tcp|udp COUNT EVERY_MS [PORT]
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';

export type LongFlows = {
  opened: number;
  /** Ended, mute at the end, or (UDP) seen by the far end with another address than at first. */
  lost: number;
  /** Why, each with how many. */
  why: Record<string, number>;
};

const [to = '', kind = 'tcp', countText = '1', everyText = '2000', portText = '7'] = process.argv.slice(2);
const count = Number(countText);
const everyMs = Number(everyText);
const port = Number(portText);
const LAST_WORD_MS = 6000;

type Flow = { say(): void; answeredAt: number; saidAt: number; fault?: string };
const flows: Flow[] = [];
let opened = 0;

const heard = (flow: Flow) => {
  if (flow.answeredAt === 0 && ++opened === count) console.log('open');
  flow.answeredAt = performance.now();
};

function openTcp(): void {
  const socket = connect({ host: to, port, noDelay: true });
  const flow: Flow = { say: () => socket.write('word\n'), answeredAt: 0, saidAt: 0 };
  socket.on('data', () => heard(flow));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    flow.fault ??= error.code ?? error.message;
  });
  socket.on('close', () => {
    flow.fault ??= 'closed';
  });
  socket.on('connect', () => speak(flow));
  flows.push(flow);
}

function openUdp(): void {
  const socket = createSocket(isIPv6(to) ? 'udp6' : 'udp4');
  let seen = '';
  const flow: Flow = { say: () => socket.send('who', port, to), answeredAt: 0, saidAt: 0 };
  socket.on('message', (message) => {
    const from = message.toString();
    if (seen === '') seen = from;
    else if (seen !== from) flow.fault ??= 'another address';
    heard(flow);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    flow.fault ??= error.code ?? error.message;
  });
  flows.push(flow);
  speak(flow);
}

function speak(flow: Flow): void {
  if (flow.fault) return;
  flow.saidAt = performance.now();
  flow.say();
}

const open = setInterval(() => {
  for (let some = 0; some < 10 && flows.length < count; some++) (kind === 'udp' ? openUdp : openTcp)();
  if (flows.length >= count) clearInterval(open);
}, 50);
// A word each, spread over the time between two.
let turn = 0;
const talk = setInterval(
  () => {
    const flow = flows[turn++ % count];
    if (flow && (flow.answeredAt > 0 || kind === 'udp')) speak(flow);
  },
  Math.max(1, everyMs / count),
);

process.on('SIGTERM', () => {
  clearInterval(talk);
  const askedAt = performance.now();
  for (const flow of flows) speak(flow);
  setTimeout(() => {
    const why: Record<string, number> = {};
    for (const flow of flows) {
      const fault = flow.fault ?? (flow.answeredAt < askedAt ? 'mute' : undefined);
      if (fault) why[fault] = (why[fault] ?? 0) + 1;
    }
    const lost = Object.values(why).reduce((sum, number) => sum + number, 0);
    process.stdout.write(`${JSON.stringify({ opened, lost, why } satisfies LongFlows)}\n`, () => process.exit(0));
  }, LAST_WORD_MS);
});

// UDP flows from one namespace of the guest: a new destination port is a new flow. Prints one JSON object (Result) at its end.
//
//   traffic.mjs TO COUNT GAP_MS WAIT_MS      COUNT 0: until SIGTERM; it ends after WAIT_MS without an answer
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';

export type Result = {
  sent: number;
  answered: number;
  /** Errors of sending, as in ENETUNREACH. */
  errors: Record<string, number>;
  /** Error reports of routers about this namespace's packets (destination unreachable), while it ran. */
  unreachables: number;
  /** The longest time between two flows that were answered, by the time they were sent; how long the outside was out of reach. */
  longestGapMs: number;
};

const [to = '', countText = '0', gapText = '5', waitText = '500'] = process.argv.slice(2);
const count = Number(countText);
const gapMs = Number(gapText);
const waitMs = Number(waitText);
/** The outside answers on all of these. */
const FIRST_PORT = 20000;
const PORTS = 40000;

function unreachables(): number {
  const six = readFileSync('/proc/net/snmp6', 'utf8').match(/^Icmp6InDestUnreachs\s+(\d+)/m)?.[1] ?? '0';
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Icmp: '));
  const four = values.split(' ')[names.split(' ').indexOf('InDestUnreachs')] ?? '0';
  return Number(six) + Number(four);
}

const before = unreachables();
const errors: Record<string, number> = {};
/** When each flow was sent, and whether an answer came. */
const sentAt: number[] = [];
const answered: boolean[] = [];
const socket = createSocket({ type: isIPv6(to) ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 });
let lastAnswerAt = 0;
socket.on('message', (message) => {
  lastAnswerAt = performance.now();
  answered[message.readUInt32BE(0)] = true;
});
socket.on('error', (error: NodeJS.ErrnoException) => {
  errors[error.code ?? error.message] = (errors[error.code ?? error.message] ?? 0) + 1;
});

function sendNext(): void {
  const index = sentAt.length;
  const message = Buffer.alloc(64);
  message.writeUInt32BE(index);
  sentAt.push(performance.now());
  answered.push(false);
  socket.send(message, FIRST_PORT + (index % PORTS), to, (error) => {
    if (error) socket.emit('error', error);
  });
}

function finish(): void {
  const marks = sentAt.filter((_, index) => answered[index]);
  const gaps = marks.map((at, index) => at - (marks[index - 1] ?? sentAt[0] ?? at));
  const result: Result = {
    sent: sentAt.length,
    answered: marks.length,
    errors,
    unreachables: unreachables() - before,
    longestGapMs: Math.round(Math.max(0, ...gaps)),
  };
  // The write ends before the process does: stdout may be a pipe.
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

const startedAt = performance.now();
const timer = setInterval(
  () => {
    // By the clock, not by ticks: a tick under emulation may be late.
    const due = Math.floor((performance.now() - startedAt) / gapMs) + 1;
    while (sentAt.length < due && (count === 0 || sentAt.length < count)) sendNext();
    if (count > 0 && sentAt.length >= count) stop();
  },
  Math.max(1, gapMs),
);

let isStopping = false;
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  clearInterval(timer);
  lastAnswerAt = performance.now();
  setInterval(() => performance.now() - lastAnswerAt > waitMs && finish(), 100);
}
process.on('SIGTERM', stop);

// The loop port on QuickJS, whose own event loop runs once the script's last line is through.
import * as std from 'std';
import * as os from 'os';
import type { Child, ChildOptions, Loop, SignalName } from './loop.ts';

const CHUNK = 4096;
/** A line that is longer is no program's that we know. */
const MAX_LINE = 64 << 10;
/** A child whose stdout ended is about to end itself. */
const REAP_MS = 50;
const SIGTERM = 15;
const SIGNALS: Record<SignalName, number> = { TERM: SIGTERM, INT: 2, USR1: 10 };

const exitOf = (status: number): number => ((status & 0x7f) === 0 ? (status >> 8) & 0xff : -(status & 0x7f));

let nowhere = -1;

function start(argv: readonly string[], { gid, environment, onLine, onEnd }: ChildOptions): Child {
  if (nowhere < 0) nowhere = os.open('/dev/null', os.O_RDWR);
  const pipe = os.pipe();
  const pid = pipe
    ? os.exec([...argv], {
        block: false,
        usePath: true,
        stdin: nowhere,
        stdout: pipe[1],
        stderr: nowhere,
        ...(gid === undefined ? {} : { gid }),
        ...(environment ? { env: { ...std.getenviron(), ...environment } } : {}),
      })
    : -1;
  if (!pipe || pid < 0) {
    for (const fd of pipe ?? []) os.close(fd);
    os.setTimeout(() => onEnd(-1), 0);
    return { pid: -1, kill: () => {} };
  }
  const [input, output] = pipe;
  os.close(output);
  const buffer = new ArrayBuffer(CHUNK);
  let rest = '';
  let isOver = false;
  const reap = (): void => {
    const [done, status] = os.waitpid(pid, os.WNOHANG);
    if (done === 0) {
      os.setTimeout(reap, REAP_MS);
      return;
    }
    isOver = true;
    onEnd(done === pid ? exitOf(status) : -1);
  };
  os.setReadHandler(input, () => {
    const count = os.read(input, buffer, 0, CHUNK);
    if (count <= 0) {
      os.setReadHandler(input, null);
      os.close(input);
      reap();
      return;
    }
    const lines = (rest + String.fromCharCode(...new Uint8Array(buffer, 0, count))).split('\n');
    rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) onLine(line);
  });
  return {
    pid,
    kill: () => {
      if (!isOver) os.kill(pid, SIGTERM);
    },
  };
}

export const createLoop = (): Loop => ({
  after: (ms, then) => {
    const timer = os.setTimeout(then, ms);
    return { cancel: () => os.clearTimeout(timer) };
  },
  start,
  onSignal: (name, then) => os.signal(SIGNALS[name], then),
});

// Runs in the guest: executes what the host asks for, and ends (so the guest powers off) when the last host connection is gone.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { type Answer, CONTROL_PORT, type Exit, type GuestFile, type Request, splitLines } from './protocol.ts';

/** A host that died while the guest booted never connects. */
const NOBODY_CAME_MS = 120_000;

type Send = (answer: Answer) => void;
type RunRequest = Extract<Request, { argv: string[] }>;

function run(request: RunRequest, send: Send): ChildProcess {
  const { id, netns, timeoutMs } = request;
  const argv = netns ? ['ip', 'netns', 'exec', netns, ...request.argv] : request.argv;
  // An own process group: a timeout or a signal reaches a shell's children too.
  const child = spawn(argv[0] ?? '', argv.slice(1), { detached: true, cwd: '/', env: { ...process.env, ...request.env } });
  let timedOut = false;
  let failure: string | undefined;
  const timer = timeoutMs
    ? setTimeout(() => {
        timedOut = true;
        signalGroup(child, 'SIGKILL');
      }, timeoutMs)
    : undefined;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => send({ id, stream, text }));
  }
  child.on('error', (error) => {
    failure = error.message;
    if (child.pid === undefined) finish(null, null);
  });
  // `exit` and a grace for the pipes, not `close`: a daemon may hold them for ever.
  child.on('exit', (code, signal) => {
    const timerForPipes = setTimeout(() => finish(code, signal), 300);
    child.on('close', () => {
      clearTimeout(timerForPipes);
      finish(code, signal);
    });
  });
  let finished = false;
  function finish(code: number | null, signal: string | null): void {
    if (finished) return;
    finished = true;
    clearTimeout(timer);
    const exit: Exit = { id, exit: true, code, signal, timedOut };
    send(failure === undefined ? exit : { ...exit, error: failure });
  }
  child.stdin.on('error', () => {}); // a program that reads no input closes it early
  child.stdin.end(request.stdin ?? '');
  return child;
}

function signalGroup(child: ChildProcess, signal: string): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal as NodeJS.Signals);
  } catch {
    // It ended by itself in the meantime.
  }
}

function layDown(file: GuestFile): void {
  mkdirSync(dirname(file.path), { recursive: true });
  rmSync(file.path, { force: true });
  if ('link' in file) symlinkSync(file.link, file.path);
  else writeFileSync(file.path, Buffer.from(file.base64, 'base64'), { mode: file.mode });
}

function serve(socket: Socket): void {
  const children = new Map<number, ChildProcess>();
  const send: Send = (answer) => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
    if ('exit' in answer) children.delete(answer.id);
  };
  const handle = (request: Request) => {
    if ('argv' in request) {
      children.set(request.id, run(request, send));
    } else if ('signal' in request) {
      const child = children.get(request.id);
      if (child) signalGroup(child, request.signal);
    } else {
      const exit: Exit = { id: request.id, exit: true, code: 0, signal: null, timedOut: false };
      try {
        process.umask(0);
        for (const file of request.files) layDown(file);
        send(exit);
      } catch (error) {
        send({ ...exit, code: 1, error: String(error) });
      } finally {
        process.umask(0o022);
      }
    }
  };
  socket
    .setNoDelay(true)
    .setEncoding('utf8')
    .on(
      'data',
      splitLines((line) => handle(JSON.parse(line) as Request)),
    );
}

let connections = 0;
const nobody = setTimeout(() => process.exit(1), NOBODY_CAME_MS);
createServer((socket) => {
  clearTimeout(nobody);
  connections++;
  socket.on('error', () => {});
  socket.on('close', () => {
    connections--;
    if (connections === 0) process.exit(0);
  });
  serve(socket);
}).listen(CONTROL_PORT, '0.0.0.0', () => console.log('LAB-READY'));

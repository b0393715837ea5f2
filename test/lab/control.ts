// The host's end of the control connection: runs programs in the guest and writes its files.
import { connect, type Socket } from 'node:net';
import { type Answer, type Exit, type GuestFile, type Request, splitLines } from './guest/protocol.ts';

export type RunOptions = {
  /** Network namespace: absent is the router, else isp, inet, lan, lan2. */
  netns?: string;
  stdin?: string;
  env?: Record<string, string>;
  /** Default 60 s; 0 is no limit. */
  timeoutMs?: number;
};

/** `code` is null where the program died by a signal or was stopped at its time limit. */
export type RunReply = { code: number | null; signal: string | null; timedOut: boolean; stdout: string; stderr: string };

/** A program that goes on in the guest. */
export type Running = {
  /** What it wrote so far. */
  stdout(): string;
  stderr(): string;
  /** To its whole process group. */
  signal(name: string): void;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<RunReply>;
  done: Promise<RunReply>;
};

type Waiting = { stdout: string; stderr: string; onText?: (text: string) => void; resolve(exit: Exit): void; reject(error: Error): void };

export class Control {
  #socket: Socket;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('utf8');
    socket.on('data', splitLines((line) => this.#onAnswer(JSON.parse(line) as Answer)) as (chunk: unknown) => void);
    const onGone = () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('lab: the guest is gone'));
      this.#waiting.clear();
    };
    socket.on('error', onGone);
    socket.on('close', onGone);
  }

  /** One try: rejects while the guest is not there yet. */
  static open(port: number): Promise<Control> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        const control = new Control(socket);
        // QEMU accepts before the guest listens, and hangs up then: only an answer counts.
        control.run(['true'], { timeoutMs: 10_000 }).then(() => resolve(control), reject);
      });
    });
  }

  /** Runs to the end. A non-zero exit code is no error; a program that can't be started is. */
  run(argv: string[], options: RunOptions = {}): Promise<RunReply> {
    return this.start(argv, { timeoutMs: 60_000, ...options }).done;
  }

  /** Starts and returns at once. `onText` gets stdout as it comes. */
  start(argv: string[], options: RunOptions = {}, onText?: (text: string) => void): Running {
    const id = ++this.#lastId;
    const waiting: Waiting = { stdout: '', stderr: '', resolve: () => {}, reject: () => {} };
    if (onText) waiting.onText = onText;
    const done = new Promise<RunReply>((resolve, reject) => {
      waiting.reject = reject;
      waiting.resolve = (exit) => {
        if (exit.error !== undefined) reject(new Error(`lab: ${argv.join(' ')}: ${exit.error}`));
        else resolve({ code: exit.code, signal: exit.signal, timedOut: exit.timedOut, stdout: waiting.stdout, stderr: waiting.stderr });
      };
    });
    done.catch(() => {}); // a background program that nobody awaits must not end the test run
    this.#waiting.set(id, waiting);
    this.#send({ id, argv, ...options });
    const signal = (name: string) => this.#send({ id, signal: name });
    return {
      stdout: () => waiting.stdout,
      stderr: () => waiting.stderr,
      signal,
      stop: () => {
        signal('SIGTERM');
        return done;
      },
      done,
    };
  }

  writeFiles(files: GuestFile[]): Promise<void> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        stdout: '',
        stderr: '',
        resolve: (exit) => (exit.code === 0 ? resolve() : reject(new Error(`lab: writing files: ${exit.error}`))),
        reject,
      });
      this.#send({ id, files });
    });
  }

  /** The guest powers off when its last connection closes. */
  close(): void {
    this.#socket.destroy();
  }

  #send(request: Request): void {
    this.#socket.write(`${JSON.stringify(request)}\n`);
  }

  #onAnswer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    if ('exit' in answer) {
      this.#waiting.delete(answer.id);
      waiting.resolve(answer);
    } else {
      waiting[answer.stream] += answer.text;
      if (answer.stream === 'stdout') waiting.onText?.(answer.text);
    }
  }
}

/** Runs to the end and throws where that was not exit code 0. */
export async function must(control: Control, argv: string[], options: RunOptions = {}): Promise<RunReply> {
  const reply = await control.run(argv, options);
  if (reply.code === 0) return reply;
  const where = options.netns ? ` in ${options.netns}` : '';
  throw new Error(
    `lab: ${argv.join(' ')}${where} ended with ${reply.timedOut ? 'its time limit' : (reply.code ?? reply.signal)}:\n${reply.stderr}${reply.stdout}`,
  );
}

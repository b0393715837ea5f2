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

/** How much longer than a program's own time limit its end is awaited. */
const ANSWER_MS = 30_000;

type Waiting = { stdout: string; stderr: string; onText?: (text: string) => void; resolve(exit: Exit): void; reject(error: Error): void };

export class Control {
  #socket: Socket;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isGone = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('utf8');
    socket.on('data', splitLines((line) => this.#onAnswer(JSON.parse(line) as Answer)) as (chunk: unknown) => void);
    const onGone = () => this.#end('is gone');
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
    this.#watch(done, options.timeoutMs ?? 0);
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

  /** The guest itself ends a program at its limit: whoever doesn't even hear of that hears nothing any more. */
  #watch(done: Promise<unknown>, timeoutMs: number): void {
    if (!timeoutMs) return;
    const timer = setTimeout(() => this.#end('does not answer'), timeoutMs + ANSWER_MS);
    const clear = () => clearTimeout(timer);
    done.then(clear, clear);
  }

  /** Everything that still waits has failed. `test/run.ts` knows this sentence. */
  #end(how: string): void {
    this.#isGone = true;
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(`lab: the guest ${how}`));
    this.#waiting.clear();
    this.#socket.destroy();
  }

  /** The guest powers off when its last connection closes. */
  close(): void {
    this.#socket.destroy();
  }

  #send(request: Request): void {
    if (this.#isGone) return this.#waiting.get(request.id)?.reject(new Error('lab: the guest is gone'));
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

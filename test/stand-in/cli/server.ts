// Where the command line tools end: each `uci` or `ubus` process is a few lines of shell that hand their arguments here.
//
// The script sends NAME, cwd, the number of arguments and the arguments, each with a NUL behind it: no argument can hold
// one. Then it does what it is told, one line a step: `o N` and `e N` print the N bytes that follow on stdout and stderr,
// `r` reads a line of stdin (of a file some more) and sends it back, `x N` ends with exit code N. A Node process for each call would cost half
// a second and more in an emulated machine; this costs the start of a shell, and no further exec.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { CliIo } from '../uci/cli.ts';

export type Cli = CliIo & {
  cwd: string;
  /** Aborted when the process at the other end is gone. */
  signal: AbortSignal;
};

/** A tool: byte strings in, exit code out. */
export type Command = (args: string[], cli: Cli) => Promise<number>;

export class CliServer {
  #commands: Record<string, Command>;
  #server: Server;
  #sockets = new Set<Socket>();

  constructor(commands: Record<string, Command>) {
    this.#commands = commands;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  start(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const gone = new AbortController();
    const fields = new Fields();
    socket.on('data', (part) => fields.push(part));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      gone.abort();
      fields.end();
    });
    this.#run(socket, fields, gone.signal).catch((error: unknown) => {
      if (!gone.signal.aborted) process.stderr.write(`cli: ${error instanceof Error ? error.stack : String(error)}\n`);
      socket.destroy();
    });
  }

  async #run(socket: Socket, fields: Fields, signal: AbortSignal): Promise<void> {
    const name = await fields.next();
    const cwd = await fields.next();
    const args: string[] = [];
    for (let left = Number(await fields.next()); left > 0; left--) args.push(await fields.next());
    const send = (step: 'o' | 'e', text: string) => {
      if (text) socket.write(`${step} ${text.length}\n${text}`, 'latin1');
    };
    const readLine = async () => {
      if (!fields.isThere) socket.write('r\n');
      const answer = await fields.next();
      if (answer[0] === 'l') return `${answer.slice(1)}\n`;
      return answer.length > 1 ? answer.slice(1) : undefined;
    };
    const command = this.#commands[name];
    const code = command ? await command(args, { cwd, signal, readLine, out: (text) => send('o', text), err: (text) => send('e', text) }) : 127;
    socket.end(`x ${code & 255}\n`);
  }
}

/** The NUL-ended fields that arrive on a connection, as byte strings. */
class Fields {
  #text = '';
  #waiting: { resolve: (field: string) => void; reject: (error: Error) => void } | undefined;
  #isOver = false;

  push(part: Buffer): void {
    this.#text += part.toString('latin1');
    this.#give();
  }

  end(): void {
    this.#isOver = true;
    this.#waiting?.reject(new Error('the caller is gone'));
  }

  /** A whole field has arrived and was not taken yet. */
  get isThere(): boolean {
    return this.#text.includes('\0');
  }

  next(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) reject(new Error('the caller is gone'));
      this.#waiting = { resolve, reject };
      this.#give();
    });
  }

  #give(): void {
    const end = this.#text.indexOf('\0');
    if (end < 0 || !this.#waiting) return;
    const field = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(field);
  }
}

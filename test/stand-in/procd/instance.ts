// One process of a service: its start, its end, and what procd does about that end.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { INVALID_ARGUMENT, NOT_FOUND, OK, UNKNOWN_ERROR } from '../bus.ts';
import type { Code } from '../bus.ts';
import type { Level, Log } from '../log.ts';
import { environment } from '../process.ts';
import { present } from './settings.ts';
import type { Settings } from './settings.ts';

/** What a shell, and procd, add to the number of the signal that killed a process. */
const SIGNALLED_OFFSET = 128;
const NO_SUCH_PROGRAM = 127;

export type InstanceOptions = {
  root: string;
  log: Log;
  /** `SERVICE::INSTANCE`, as the log says it. */
  title: string;
  settings: Settings;
  /** The instance is over for good: it was told to stop, and its process is gone. */
  onGone: () => void;
};

export class Instance {
  #options: InstanceOptions;
  #settings: Settings;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #startMs = 0;
  #exitCode = 0;
  #crashes = 0;
  #respawns: boolean;
  /** Its process is meant to end: by a stop, by a change, or because procd gave up. */
  #isHalting = false;
  /** Another process follows the one that ends. */
  #isRestarting = false;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#respawns = options.settings.respawn !== undefined;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  get data(): Record<string, unknown> {
    return this.#settings.data;
  }

  start(): void {
    const { root, log, title } = this.#options;
    if (this.#settings.command.length === 0) return log.add('procd', `Not starting instance ${title}, command not set`);
    if (this.#child) {
      if (this.#isHalting) this.#isRestarting = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#isHalting = this.#isRestarting = false;
    const [program = '', ...args] = this.#settings.command;
    const stdio = [this.#settings.hasStdout, this.#settings.hasStderr].map((isHeard) => (isHeard ? 'pipe' : 'ignore'));
    const child = spawn(toHostPath(root, program), args, {
      argv0: program,
      cwd: root,
      env: environment(root, this.#settings.env),
      stdio: ['ignore', ...stdio],
    });
    this.#child = child;
    this.#startMs = performance.now();
    this.#writePid(child.pid);
    const source = `${basename(program)}[${child.pid}]`;
    this.#listen(child.stdout, source, 'info');
    this.#listen(child.stderr, source, 'err');
    child.on('exit', (code, signal) => this.#onExit(child, code ?? SIGNALLED_OFFSET + (signal ? constants.signals[signal] : 0)));
    // Without a program there was no process; procd's fork would have ended with this code.
    child.on('error', () => child.pid === undefined && this.#onExit(child, NO_SUCH_PROGRAM));
  }

  /** TERM now, KILL when the time is over. `isFinal` forgets the instance afterwards; else it stays, not running. */
  stop(isFinal: boolean): void {
    if (!this.#child) {
      if (isFinal) this.#leave();
      return;
    }
    this.#isHalting = isFinal;
    this.#isRestarting = this.#respawns = false;
    this.#terminate();
  }

  /**
   * Takes new settings. A running process goes on unless they ask for another; one that is not running, or about to
   * end, is followed by a new one in any case. The count of crashes stays.
   */
  update(settings: Settings): void {
    const isChanged = settings.fingerprint !== this.#settings.fingerprint;
    const isStaying = this.#child !== undefined && !this.#isHalting;
    if (isStaying && isChanged) this.#restart();
    this.#settings = settings;
    this.#respawns = settings.respawn !== undefined;
    if (!isStaying) this.start();
  }

  signal(signal: number): Code {
    if (this.#child?.pid === undefined) return NOT_FOUND;
    try {
      process.kill(this.#child.pid, signal);
      return OK;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ESRCH') return NOT_FOUND;
      return code === 'EINVAL' || code === 'ERR_UNKNOWN_SIGNAL' ? INVALID_ARGUMENT : UNKNOWN_ERROR;
    }
  }

  /** As `service list` shows it. */
  dump(): Record<string, unknown> {
    const { command, termTimeoutSeconds, env, data, reloadSignal, respawn, pidfile } = this.#settings;
    const unlessEmpty = (table: Record<string, unknown>) => (Object.keys(table).length > 0 ? table : undefined);
    return present({
      running: this.isRunning,
      pid: this.#child?.pid,
      command,
      term_timeout: termTimeoutSeconds,
      exit_code: this.#child ? undefined : this.#exitCode,
      env: unlessEmpty(env),
      data: unlessEmpty(data),
      reload_signal: reloadSignal,
      respawn: this.#respawns ? respawn : undefined,
      pidfile,
    });
  }

  #restart(): void {
    if (this.#settings.reloadSignal !== undefined) {
      this.signal(this.#settings.reloadSignal);
      return;
    }
    this.#isHalting = this.#isRestarting = true;
    this.#terminate();
  }

  #terminate(): void {
    const child = this.#child;
    child?.kill('SIGTERM');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // What only pauses (`state`) is given all the time it wants.
      if (!this.#isHalting) return;
      const { log, title } = this.#options;
      log.add('procd', `Instance ${title} pid ${child?.pid} not stopped on SIGTERM, sending SIGKILL instead`);
      child?.kill('SIGKILL');
    }, this.#settings.termTimeoutSeconds * 1000);
  }

  #onExit(child: ChildProcess, code: number): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#exitCode = code;
    clearTimeout(this.#timer);
    if (this.#isHalting) this.#removePid();
    if (this.#isRestarting) this.start();
    else if (this.#isHalting) this.#leave();
    else if (this.#respawns) this.#respawn();
  }

  #respawn(): void {
    const { threshold, timeout, retry } = this.#settings.respawn ?? { threshold: 0, timeout: 0, retry: 0 };
    const seconds = Math.floor((performance.now() - this.#startMs) / 1000);
    this.#crashes = seconds < threshold ? this.#crashes + 1 : 0;
    if (this.#crashes > retry && retry > 0) {
      const { log, title } = this.#options;
      log.add('procd', `Instance ${title} s in a crash loop ${this.#crashes} crashes, ${seconds} seconds since last crash`);
      this.#respawns = false;
      this.#isHalting = true;
    } else {
      this.#timer = setTimeout(() => this.start(), timeout * 1000);
    }
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#options.onGone();
  }

  /** Streams don't keep us alive: a grandchild may hold them open for ever. */
  #listen(stream: Readable | null, source: string, level: Level): void {
    if (!stream) return;
    (stream as Readable & { unref?: () => void }).unref?.();
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#options.log.add(source, line, level);
    });
    stream.on('end', () => {
      if (rest) this.#options.log.add(source, rest, level);
    });
  }

  #writePid(pid: number | undefined): void {
    if (this.#settings.pidfile === undefined || pid === undefined) return;
    const path = join(this.#options.root, this.#settings.pidfile);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${pid}\n`);
  }

  #removePid(): void {
    if (this.#settings.pidfile !== undefined) rmSync(join(this.#options.root, this.#settings.pidfile), { force: true });
  }
}

/** Below a root of its own a router has only what was put there; the rest is the host's. */
function toHostPath(root: string, program: string): string {
  const inRoot = join(root, program);
  return program.includes('/') && existsSync(inRoot) ? inRoot : program;
}

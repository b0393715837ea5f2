// The `uci` command: options, commands, messages and exit codes.
import { runBatch } from './batch.ts';
import { addList, addSection, delList, remove, rename, reorder, set } from './change.ts';
import type { Pointer } from './change.ts';
import { renderFile } from './file.ts';
import { UCI_NUMBER, UciError } from './model.ts';
import type { Bytes, Package } from './model.ts';
import { defaultOptions, parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { showChanges, showOption, showPackage, showSection, showValue } from './show.ts';
import { Store } from './store.ts';
import type { StoreOptions } from './store.ts';
import { USAGE } from './usage.ts';

/** What a command line tool is given: text in byte strings. */
export type CliIo = {
  out(text: Bytes): void;
  err(text: Bytes): void;
  /** The next line of stdin with its end, undefined at the end. */
  readLine(): Promise<Bytes | undefined>;
};

/** Runs one `uci` process and returns its exit code. */
export async function runUci(args: Bytes[], io: CliIo, options: StoreOptions = {}): Promise<number> {
  const settings = defaultOptions();
  const store = new Store(options);
  const cli = new UciCli(store, io, settings);
  const rest = parseOptions(args, settings, store, (text) => io.err(text));
  if (settings.isLenient) cli.reportParseErrors();
  if (rest === undefined || rest.length === 0) {
    io.err(USAGE);
    return 0;
  }
  const code = await cli.run(rest);
  if (code === 255) io.err(USAGE);
  return code;
}

class UciCli {
  #store: Store;
  #io: CliIo;
  readonly #options: Options;
  #isBatch = false;
  /** The real one keeps this text between errors of one process: line ends pile up, and a position stays. */
  #errorInfo = '';

  constructor(store: Store, io: CliIo, options: Options) {
    this.#store = store;
    this.#io = io;
    this.#options = options;
  }

  reportParseErrors(): void {
    this.#store.onParseError = (error) => this.#io.err(`${this.#message(error)}`);
  }

  #message(error: UciError): string {
    if (error.detail) this.#errorInfo = error.detail;
    this.#errorInfo += '\n';
    return `uci: ${error.message.slice(0, error.message.length - error.detail.length)}${this.#errorInfo}`;
  }

  #fail(error: unknown): 1 {
    if (!(error instanceof UciError)) throw error;
    if (!this.#options.quiet) this.#io.err(this.#message(error));
    return 1;
  }

  async run(argv: Bytes[]): Promise<number> {
    const command = (argv[0] ?? '').toLowerCase();
    switch (command) {
      case 'batch':
        return this.#isBatch ? 255 : this.#batch();
      case 'show':
      case 'changes':
      case 'export':
      case 'commit':
        return this.#packages(command, argv);
      case 'import':
        return this.#import(argv);
      case 'add':
        return this.#add(argv);
      case 'help':
        this.#io.err(USAGE);
        return 0;
      default:
        return this.#tuple(command, argv);
    }
  }

  #packages(command: string, argv: Bytes[]): number {
    if (argv.length > 2) return 255;
    const [, tuple] = argv;
    if (tuple !== undefined) return this.#package(command, tuple);
    try {
      for (const name of this.#store.list()) this.#package(command, name);
      return 0;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #package(command: string, tuple: Bytes): number {
    try {
      const pointer = this.#store.lookup(tuple);
      const pkg = pointer.p as Package;
      if (command === 'changes') this.#io.out(showChanges(pkg));
      else if (command === 'export') this.#io.out(renderFile(pkg, { header: true, names: this.#options.exportNames }));
      else if (command === 'show') this.#showPointer(pointer, pkg);
      else if (!this.#options.noCommit) this.#store.commit(pkg);
      return 0;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #showPointer({ complete, o, s }: Pointer, pkg: Package): void {
    if (!complete) throw new UciError('notfound');
    if (o && s) this.#io.out(showOption(pkg, s.name, o, this.#options.show));
    else if (s) this.#io.out(showSection(pkg, s, s.name, this.#options.show));
    else this.#io.out(showPackage(pkg, this.#options.show));
  }

  async #import(argv: Bytes[]): Promise<number> {
    if (argv.length > 2 || (argv.length < 2 && this.#options.merge)) return 255;
    const [, name] = argv;
    try {
      const text = await this.#readAll();
      const target = this.#options.merge && name !== undefined ? this.#loadOrNothing(name) : undefined;
      if (target) {
        this.#store.parseAll(text, { mergeInto: target });
        this.#store.save(target);
        return 0;
      }
      // Everything is parsed before anything is written: an error in the second package leaves the first alone.
      const packages = this.#store.parseAll(text, name === undefined ? {} : { name });
      for (const pkg of packages) this.#store.overwrite(pkg);
      return 0;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #loadOrNothing(name: string): Package | undefined {
    try {
      return this.#store.load(name);
    } catch (error) {
      if (error instanceof UciError) return undefined;
      throw error;
    }
  }

  async #readAll(): Promise<Bytes> {
    let text = '';
    for (let line = await this.#readLine(); line !== undefined; line = await this.#readLine()) text += line;
    return text;
  }

  #fileLines: Bytes[] | undefined;

  async #readLine(): Promise<Bytes | undefined> {
    if (this.#options.inputFile === undefined) return this.#io.readLine();
    const { readFileSync } = await import('node:fs');
    this.#fileLines ??= readFileSync(this.#store.at(this.#options.inputFile), 'latin1').split(/(?<=\n)/);
    return this.#fileLines.shift();
  }

  #add(argv: Bytes[]): number {
    const [, name, type] = argv;
    if (argv.length !== 3 || name === undefined || type === undefined) return 255;
    try {
      const pkg = this.#store.load(name);
      const section = addSection(pkg, type);
      this.#store.save(pkg);
      this.#io.out(`${section.name}\n`);
      return 0;
    } catch (error) {
      this.#fail(error);
      // The only command whose exit code is libuci's own error number: 3 for a missing package.
      return error instanceof UciError ? UCI_NUMBER[error.code] : 1;
    }
  }

  #tuple(command: string, argv: Bytes[]): number {
    const change = CHANGES[command];
    const isKnown = change !== undefined || command === 'get' || command === 'revert';
    const [, tuple] = argv;
    if (!isKnown || argv.length !== 2 || tuple === undefined) return 255;
    try {
      const pointer = this.#store.lookup(tuple);
      if (command === 'get') return this.#get(pointer);
      if (command === 'revert') {
        if (pointer.value !== undefined) return 1;
        this.#revert(pointer);
        return 0;
      }
      if ((command === 'delete' || command === 'del') && pointer.value !== undefined && !/^\s*[+-]?\d/.test(pointer.value)) return 1;
      change?.(pointer);
      this.#store.save(pointer.p as Package);
      return 0;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #get({ complete, value, o, s }: Pointer): number {
    if (value !== undefined) return 1;
    if (!complete) throw new UciError('notfound');
    if (o) this.#io.out(showValue(o, this.#options.show.delimiter, false));
    else if (s) this.#io.out(`${s.type}\n`);
    return 0;
  }

  /** A failing revert says nothing and exits 0. */
  #revert(pointer: Pointer): void {
    try {
      this.#store.revert(pointer);
    } catch (error) {
      if (!(error instanceof UciError)) throw error;
    }
  }

  async #batch(): Promise<number> {
    this.#isBatch = true;
    const code = await runBatch({
      readLine: () => this.#readLine(),
      run: (argv) => this.run(argv),
      complain: (text) => {
        if (!this.#options.quiet) this.#io.err(text);
      },
      fail: (error) => void this.#fail(error),
    });
    this.#isBatch = false;
    return code;
  }
}

const CHANGES: Record<string, (pointer: Pointer) => void> = {
  set,
  add_list: addList,
  del_list: delList,
  delete: remove,
  del: remove,
  rename,
  ren: rename,
  reorder: (pointer) => {
    if (!pointer.s || !pointer.p || pointer.value === undefined) throw new UciError('notfound');
    reorder(pointer.p, pointer.s, Number.parseInt(pointer.value, 10) || 0);
  },
};

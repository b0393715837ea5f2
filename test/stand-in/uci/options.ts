// The options of the `uci` command line, which come before the command and may be clustered.
import type { Bytes } from './model.ts';
import type { ShowOptions } from './show.ts';
import type { Store } from './store.ts';

export type Options = {
  quiet: boolean;
  merge: boolean;
  /** `-P`: a commit does nothing, successfully. Such a save dir is meant for state, not for staging. */
  noCommit: boolean;
  show: ShowOptions;
  exportNames: boolean;
  inputFile?: Bytes;
  /** `-S`: goes on behind a bad line, and says so. */
  isLenient: boolean;
};

export const defaultOptions = (): Options => ({
  quiet: false,
  merge: false,
  noCommit: false,
  show: { extended: true, delimiter: ' ' },
  exportNames: false,
  isLenient: false,
});

/** Reads the options into `options` and `store` and returns the words behind them; undefined asks for the usage. */
export function parseOptions(args: Bytes[], options: Options, store: Store, complain: (text: Bytes) => void): Bytes[] | undefined {
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') return args.slice(at + 1);
    if (!arg.startsWith('-') || arg === '-') break;
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] ?? '';
      if ('cCdfpPt'.includes(letter)) {
        const value = arg.slice(i + 1) || args[++at];
        if (value === undefined) {
          complain(`uci: option requires an argument: ${letter}\n`);
          return undefined;
        }
        setOption(letter, value, options, store);
        break;
      }
      if (!setFlag(letter, options, store)) {
        complain(`uci: unrecognized option: ${letter}\n`);
        return undefined;
      }
    }
  }
  return args.slice(at);
}

function setOption(letter: string, value: Bytes, options: Options, store: Store): void {
  if (letter === 'c') store.configDir = value;
  else if (letter === 'C') store.overrideDir = value;
  else if (letter === 'd') options.show.delimiter = value;
  else if (letter === 'f') options.inputFile = value;
  else if (letter === 'p') store.addDeltaDir(value);
  else {
    store.setSaveDir(value);
    if (letter === 'P') options.noCommit = true;
  }
}

function setFlag(letter: string, options: Options, store: Store): boolean {
  if (letter === 'q') options.quiet = true;
  else if (letter === 'm') options.merge = true;
  else if (letter === 'n' || letter === 'N') options.exportNames = letter === 'n';
  else if (letter === 'X') options.show.extended = false;
  else if (letter === 's' || letter === 'S') {
    options.isLenient = letter === 'S';
    store.strict = letter === 's';
  } else return letter === 'L';
  return true;
}

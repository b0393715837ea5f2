// Sections `rule` and `rule6` to the kernel's rules, and what netifd does to everybody's rules when it starts.
import type { Kernel } from '../kernel.ts';
import type { RuleConfig, TableOf } from './config.ts';
import { applyPieces } from './routes.ts';
import type { Piece } from './routes.ts';

/** A rule that can be had, once the interfaces that it names are up. */
type Rule = { family: 4 | 6; priority: number; from: string | undefined; to: string | undefined; words: string[] };

const pair = (word: string, value: string | undefined): string[] => (value === undefined ? [] : [word, value]);

/** undefined where netifd leaves the section out without a word: a table by a name that nobody knows. */
function toRule({ family, options }: RuleConfig, place: number, tableOf: TableOf): Rule | undefined {
  const text = (name: string) => options.text(name);
  const table = tableOf(text('lookup'));
  if (text('lookup') !== undefined && table === undefined) return undefined;
  const target = table === undefined ? [] : ['lookup', String(table)];
  const action = text('action') ? [text('action') ?? ''] : pair('goto', text('goto'));
  return {
    family,
    priority: options.number('priority') ?? place,
    from: text('in'),
    to: text('out'),
    words: [
      ...(options.flag('invert', false) ? ['not'] : []),
      ...['from', text('src') ?? 'all'],
      ...pair('to', text('dest')),
      ...pair('tos', text('tos')),
      ...pair('fwmark', text('mark')),
      ...pair('uidrange', text('uidrange')),
      ...pair('ipproto', text('ipproto')),
      ...pair('sport', text('sport')),
      ...pair('dport', text('dport')),
      ...pair('suppress_prefixlength', text('suppress_prefixlength')),
      ...(target.length + action.length > 0 ? [...target, ...action] : ['nop']),
    ],
  };
}

/**
 * A section without a priority gets its place in the file among those of its family, 1, 2, 3 …: before everything else.
 * Those with a priority are counted too, and those that are left out for an error; disabled ones are not.
 */
function toRules(configs: readonly RuleConfig[], tableOf: TableOf): Rule[] {
  return ([4, 6] as const).flatMap((family) =>
    configs
      .filter((config) => config.family === family && !config.options.flag('disabled', false))
      .flatMap((config, index) => toRule(config, index + 1, tableOf) ?? []),
  );
}

/** The rule with the devices of the interfaces it names; none while one of them is down. */
function toPiece({ family, priority, from, to, words }: Rule, deviceOf: (name: string) => string | undefined): Piece[] {
  const input = from === undefined ? undefined : deviceOf(from);
  const output = to === undefined ? undefined : deviceOf(to);
  if ((from !== undefined && input === undefined) || (to !== undefined && output === undefined)) return [];
  const text = [`pref ${priority}`, ...pair('iif', input), ...pair('oif', output), ...words].join(' ');
  return [{ family, add: `rule add ${text}`, remove: `rule del ${text}` }];
}

export type RulesOptions = {
  kernel: Kernel;
  tableOf: TableOf;
  /** The layer 3 device of an interface that is up. */
  deviceOf: (name: string) => string | undefined;
  log: (line: string) => void;
};

export class Rules {
  readonly #options: RulesOptions;
  #rules: Rule[] = [];
  #installed: Piece[] = [];
  #queue: Promise<void> = Promise.resolve();

  constructor(options: RulesOptions) {
    this.#options = options;
  }

  /** Once, at netifd's start: everybody's rules of both families go, and the kernel's own are put back. Nobody is told. */
  async flush(): Promise<void> {
    const { kernel } = this.#options;
    // `ip rule flush` spares preference 0, the table local.
    await kernel.run(['ip', '-4', '-force', '-batch', '-'], 'rule flush\nrule add pref 32766 lookup main\nrule add pref 32767 lookup default\n');
    await kernel.run(['ip', '-6', '-force', '-batch', '-'], 'rule flush\nrule add pref 32766 lookup main\n');
  }

  /** The sections of a new configuration: what is as before stays untouched. */
  configure(configs: readonly RuleConfig[]): void {
    this.#rules = toRules(configs, this.#options.tableOf);
    this.look();
  }

  /** An interface has come up or gone down. A rule that names none of them stays, whoever goes. */
  look(): void {
    const { kernel, deviceOf, log } = this.#options;
    const wanted = this.#rules.flatMap((rule) => toPiece(rule, deviceOf));
    this.#queue = this.#queue.then(async () => {
      const before = this.#installed;
      this.#installed = wanted;
      await applyPieces(kernel, before, wanted, log);
    });
  }

  /** All that was asked for is in the kernel. */
  settled(): Promise<void> {
    return this.#queue;
  }
}

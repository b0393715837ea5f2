// A kernel's policy rules of both families, as strict as the real one about what is there already and what is not.
import type { Family, Refusal } from './kernel.ts';

export type Rule = {
  preference: number;
  not?: boolean;
  from?: string;
  to?: string;
  mark?: number;
  mask?: number;
  table: number;
  suppress?: number;
  /** 0 where none was given, and for the kernel's own, of which ip does not tell it. */
  protocol: number;
};

const fromStart = (family: Family): Rule[] => [
  { preference: 0, table: 255, protocol: 0 },
  { preference: 32766, table: 254, protocol: 0 },
  ...(family === 'ipv4' ? [{ preference: 32767, table: 253, protocol: 0 }] : []),
];

const SELECTORS = ['from', 'to', 'mark', 'mask', 'suppress'] as const;

/** The kernel does not compare `not`: with and without it is one and the same rule. */
const isSame = (a: Rule, b: Rule): boolean =>
  a.preference === b.preference && a.table === b.table && a.protocol === b.protocol && SELECTORS.every((selector) => a[selector] === b[selector]);

/** For a deletion what is not said may be anything. */
const isMeant = (rule: Rule, said: Rule): boolean =>
  rule.preference === said.preference &&
  rule.table === said.table &&
  (said.protocol === 0 || rule.protocol === said.protocol) &&
  SELECTORS.every((selector) => said[selector] === undefined || (selector === 'mark' && said.mark === 0) || rule[selector] === said[selector]);

export class Rules {
  ipv4 = fromStart('ipv4');
  ipv6 = fromStart('ipv6');
  /** False before Linux 4.17: a rule has no protocol, whatever is asked for. */
  keepsProtocol = true;

  /** As after a boot, and as netifd leaves them when it starts. */
  flush(): void {
    this.ipv4 = fromStart('ipv4');
    this.ipv6 = fromStart('ipv6');
  }

  #kept(rule: Rule): Rule {
    return this.keepsProtocol ? rule : { ...rule, protocol: 0 };
  }

  /** A new one stands behind others of its preference. */
  add(family: Family, asked: Rule): Refusal {
    const rule = this.#kept(asked);
    if (this[family].some((other) => isSame(other, rule))) return 'RTNETLINK answers: File exists';
    this[family] = [...this[family], rule].toSorted((a, b) => a.preference - b.preference);
    return undefined;
  }

  delete(family: Family, asked: Rule): Refusal {
    const at = this[family].findIndex((rule) => isMeant(rule, this.#kept(asked)));
    if (at < 0) return 'RTNETLINK answers: No such file or directory';
    this[family].splice(at, 1);
    return undefined;
  }
}

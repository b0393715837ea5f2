// `ip rule` on the fake kernel: the lines that multidial may use, and what `rule show` prints.
import { check, Refused } from './ip-words.ts';
import type { Words } from './ip-words.ts';
import type { Family, Kernel } from './kernel.ts';
import type { Rule } from './rules.ts';

function addressOf(text: string, family: Family): string {
  if (text.includes(':') === (family === 'ipv6')) return text;
  throw new Refused(family === 'ipv4' ? 'Error: Invalid source address.' : `Error: inet6 prefix is expected rather than "${text}".`);
}

function toMark(text: string): { mark: number; mask: number } {
  const [mark, mask = '0xffffffff', ...more] = text.split('/');
  const isNumber = (part: string | undefined): part is string => /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/.test(part ?? '');
  if (!isNumber(mark) || !isNumber(mask) || more.length) throw new Refused(`Error: argument "${text}" is wrong: fwmark value is invalid`);
  return { mark: Number(mark), mask: Number(mask) };
}

function parseRule(words: Words, family: Family): Rule {
  const rule: Rule = { preference: -1, table: 0, protocol: 0 };
  while (words.next !== undefined) {
    const word = words.take();
    if (word === 'pref') rule.preference = words.takeNumber();
    else if (word === 'not') rule.not = true;
    else if (word === 'from') rule.from = addressOf(words.take(), family);
    else if (word === 'to') rule.to = addressOf(words.take(), family);
    else if (word === 'fwmark') Object.assign(rule, toMark(words.take()));
    else if (word === 'lookup') rule.table = words.takeNumber();
    else if (word === 'suppress_prefixlength') rule.suppress = words.takeNumber();
    else if (word === 'protocol') rule.protocol = words.takeNumber();
    else throw new Refused(`Error: argument "${word}" is wrong: Failed to parse rule type`);
  }
  if (rule.preference < 0 || rule.table === 0) throw new Refused('a rule of multidial says its preference and its table');
  return rule;
}

/** Without -6 a rule is one of IPv4. */
export function ruleLine(kernel: Kernel, words: Words, isSix: boolean): void {
  const verb = words.take();
  const family: Family = isSix ? 'ipv6' : 'ipv4';
  if (verb !== 'add' && verb !== 'del') throw new Refused(`Command "${verb}" is unknown, try "ip rule help".`);
  check(kernel.rules[verb === 'add' ? 'add' : 'delete'](family, parseRule(words, family)));
}

const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };
const hex = (value: number): string => (value === 0 ? '0' : `0x${value.toString(16)}`);

function prefixJson(side: 'src' | 'dst', prefix: string): object {
  const [address, length] = prefix.split('/');
  const isWhole = length === undefined || length === (prefix.includes(':') ? '128' : '32');
  return { [side]: address, ...(isWhole ? {} : { [`${side}len`]: Number(length) }) };
}

/** As `ip -N -j rule show`; an old ip knows no -N and calls tables by their names. */
export function rulesJson(kernel: Kernel, isSix: boolean): object[] {
  return kernel.rules[isSix ? 'ipv6' : 'ipv4'].map((rule) => ({
    priority: rule.preference,
    ...(rule.not ? { not: null } : {}),
    ...(rule.from === undefined ? { src: 'all' } : prefixJson('src', rule.from)),
    ...(rule.to === undefined ? {} : prefixJson('dst', rule.to)),
    ...(rule.mark === undefined ? {} : { fwmark: hex(rule.mark), ...(rule.mask === 0xffffffff ? {} : { fwmask: hex(rule.mask ?? 0) }) }),
    table: (kernel.hasOldIp ? TABLES[rule.table] : undefined) ?? String(rule.table),
    ...(rule.suppress === undefined ? {} : { suppress_prefixlen: rule.suppress }),
    ...(rule.protocol === 0 ? {} : { protocol: String(rule.protocol) }),
  }));
}

// nftables as far as multidial uses it: whole tables, replaced in one transaction.
type Outcome = { exit: number; stdout: string; stderr: string };

/** A chain that is gone to and not there; one that stands twice would hold both contents. */
function lostJump(block: string): string | undefined {
  const chains = [...block.matchAll(/^\tchain (\w+) \{$/gm)].map(([, name]) => name);
  const twice = chains.find((name, at) => chains.indexOf(name) < at);
  return twice ?? [...block.matchAll(/\b(?:goto|jump) (\w+)/g)].map(([, name]) => name).find((name) => !chains.includes(name));
}

/** A block's parts, `chain NAME` or `set NAME`, with their lines. */
function partsOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^\t((?:chain|set) \w+) \{\n([\s\S]*?)^\t\}\n/gm)].map(([, name = '', lines = '']) => [name, lines]));
}

const textOf = (parts: ReadonlyMap<string, string>): string => [...parts].map(([name, lines]) => `\t${name} {\n${lines}\t}\n`).join('');

/** Rules go, a chain stays with what it is hooked to, and a set with all it holds. */
const flushed = (text: string): string => textOf(new Map([...partsOf(text)].map(([name, lines]) => [name, name.startsWith('set') ? lines : ''])));

export class Nft {
  tables = new Map<string, string>();
  /** What stands in sets, by name: a set that is taken away loses it. */
  elements = new Map<string, string[]>();
  /** False before Linux 5.2: no chain of type nat in a table of the family inet. */
  knowsInetNat = true;

  /** `nft -f -`: all of the text or nothing. A table's content is kept as its text; a block adds to what stands. */
  load(text: string): Outcome {
    if (!this.knowsInetNat && text.includes('type nat')) return { exit: 1, stdout: '', stderr: 'Error: Could not process rule: No such file or directory\n' };
    const next = new Map(this.tables);
    const lines = text.split('\n');
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at] ?? '';
      const single = /^(add|delete) table inet (\w+)$/.exec(line);
      const block = /^table inet (\w+) \{$/.exec(line);
      const flush = /^flush table inet (\w+)$/.exec(line)?.[1];
      const part = /^delete (chain|set) inet (\w+) (\w+)$/.exec(line);
      if (line === '') continue;
      if (flush !== undefined && next.has(flush)) next.set(flush, flushed(next.get(flush) ?? ''));
      else if (part) {
        const parts = partsOf(next.get(part[2] ?? '') ?? '');
        if (!parts.delete(`${part[1]} ${part[3]}`)) return { exit: 1, stdout: '', stderr: 'Error: Could not process rule: No such file or directory\n' };
        next.set(part[2] ?? '', textOf(parts));
      } else if (single?.[1] === 'add') next.set(single[2] ?? '', next.get(single[2] ?? '') ?? '');
      else if (single) {
        if (!next.delete(single[2] ?? '')) return { exit: 1, stdout: '', stderr: 'Error: Could not process rule: No such file or directory\n' };
      } else if (block) {
        const end = lines.indexOf('}', at);
        if (end < 0) return { exit: 1, stdout: '', stderr: 'Error: syntax error, unexpected end of file\n' };
        const lost = lostJump(lines.slice(at, end).join('\n'));
        if (lost !== undefined) return { exit: 1, stdout: '', stderr: `Error: Could not process rule: No such file or directory\n${lost}\n` };
        const added = partsOf(`${lines.slice(at + 1, end).join('\n')}\n`);
        next.set(block[1] ?? '', textOf(new Map([...partsOf(next.get(block[1] ?? '') ?? ''), ...added])));
        at = end;
      } else return { exit: 1, stdout: '', stderr: `Error: syntax error, unexpected ${line}\n` };
    }
    for (const set of this.elements.keys()) if (![...next.values()].some((table) => partsOf(table).has(`set ${set}`))) this.elements.delete(set);
    this.tables = next;
    return { exit: 0, stdout: '', stderr: '' };
  }

  get(set: string, element: string): Outcome {
    return this.elements.get(set)?.includes(element)
      ? { exit: 0, stdout: '', stderr: '' }
      : { exit: 1, stdout: '', stderr: 'Error: No such file or directory\n' };
  }

  listAll(): Outcome {
    return { exit: 0, stdout: [...this.tables].map(([name, text]) => `table inet ${name} {\n${text}}\n`).join(''), stderr: '' };
  }

  list(name: string): Outcome {
    const text = this.tables.get(name);
    if (text === undefined) return { exit: 1, stdout: '', stderr: 'Error: No such file or directory\n' };
    return { exit: 0, stdout: `table inet ${name} {\n${text}}\n`, stderr: '' };
  }
}

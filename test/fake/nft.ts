// nftables as far as multidial uses it: whole tables, replaced in one transaction.
type Outcome = { exit: number; stdout: string; stderr: string };

/** A chain that is gone to and not there; one that stands twice would hold both contents. */
function lostJump(block: string): string | undefined {
  const chains = [...block.matchAll(/^\tchain (\w+) \{$/gm)].map(([, name]) => name);
  const twice = chains.find((name, at) => chains.indexOf(name) < at);
  return twice ?? [...block.matchAll(/\b(?:goto|jump) (\w+)/g)].map(([, name]) => name).find((name) => !chains.includes(name));
}

export class Nft {
  tables = new Map<string, string>();
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
      if (line === '') continue;
      if (single?.[1] === 'add') next.set(single[2] ?? '', next.get(single[2] ?? '') ?? '');
      else if (single) {
        if (!next.delete(single[2] ?? '')) return { exit: 1, stdout: '', stderr: 'Error: Could not process rule: No such file or directory\n' };
      } else if (block) {
        const end = lines.indexOf('}', at);
        if (end < 0) return { exit: 1, stdout: '', stderr: 'Error: syntax error, unexpected end of file\n' };
        const lost = lostJump(lines.slice(at, end).join('\n'));
        if (lost !== undefined) return { exit: 1, stdout: '', stderr: `Error: Could not process rule: No such file or directory\n${lost}\n` };
        next.set(block[1] ?? '', `${next.get(block[1] ?? '') ?? ''}${lines.slice(at + 1, end).join('\n')}\n`);
        at = end;
      } else return { exit: 1, stdout: '', stderr: `Error: syntax error, unexpected ${line}\n` };
    }
    this.tables = next;
    return { exit: 0, stdout: '', stderr: '' };
  }

  list(name: string): Outcome {
    const text = this.tables.get(name);
    if (text === undefined) return { exit: 1, stdout: '', stderr: 'Error: No such file or directory\n' };
    return { exit: 0, stdout: `table inet ${name} {\n${text}}\n`, stderr: '' };
  }
}

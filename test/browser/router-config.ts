// The in-memory router's configuration: uci sections of `multidial`, deltas per session, apply with rollback.
import { createHash, randomBytes } from 'node:crypto';

export type Options = Record<string, string | string[]>;
export type Section = { type: string; name: string; options: Options };
export type UciCall = { method: string; args: Record<string, unknown> };

export type UciStatus = 0 | 2 | 4 | 5 | 6;

/** Applies one uci call to a list of sections, with rpcd's status codes. */
function edit(sections: Section[], { method, args }: UciCall): UciStatus {
  const found = sections.find((section) => section.name === args.section);
  const values = (args.values ?? {}) as Options;
  if (Object.values(values).some((value) => typeof value !== 'string' && !(Array.isArray(value) && value.length > 0))) return 2;
  switch (method) {
    case 'add':
      sections.push({ type: String(args.type), name: String(args.name ?? `cfg${randomBytes(3).toString('hex')}`), options: { ...values } });
      return 0;
    case 'set':
      if (!found) return 4;
      Object.assign(found.options, values);
      return 0;
    case 'delete': {
      if (!found) return 4;
      const options = args.options as string[] | undefined;
      if (options) for (const option of options) delete found.options[option];
      else sections.splice(sections.indexOf(found), 1);
      return 0;
    }
    case 'order': {
      const names = args.sections as string[];
      if (names.some((name) => !sections.some((section) => section.name === name))) return 4;
      const placed = names.flatMap((name) => sections.filter((section) => section.name === name));
      sections.splice(0, sections.length, ...placed, ...sections.filter((section) => !names.includes(section.name)));
      return 0;
    }
    default:
      return 2;
  }
}

export type Pending = { session: string; backup: Section[]; calls: UciCall[]; timer: NodeJS.Timeout };

/** One package with rpcd's rules: deltas by session, one unconfirmed apply at a time, rollback gives the deltas back. */
export class RouterConfig {
  sections: Section[] = [];
  pending: Pending | undefined;
  readonly deltas = new Map<string, UciCall[]>();
  /** Deltas of other packages that a session left uncommitted, by package. */
  foreign: Record<string, string[][]> = {};
  onCommit: () => void = () => {};
  /** How long one second of a rollback timer takes. */
  secondMs = 1000;

  #commits = 0;

  /** Of the file, not of its content: what a rollback puts back has another one than before. */
  get revision(): string {
    return createHash('sha256')
      .update(JSON.stringify([this.sections, this.#commits]))
      .digest('hex')
      .slice(0, 12);
  }

  call(session: string, method: string, args: Record<string, unknown>): [UciStatus, object?] {
    const staged = this.deltas.get(session) ?? [];
    switch (method) {
      case 'changes':
        return [0, { changes: { ...this.foreign, ...(staged.length > 0 ? { multidial: staged.map((each) => [each.method]) } : {}) } }];
      case 'revert':
        this.deltas.delete(session);
        return [0];
      case 'apply':
        return [this.#apply(session, staged, args)];
      case 'confirm':
        return [this.#end(session, false)];
      case 'rollback':
        return [this.#end(session, true)];
      default: {
        const status = edit(structuredClone(this.#staged(staged)), { method, args });
        if (status === 0) this.deltas.set(session, [...staged, { method, args }]);
        return [status, ...(method === 'add' && status === 0 ? [{ section: args.name as string }] : [])] as [UciStatus, object?];
      }
    }
  }

  #staged(calls: UciCall[]): Section[] {
    const sections = structuredClone(this.sections);
    for (const call of calls) edit(sections, call);
    return sections;
  }

  #apply(session: string, staged: UciCall[], args: Record<string, unknown>): UciStatus {
    if (this.pending) return 6;
    if (staged.length === 0) return 5;
    const backup = this.sections;
    this.sections = this.#staged(staged);
    this.#commits++;
    this.deltas.delete(session);
    const timer = setTimeout(() => this.#rollback(), Number(args.timeout) * this.secondMs);
    if (args.rollback === true) this.pending = { session, backup, calls: staged, timer };
    else clearTimeout(timer);
    this.onCommit();
    return 0;
  }

  #end(session: string, isRollback: boolean): UciStatus {
    if (!this.pending) return 5;
    if (this.pending.session !== session) return 6;
    if (isRollback) this.#rollback();
    else {
      clearTimeout(this.pending.timer);
      this.pending = undefined;
    }
    return 0;
  }

  #rollback(): void {
    if (!this.pending) return;
    clearTimeout(this.pending.timer);
    this.sections = this.pending.backup;
    this.#commits++;
    this.deltas.set(this.pending.session, this.pending.calls);
    this.pending = undefined;
    this.onCommit();
  }
}

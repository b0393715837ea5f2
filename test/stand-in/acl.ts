// What a session of rpcd may do: scopes (ubus, uci, file, ...) of objects with functions, all of them globs.

type Grant = { object: string; function: string };

const byPrefix = (grant: Grant) => grant.object.replace(/[*?[].*$/s, '');

/** Matches as fnmatch does without flags: `*` and `?` take a `/` too. `[...]` is a set. */
export function isGlobMatch(pattern: string, text: string): boolean {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    const set = char === '[' ? /^\[[!^]?\]?[^\]]*\]/.exec(pattern.slice(at))?.[0] : undefined;
    if (char === '*') source += '[^]*';
    else if (char === '?') source += '[^]';
    else if (set !== undefined) {
      source += `[${set
        .slice(1, -1)
        .replace(/^[!^]/, '^')
        .replace(/[\\[\]]/g, '\\$&')}]`;
      at += set.length - 1;
    } else source += char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  return new RegExp(`^${source}$`).test(text);
}

export class Acl {
  #scopes = new Map<string, Grant[]>();

  /** Grants are kept in the order of the part of the object before its first wildcard, and shown in that order. */
  grant(scope: string, object: string, func: string): void {
    const grants = this.#scopes.get(scope) ?? [];
    this.#scopes.set(scope, grants);
    if (grants.some((grant) => grant.object === object && grant.function === func)) return;
    const entry = { object, function: func };
    const at = grants.findIndex((grant) => byPrefix(grant) > byPrefix(entry));
    grants.splice(at < 0 ? grants.length : at, 0, entry);
  }

  revoke(scope: string, object?: string, func?: string): void {
    const rest = (this.#scopes.get(scope) ?? []).filter((grant) => object !== undefined && !(grant.object === object && grant.function === func));
    if (rest.length > 0) this.#scopes.set(scope, rest);
    else this.#scopes.delete(scope);
  }

  isAllowed(scope: string, object: string, func: string): boolean {
    return (this.#scopes.get(scope) ?? []).some((grant) => isGlobMatch(grant.object, object) && isGlobMatch(grant.function, func));
  }

  /** `{scope: {object: [function, ...]}}`, as login and session.access show it. */
  dump(): Record<string, Record<string, string[]>> {
    const scopes: Record<string, Record<string, string[]>> = {};
    for (const [scope, grants] of [...this.#scopes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const objects: Record<string, string[]> = {};
      for (const grant of grants) objects[grant.object] = [...(objects[grant.object] ?? []), grant.function];
      scopes[scope] = objects;
    }
    return scopes;
  }
}

/** The lists of one `config login` section: which access groups it may read and write. Undefined is the session of nobody. */
export type LoginLists = { read: string[]; write: string[] } | undefined;

/** `!group` denies before anything allows; who may write may read. */
export function isGroupAllowed(login: LoginLists, permission: 'read' | 'write', group: string): boolean {
  if (!login) return group === 'unauthenticated';
  const patterns = login[permission];
  if (patterns.some((pattern) => pattern.startsWith('!') && isGlobMatch(pattern.slice(1).trimStart(), group))) return false;
  if (patterns.some((pattern) => pattern !== '' && !pattern.startsWith('!') && isGlobMatch(pattern, group))) return true;
  return permission === 'read' && isGroupAllowed(login, 'write', group);
}

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds what one file of /usr/share/rpcd/acl.d gives to a login. Scopes come as `{object: [functions]}` or as a list of objects. */
export function grantFile(acl: Acl, file: unknown, login: LoginLists): void {
  if (!isTable(file)) return;
  for (const [group, permissions] of Object.entries(file)) {
    if (!isTable(permissions)) continue;
    for (const [permission, scopes] of Object.entries(permissions)) {
      if (permission !== 'read' && permission !== 'write') continue;
      if (!isTable(scopes) || !isGroupAllowed(login, permission, group)) continue;
      for (const [scope, objects] of Object.entries(scopes)) {
        grantScope(acl, scope, objects, permission);
        // The page asks for whole groups, so the group itself is an object too.
        acl.grant('access-group', group, permission);
      }
    }
  }
}

function grantScope(acl: Acl, scope: string, objects: unknown, permission: string): void {
  if (Array.isArray(objects)) {
    for (const object of objects) if (typeof object === 'string') acl.grant(scope, object, permission);
  } else if (isTable(objects)) {
    for (const [object, functions] of Object.entries(objects)) {
      if (!Array.isArray(functions)) continue;
      for (const func of functions) if (typeof func === 'string') acl.grant(scope, object, func);
    }
  }
}

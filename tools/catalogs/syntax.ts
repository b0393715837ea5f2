// The syntax tree of a source file, and where the strings of an expression come from.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'vite';

const root = join(import.meta.dirname, '../..');

export type Node = { type: string; start: number; end: number } & Record<string, unknown>;
type Path = readonly string[];
/** What a name stands for: a part of an expression. */
type Source = { from: Node; path: Path };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
export const nodeIn = (node: Node, key: string): Node | undefined => (isNode(node[key]) ? node[key] : undefined);
export const nodesIn = (node: Node, key: string): Node[] => (Array.isArray(node[key]) ? node[key].filter(isNode) : []);
export const textIn = (node: Node | undefined, key: string): string => (typeof node?.[key] === 'string' ? node[key] : '');

const isFunction = ({ type }: Node): boolean => type === 'ArrowFunctionExpression' || type.startsWith('Function');

/** Every node below, with its parents from the nearest on. */
export function visit(node: Node, see: (node: Node, parents: readonly Node[]) => void, parents: readonly Node[] = []): void {
  see(node, parents);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, see, [node, ...parents]);
  }
}

export const isInFunction = (parents: readonly Node[]): boolean => parents.some(isFunction);

/** Wrappers that say nothing at run time. */
const wrappers = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression', 'ChainExpression'];

/** The string that an expression is, however it is put together; undefined where it isn't known. */
export function literal(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type === 'TemplateLiteral') {
    const [quasi] = nodesIn(node, 'quasis');
    const value = quasi?.['value'] as { cooked?: string } | undefined;
    return nodesIn(node, 'expressions').length === 0 ? value?.cooked : undefined;
  }
  if (node.type === 'BinaryExpression' && node['operator'] === '+') {
    const [left, right] = [literal(nodeIn(node, 'left')), literal(nodeIn(node, 'right'))];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return wrappers.includes(node.type) ? literal(nodeIn(node, 'expression')) : undefined;
}

/** All strings in an expression, keys of objects and conditions left out. */
export function stringsIn(node: Node): string[] {
  const whole = literal(node);
  if (whole !== undefined) return [whole];
  if (node.type === 'ObjectExpression') return nodesIn(node, 'properties').flatMap((each) => stringsIn(nodeIn(each, 'value') ?? each));
  if (node.type === 'ArrayExpression') return nodesIn(node, 'elements').flatMap(stringsIn);
  const inner = wrappers.includes(node.type) || node.type === 'NewExpression' ? nodeIn(node, 'expression') : undefined;
  return inner ? stringsIn(inner) : [];
}

const nameOfKey = (property: Node): string => textIn(nodeIn(property, 'key'), 'name') || (literal(nodeIn(property, 'key')) ?? '');

/** `path` below an expression: a property's name, or `*` for any. */
function bind(pattern: Node | undefined, source: Source, names: Map<string, Source[]>): void {
  if (!pattern) return;
  const under = (...more: string[]): Source => ({ from: source.from, path: [...source.path, ...more] });
  if (pattern.type === 'Identifier') names.set(textIn(pattern, 'name'), [...(names.get(textIn(pattern, 'name')) ?? []), source]);
  if (pattern.type === 'AssignmentPattern') bind(nodeIn(pattern, 'left'), source, names);
  if (pattern.type === 'ObjectPattern') for (const each of nodesIn(pattern, 'properties')) bind(nodeIn(each, 'value'), under(nameOfKey(each)), names);
  if (pattern.type === 'ArrayPattern') for (const each of nodesIn(pattern, 'elements')) bind(each, under('*'), names);
}

const EACH = ['map', 'flatMap', 'filter', 'find', 'forEach', 'some', 'every'];

/** What each name of the file stands for; of a name that is given twice, both. */
function namesOf(program: Node): Map<string, Source[]> {
  const names = new Map<string, Source[]>();
  visit(program, (node) => {
    const init = nodeIn(node, 'init');
    if (node.type === 'VariableDeclarator' && init) bind(nodeIn(node, 'id'), { from: init, path: [] }, names);
    if (node.type === 'ForOfStatement') {
      const [declarator] = nodesIn(nodeIn(node, 'left') ?? node, 'declarations');
      const right = nodeIn(node, 'right');
      if (declarator && right) bind(nodeIn(declarator, 'id'), { from: right, path: ['*'] }, names);
    }
    const callee = nodeIn(node, 'callee');
    const [first] = nodesIn(node, 'arguments');
    const list = callee && EACH.includes(textIn(nodeIn(callee, 'property'), 'name')) ? nodeIn(callee, 'object') : undefined;
    if (list && first && isFunction(first)) bind(nodesIn(first, 'params')[0], { from: list, path: ['*'] }, names);
  });
  return names;
}

/** `imported`: names of this file with the module they are from and what they are called there. */
export type File = {
  path: string;
  text: string;
  program: Node;
  comments: { text: string; end: number }[];
  names: Map<string, Source[]>;
  imported: Map<string, { from: string; name: string }>;
};

export function parseFile(path: string, text: string): File {
  const { program, errors, comments } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const root = program as unknown as Node;
  const imported: File['imported'] = new Map();
  for (const each of nodesIn(root, 'body')) {
    if (each.type !== 'ImportDeclaration') continue;
    for (const item of nodesIn(each, 'specifiers')) {
      const name = textIn(nodeIn(item, 'imported'), 'name');
      imported.set(textIn(nodeIn(item, 'local'), 'name'), { from: literal(nodeIn(each, 'source')) ?? '', name });
    }
  }
  return { path, text, program: root, comments: comments.map(({ value, end }) => ({ text: value, end })), names: namesOf(root), imported };
}

/** The file of ours that a module is, if it is one. */
function openBeside({ path }: File, from: string): File | undefined {
  const beside = join(dirname(path), from);
  const absolute = join(root, beside);
  return from.startsWith('.') && existsSync(absolute) ? parseFile(beside, readFileSync(absolute, 'utf8')) : undefined;
}

export const lineOf = ({ text }: File, { start }: Node): number => text.slice(0, start).split('\n').length;

/** Deep enough for any table of ours; a name that stands for itself ends here. */
const DEEPEST = 12;

/**
 * The strings that an expression may be: a literal, a choice of some, or a part of a table of this file or one beside it. Undefined where that can't
 * be told; a table of the contract gives none here, for the contract is read as a whole.
 */
export function possible(file: File, node: Node | undefined, path: Path = [], depth = 0): string[] | undefined {
  if (!node || depth > DEEPEST) return undefined;
  const deeper = (next: Node | undefined, at: Path = path) => possible(file, next, at, depth + 1);
  const both = (...parts: (string[] | undefined)[]) => {
    const known = parts.filter((part) => part !== undefined);
    return known.length > 0 ? known.flat() : undefined;
  };
  const whole = literal(node);
  if (whole !== undefined) return path.length === 0 ? [whole] : [];
  if (wrappers.includes(node.type)) return deeper(nodeIn(node, 'expression'));
  if (node.type === 'ConditionalExpression') return both(deeper(nodeIn(node, 'consequent')), deeper(nodeIn(node, 'alternate')));
  if (node.type === 'LogicalExpression') return both(deeper(nodeIn(node, 'left')), deeper(nodeIn(node, 'right')));
  if (node.type === 'MemberExpression') {
    const property = nodeIn(node, 'property');
    const key = node['computed'] ? (literal(property) ?? '*') : textIn(property, 'name');
    return deeper(nodeIn(node, 'object'), [key, ...path]);
  }
  if (node.type === 'Identifier') {
    const name = textIn(node, 'name');
    const from = file.imported.get(name);
    if (name === 'undefined' || (from && /\/contract\//.test(from.from))) return [];
    if (from) {
      const other = openBeside(file, from.from);
      return other && possible(other, { ...node, name: from.name }, path, depth + 1);
    }
    return both(...(file.names.get(name) ?? []).map(({ from, path: below }) => deeper(from, [...below, ...path])));
  }
  const [key, ...rest] = path;
  if (key === undefined) return node.type === 'ObjectExpression' || node.type === 'ArrayExpression' ? stringsIn(node) : undefined;
  if (node.type === 'ArrayExpression') return both([], ...nodesIn(node, 'elements').map((each) => deeper(each, rest)));
  if (node.type !== 'ObjectExpression') return undefined;
  const properties = nodesIn(node, 'properties').filter((each) => key === '*' || nameOfKey(each) === key);
  return both([], ...properties.map((each) => deeper(nodeIn(each, 'value'), rest)));
}

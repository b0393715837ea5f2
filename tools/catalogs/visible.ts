// Finds English that people would see and that did not go through t(): text and labels in JSX, and sentences in strings.
import { extractFrom } from './extract.ts';
import { lineOf, literal, nodeIn, nodesIn, parseFile, textIn, visit, type Node } from './syntax.ts';

/** Names that are the same in every language. */
const NAMES = /\b(?:multidial|TCP|UDP|ICMP|IPv4|IPv6|Mbit\/s|eth0\.2)\b/g;
const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text.replace(NAMES, ''));
/** Prose, and no list of classes, path or code. */
const isSentence = (text: string): boolean => /(?:^|[^\w-])[A-Za-z][a-z’]+,? [a-z’]+,? [a-z’]+(?:[^\w-]|$)/.test(text);

const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt', 'label', 'help', 'legend', 'caption', 'advice'];

/** A module's path, what is thrown, and what is looked at as an attribute or as a child. */
const unseen = ['ImportDeclaration', 'NewExpression', 'JSX'];

/** What an expression in JSX may show: its literals, also those of a choice or a template. */
function shownIn(node: Node | undefined): { text: string; node: Node }[] {
  if (!node) return [];
  const whole = literal(node);
  if (whole !== undefined) return [{ text: whole, node }];
  const parts = ['consequent', 'alternate', 'left', 'right'].flatMap((key) => shownIn(nodeIn(node, key)));
  if (node.type === 'ConditionalExpression') return parts.filter((part) => nodeIn(node, 'test') !== part.node);
  if (node.type === 'LogicalExpression') return shownIn(nodeIn(node, 'right'));
  if (node.type !== 'TemplateLiteral') return [];
  return nodesIn(node, 'quasis').map((quasi) => ({ text: (quasi['value'] as { cooked?: string }).cooked ?? '', node: quasi }));
}

/** `PATH:LINE: TEXT` for all of it in one source text. */
export function untranslated(path: string, text: string): string[] {
  const file = parseFile(path, text);
  const told = new Set(extractFrom(path, text).sentences.flatMap(({ id, plural }) => [id, plural]));
  const found: string[] = [];
  const tell = (shown: { text: string; node: Node }[], isSeen: (text: string) => boolean): void => {
    for (const part of shown) if (isSeen(part.text) && !told.has(part.text)) found.push(`${path}:${lineOf(file, part.node)}: ${part.text.trim()}`);
  };
  visit(file.program, (node, parents) => {
    const [parent] = parents;
    if (node.type === 'JSXText') tell([{ text: textIn(node, 'value'), node }], hasWords);
    else if (node.type === 'JSXExpressionContainer' && parent?.type !== 'JSXAttribute') tell(shownIn(nodeIn(node, 'expression')), hasWords);
    else if (node.type === 'JSXAttribute' && ATTRIBUTES.includes(textIn(nodeIn(node, 'name'), 'name'))) {
      const value = nodeIn(node, 'value');
      tell(shownIn(value?.type === 'JSXExpressionContainer' ? nodeIn(value, 'expression') : value), hasWords);
    } else if (node.type === 'Literal' && !unseen.some((type) => parent?.type.startsWith(type))) {
      tell(shownIn(node), isSentence);
    }
  });
  return found;
}

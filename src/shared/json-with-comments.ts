import { parse, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

const OPTIONS = { allowTrailingComma: true, disallowComments: false };

/** Text that is no JSON with comments: where, counted from 1, and what is wrong there. */
export class JsonError extends Error {
  override readonly name = 'JsonError';

  constructor(text: string, offset: number, what: string) {
    const lines = text.slice(0, offset).split('\n');
    super(`line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}: ${what}`);
  }
}

/** Reads JSON with comments and trailing commas. @throws JsonError, also where a member stands in an object twice. */
export function parseJsonWithComments(text: string): unknown {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, OPTIONS);
  const [error] = errors;
  if (error) throw new JsonError(text, error.offset, wordsOf(printParseErrorCode(error.error)));
  const repeated = tree && findRepeated(tree);
  if (repeated)
    throw new JsonError(text, repeated.offset, `“${String(repeated.value)}” stands there a second time`);
  return parse(text, [], OPTIONS);
}

/** `CommaExpected` → `comma expected` */
function wordsOf(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
}

/** The name of a member that its object has had before: of two values, a reader would see one. */
function findRepeated(node: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const [name] = child.type === 'property' ? (child.children ?? []) : [];
    if (name && seen.has(name.value)) return name;
    if (name) seen.add(name.value);
    const within = findRepeated(child);
    if (within) return within;
  }
  return undefined;
}

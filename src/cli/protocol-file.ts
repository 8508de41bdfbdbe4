import { readFileSync } from 'node:fs';
import { parse, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { decodeText } from '../shared/decode-text.js';
import { Failure } from './output/failure.js';

const OPTIONS = { allowTrailingComma: true, disallowComments: false };

/** Reads a protocol from a file of JSON with comments. @throws Failure */
export function readProtocolFile(file: string): unknown {
  let text: string;
  try {
    text = decodeText(readFileSync(file));
  } catch {
    throw new Failure(
      `${file} cannot be read.`,
      'Name a file that holds a protocol, such as one made by: protocol template.',
      'protocol-file-unreadable',
    );
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, OPTIONS);
  const [error] = errors;
  if (error) throw unreadable(file, text, error.offset, wordsOf(printParseErrorCode(error.error)));
  const repeated = tree && findRepeated(tree);
  if (repeated)
    throw unreadable(file, text, repeated.offset, `“${String(repeated.value)}” stands there a second time`);
  return parse(text, [], OPTIONS);
}

function unreadable(file: string, text: string, offset: number, what: string): Failure {
  const lines = text.slice(0, offset).split('\n');
  const place = `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
  return new Failure(
    `${file} is not JSON with comments: ${place}: ${what}.`,
    'Correct that line, and try again.',
    'protocol-file-invalid',
  );
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

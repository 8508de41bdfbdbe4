/**
 * A text from outside as it may be shown on a terminal or in a log: what does not print (control characters, line feeds,
 * marks that change the direction of writing) as `\u202e`, which JSON takes for the same text.
 */
export function escapeControls(text: string): string {
  return text.replace(/\p{C}/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => escapeUnit(character.charCodeAt(i))).join(''),
  );
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** What a record says of itself, for a message: quoted, cut to a length, escaped. */
export function quote(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? 'nothing' : `a ${typeof value}`;
  return `“${escapeControls(value.slice(0, 80))}”`;
}

/** “1 record”, “2 records”. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** The first few, and how many more there are. */
export function firstFew(texts: readonly string[]): string {
  const most = 5;
  const rest = texts.length - most;
  return texts.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

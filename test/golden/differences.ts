/**
 * Where an answer is not the golden one. Every member of the golden answer has to be there with the same value, and every
 * list has to have the same length; further members are allowed, so that a later version can say more. Whoever decides
 * otherwise changes `additional`.
 */
export function differences(golden: unknown, answer: unknown, at = ''): string[] {
  if (!isContainer(golden) || !isContainer(answer) || Array.isArray(golden) !== Array.isArray(answer))
    return isSame(golden, answer) ? [] : [`${at}: ${shown(golden)} has become ${shown(answer)}`];
  const additional = !Array.isArray(golden);
  const [was, is] = [Object.keys(golden).length, Object.keys(answer).length];
  if (!additional && was !== is) return [`${at}: ${was} items have become ${is}`];
  return Object.entries(golden).flatMap(([name, value]) =>
    Object.hasOwn(answer, name)
      ? differences(value, (answer as Record<string, unknown>)[name], `${at}/${name}`)
      : [`${at}/${name} is gone`],
  );
}

/** No version of V8 promises the last bits of a logarithm or a power. Whole numbers and text are compared exactly. */
const LAST_BITS = 1e-12;

function isSame(golden: unknown, answer: unknown): boolean {
  if (typeof golden !== 'number' || typeof answer !== 'number' || Number.isInteger(golden))
    return golden === answer;
  return Math.abs(answer - golden) <= LAST_BITS * Math.abs(golden);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

/** What a form says as a browser would send it, without files. */
export function pairsOf(form: HTMLFormElement): URLSearchParams {
  const pairs = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') pairs.append(name, value);
  return pairs;
}

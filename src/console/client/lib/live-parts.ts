/** Asks for the page again, and takes the parts of it that are marked. The session does not go on by that. */
import { find, findAll } from './elements.js';
export async function refreshParts(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html', 'Asked-By': 'page' } }).catch(
    () => undefined,
  );
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of findAll('main [data-live]')) {
    const fresh = find(`main [data-live="${CSS.escape(part.dataset['live'] ?? '')}"]`, page);
    if (fresh && !part.isEqualNode(fresh)) replace(part, fresh);
  }
}

function replace(part: HTMLElement, fresh: HTMLElement): void {
  const focused = part.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
  if (focused?.matches('input, select, textarea')) return;
  const opened = [...findAll<HTMLDetailsElement>('details', part)].map(({ open }) => open);
  for (const [index, one] of findAll<HTMLDetailsElement>('details', fresh).entries())
    one.open ||= opened[index] ?? false;
  const place = focused && [...findAll('a, button, summary', part)].indexOf(focused);
  part.replaceWith(fresh);
  if (place !== undefined) [...findAll('a, button, summary', fresh)][place]?.focus();
}

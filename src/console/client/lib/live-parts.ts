/** Asks for the page again, and takes the parts of it that are marked. The session does not go on by that. */
export async function refreshParts(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html', 'Asked-By': 'page' } }).catch(
    () => undefined,
  );
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll<HTMLElement>('main [data-live]')) {
    const fresh = page.querySelector<HTMLElement>(
      `main [data-live="${CSS.escape(part.dataset['live'] ?? '')}"]`,
    );
    if (fresh && !part.isEqualNode(fresh)) replace(part, fresh);
  }
}

function replace(part: HTMLElement, fresh: HTMLElement): void {
  const focused = part.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
  if (focused?.matches('input, select, textarea')) return;
  const opened = [...part.querySelectorAll('details')].map(({ open }) => open);
  for (const [index, one] of fresh.querySelectorAll('details').entries()) one.open ||= opened[index] ?? false;
  const place = focused && [...part.querySelectorAll('a, button, summary')].indexOf(focused);
  part.replaceWith(fresh);
  if (place !== undefined) [...fresh.querySelectorAll<HTMLElement>('a, button, summary')][place]?.focus();
}

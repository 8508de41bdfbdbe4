/**
 * Watches over what is not recorded yet: a link that leads away is held, and the browser asks before the page is closed.
 * @param isOpen whether anything would be lost
 * @param hold is told where a link would have led
 */
export function watchLeaving(isOpen: () => boolean, hold: (address: string) => void): void {
  addEventListener('beforeunload', (event) => {
    if (isOpen()) event.preventDefault();
  });
  document.addEventListener(
    'click',
    (event) => {
      const link = isOpen() ? leadingAway(event) : undefined;
      if (!link) return;
      event.preventDefault();
      hold(link.href);
    },
    true,
  );
}

/** The link by which a click leads away from the page in this tab. */
export function leadingAway(event: MouseEvent): HTMLAnchorElement | undefined {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
  const isElsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!link || isElsewhere || link.target !== '' || link.hasAttribute('download')) return undefined;
  return link.getAttribute('href')!.startsWith('#') ? undefined : link;
}

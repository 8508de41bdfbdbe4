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
      const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
      const isElsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey;
      if (!link || !isOpen() || isElsewhere || link.target !== '') return;
      if (link.getAttribute('href')!.startsWith('#')) return;
      event.preventDefault();
      hold(link.href);
    },
    true,
  );
}

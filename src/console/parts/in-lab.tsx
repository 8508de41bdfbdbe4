import type { ComponentChildren, JSX } from 'preact';
import { API } from '../../shared/api-prefix.js';
import { addressOf } from './frame.js';
import { LinksContext, StudyHref, type Links } from './links.js';

const LAB: Links = {
  record: (number) => `${API}/lab/records?from=${number}&limit=1`,
  animal: () => undefined,
};
const ACCESS: Links = { ...LAB, record: (number) => `${API}/access/records?from=${number}&limit=1` };

/** What a page about the ledger is given beside its answer: its links to records lead to those of the lab, or of the access log. */
export function InLab({
  log = 'lab',
  children,
}: {
  readonly log?: 'lab' | 'access';
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <LinksContext.Provider value={log === 'lab' ? LAB : ACCESS}>
      <StudyHref.Provider value={(page, query = {}) => addressOf(page, query)}>{children}</StudyHref.Provider>
    </LinksContext.Provider>
  );
}

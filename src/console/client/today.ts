/** Keeps the time of what is due to the minute (“in 4:10”, “0:20 over”), and shows it anew when it is due or overdue. */
import { find, findAll } from './lib/elements.js';
import { dueText } from '../words/due.js';
import { refreshParts } from './lib/live-parts.js';

// What is typed, or read from a label, opens an animal; a screen keyboard comes only when it is asked for.
if (matchMedia('(pointer: fine)').matches)
  find('main .find input[type=search]')?.focus({ preventScroll: true });

const now = (): number => Date.now() + ahead;
/** How far the clock of the server is ahead of this one. */
const ahead = Number(find('[data-now]')?.dataset['now'] ?? Date.now()) - Date.now();

setInterval(() => {
  for (const place of findAll('[data-due]')) place.textContent = dueText(Number(place.dataset['due']), now());
  const part = find('[data-changes]');
  if (!part || now() < Number(part.dataset['changes'])) return;
  // Asked for once: the part that comes says when it changes next.
  delete part.dataset['changes'];
  void refreshParts();
}, 1000);

/** Keeps the time of what is due to the minute: “in 4:10”, “0:20 over”. */
import { dueText } from '../words/due.js';

const now = (): number => Date.now() + ahead;
/** How far the clock of the server is ahead of this one. */
const ahead =
  Number(document.querySelector<HTMLElement>('[data-now]')?.dataset['now'] ?? Date.now()) - Date.now();

setInterval(() => {
  for (const place of document.querySelectorAll<HTMLElement>('[data-due]'))
    place.textContent = dueText(Number(place.dataset['due']), now());
}, 1000);

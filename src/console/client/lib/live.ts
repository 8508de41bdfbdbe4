import { API } from '../../../shared/api-prefix.js';
import { typeInWords } from '../../../exports/documents/in-words.js';
import type { StudyRecord } from '../../../study/record.js';
import { element } from './elements.js';
import { isOwn } from './entries.js';

/** Records that come together are shown together. */
const PAUSE_MS = 150;
const MOST_LINES = 3;

/** At the bench one sees what others record: what the page says of it is shown anew, and what is being typed stays. */
export function watchStudy(live: HTMLElement): void {
  const { study = '', cursor = '' } = live.dataset;
  const source = new EventSource(
    `${API}/feed?study=${encodeURIComponent(study)}&follow=true&cursor=${encodeURIComponent(cursor)}`,
  );
  live.setAttribute('role', 'status');
  let timer: ReturnType<typeof setTimeout> | undefined;
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const record = JSON.parse(data) as StudyRecord;
    if (!isOwn(record.commandid)) tell(live, record, study);
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), PAUSE_MS);
  });
  addEventListener('pagehide', () => source.close());
}

function tell(live: HTMLElement, { actor, type, subject, sequence }: StudyRecord, study: string): void {
  const number = Number(sequence);
  live.append(
    element(
      'p',
      {},
      `${actor} has recorded meanwhile: ${typeInWords(type)}${subject === undefined ? '' : ` of ${subject}`}, `,
      element('a', { href: `/studies/${study}/records/${number}` }, `#${number}`),
      '.',
    ),
  );
  if (live.childElementCount > MOST_LINES) live.firstElementChild?.remove();
  live.hidden = false;
}

/** Asks for the page again, and takes the parts of it that are marked. The session does not go on by that. */
async function refresh(): Promise<void> {
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

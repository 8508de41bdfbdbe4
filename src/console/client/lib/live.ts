import { API } from '../../../shared/api-prefix.js';
import { typeInWords } from '../../../exports/documents/type-in-words.js';
import type { StudyRecord } from '../../../study/record.js';
import { element } from './elements.js';
import { followConnection } from './connection.js';
import { isOwn } from './outbox.js';
import { refreshParts } from './live-parts.js';
import { personOfPage } from './unlock.js';

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
    timer = setTimeout(() => void refreshParts(), PAUSE_MS);
  });
  followConnection(source);
}

function tell(live: HTMLElement, { actor, type, subject, sequence }: StudyRecord, study: string): void {
  const number = Number(sequence);
  live.append(
    element(
      'p',
      {},
      `${actor === personOfPage()?.person ? 'You have' : `${actor} has`} recorded meanwhile: ${typeInWords(type)}${subject === undefined ? '' : ` of ${subject}`}, `,
      element('a', { href: `/studies/${study}/records/${number}` }, `#${number}`),
      '.',
    ),
  );
  if (live.childElementCount > MOST_LINES) live.firstElementChild?.remove();
  live.hidden = false;
}

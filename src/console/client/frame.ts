/**
 * What every page does where a script runs: the slider of a study shows at once, news is announced, the session is watched,
 * forms are sent as commands, and what waits on this device is sent.
 */
import { button, find } from './lib/elements.js';
import { API } from '../../shared/api-prefix.js';
import { learnClock } from './lib/ask-server.js';
import { sendCommandForms } from './lib/command-forms.js';
import { followConnection } from './lib/connection.js';
import { guardPage } from './lib/connection-guard.js';
import { watchStudy } from './lib/live.js';
import { watchOutbox } from './lib/outbox-list.js';
import { tellRunning } from './lib/running.js';
import { watchSession } from './lib/session.js';

watchSession();
sendCommandForms();
guardPage();
tellRunning();
watchOutbox();

const print = find('[data-print]');
if (print) {
  print.hidden = false;
  print.addEventListener('click', () => globalThis.print());
}

const live = find('.live');
if (live) {
  watchStudy(live);
  void learnClock();
}

const time = find('.time');
const slider = time?.querySelector<HTMLInputElement>('input[type=range]');
const number = time?.querySelector<HTMLInputElement>('input[type=number]');
const slide = slider?.form;

if (slider && slide) {
  // The buttons are for those without a script; the slider asks by itself when it is let go.
  find('button', slide)?.remove();
  slider.addEventListener('input', () => {
    if (number) number.value = slider.value;
    slider.setAttribute('aria-valuetext', `${slider.value} of ${slider.max} records`);
  });
  slider.addEventListener('change', () => slide.requestSubmit());
}

const news = time?.querySelector<HTMLElement>('.news');
if (time && news) announce(time, news);

/** Says how many records have come since the page was made. Nothing on the page moves until the reader asks for them. */
function announce({ dataset }: HTMLElement, place: HTMLElement): void {
  const { study = '', cursor = '' } = dataset;
  const source = new EventSource(
    `${API}/feed?study=${encodeURIComponent(study)}&follow=true&cursor=${encodeURIComponent(cursor)}`,
  );
  const again = button('', () => {
    const latest = new URL(location.href);
    latest.searchParams.delete('at');
    location.assign(latest);
  });
  let count = 0;
  source.addEventListener('message', () => {
    count++;
    again.textContent = count === 1 ? '1 new record' : `${count} new records`;
    if (place.hidden) place.replaceChildren(again);
    place.hidden = false;
  });
  followConnection(source);
}

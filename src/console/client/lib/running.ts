import { clockText, stimulatedMs } from '../../../study/rules/stimulation-clock.js';
import { ofTab } from './browser-storage.js';
import { element, find } from './elements.js';
import type { Kept } from './stimulation.js';

/** Begins the names under which this tab keeps stimulations that run: `stimulation KET-01 R14`. */
const PREFIX = 'stimulation ';

/** Says on every other page that a stimulation runs, and leads back to its clock. */
export function tellRunning(): void {
  const links = ofTab.keys().flatMap((key) => {
    const [study = '', animal = ''] = key.startsWith(PREFIX) ? key.slice(PREFIX.length).split(' ') : [];
    if (animal === '' || location.pathname.endsWith('/bench/stimulation')) return [];
    const { running, aheadMs, fields } = JSON.parse(ofTab.get(key)!) as Kept;
    const query = new URLSearchParams({ animal, begun: String(running.begunMs) });
    const setting = fields.find(([name]) => name === 'data.setting');
    if (setting) query.set('setting', setting[1]);
    const href = `/studies/${study}/bench/stimulation?${query}`;
    const link = element('a', { href });
    const show = (): void => {
      link.textContent = `Stimulation of ${animal}: ${clockText(stimulatedMs(running, Date.now() + aheadMs))}. Back to its clock`;
    };
    show();
    setInterval(show, 1000);
    return [link];
  });
  if (links.length > 0) find('main')?.before(element('p', { class: 'running' }, ...links));
}

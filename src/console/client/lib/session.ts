import { API } from '../../../shared/api-prefix.js';
import { ANSWERED, Refused, get, hereMs, post } from './ask-server.js';
import { ofBrowser } from './browser-storage.js';
import { button, element, find } from './elements.js';
import { isUnanswered } from './kept-entry.js';
import { keptEntries } from './outbox-store.js';
import { personOfPage, reasonOf, release, unlock } from './unlock.js';

const MINUTE_MS = 60_000;
const WARNING_MS = 2 * MINUTE_MS;
/** Pages of the same ledger tell one another when the session ends, and who is signed in. */
const SHARED = 'study-ledger-session';

/** Watches over the session: a quiet warning two minutes before its end, and a lock that opens in place. */
export function watchSession(): void {
  const who = find('.who');
  const page = personOfPage();
  if (!who || !page) return;
  signOutBy(who);
  const { endsIn } = who.dataset;
  if (endsIn === undefined) return;
  const warning = element('p', { class: 'ending', role: 'status' });
  warning.hidden = true;
  who.after(warning);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const watch = (): void => {
    clearTimeout(timer);
    warning.hidden = true;
    const leftMs = endOf(page.person) - Date.now();
    if (leftMs > 0) release();
    if (leftMs <= 0) void lock();
    else if (leftMs <= WARNING_MS) {
      warn(leftMs);
      timer = setTimeout(watch, Math.min(leftMs, 20_000));
    } else timer = setTimeout(watch, leftMs - WARNING_MS);
  };
  const warn = (leftMs: number): void => {
    const minutes = Math.ceil(leftMs / MINUTE_MS);
    warning.replaceChildren(
      `The session of ${page.person} ends in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}. `,
      button('Go on', () => void renew()),
    );
    warning.hidden = false;
  };
  const renew = async (): Promise<void> => {
    try {
      const { session } = await get<{ session: { endsAt: string } }>(`${API}/me`);
      share(page.person, hereMs(session.endsAt));
      watch();
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 401) await lock();
      else warning.replaceChildren(reasonOf(error));
    }
  };
  document.addEventListener(ANSWERED, () => {
    if (endOf(page.person) > Date.now()) share(page.person, Date.now() + Number(endsIn) * 1000);
    watch();
  });
  const lock = async (): Promise<void> => {
    const why = `The session of ${page.person} has ended. What you typed is still here.`;
    if (await unlock(why, { isLocked: true })) await renew();
  };

  addEventListener('storage', ({ key }) => {
    if (key === SHARED) watch();
  });
  // Timers stand still while a device sleeps.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) watch();
  });
  share(page.person, Date.now() + Number(endsIn) * 1000);
  watch();
}

function share(person: string, endsMs: number): void {
  ofBrowser.set(SHARED, `${person} ${endsMs}`);
}

/** 0 where somebody else is signed in by now, or nobody. */
function endOf(person: string): number {
  const [other, endsMs] = (ofBrowser.get(SHARED) ?? '').split(' ');
  return other === person ? Number(endsMs) : 0;
}

function signOutBy(who: HTMLElement): void {
  find('form', who)?.addEventListener('submit', (event) => {
    event.preventDefault();
    void signOut(who, who.dataset['person'] ?? '');
  });
}

async function signOut(who: HTMLElement, person: string): Promise<void> {
  const waiting = (await keptEntries().catch(() => [])).filter((entry) => entry.person === person).length;
  const question = `${waiting === 1 ? '1 entry' : `${waiting} entries`} of ${person} ${waiting === 1 ? 'is' : 'are'} not yet recorded. What waits stays on this device, and is sent when ${person} signs in here again. Sign out all the same?`;
  if (waiting > 0 && !confirm(question)) return;
  try {
    await post(`${API}/sign-out`, {});
  } catch (error) {
    if (error instanceof Refused && isUnanswered(error.problem)) {
      find('.refused', who)?.remove();
      const told = `The server does not answer, so ${person} is still signed in on this device: sign out again when the connection is back.`;
      who.append(element('p', { class: 'refused', role: 'alert' }, told));
      return;
    }
  }
  ofBrowser.remove(SHARED);
  location.assign('/sign-in');
}

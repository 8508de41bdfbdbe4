import { API } from '../../../shared/api-prefix.js';
import { Refused, post } from './ask-server.js';
import { button, element, find } from './elements.js';
import { PasskeyError, signInByPasskey, type SignedIn } from './passkey.js';

/** Who the page was made for: nobody where it was asked for without a session. */
export function personOfPage(): { readonly person: string; readonly method: string } | undefined {
  const { person, method = '' } = find('.who')?.dataset ?? {};
  return person === undefined ? undefined : { person, method };
}

/** Where somebody else goes on who takes over a device at the bench. */
function benchHere(): string | undefined {
  return /^\/studies\/[^/]+\/bench(?=\/|$)/.exec(location.pathname)?.[0];
}

let dialog: HTMLDialogElement | undefined;
let close: (isSignedIn: boolean) => void = () => undefined;

/** Takes the lock away, where another page of the same person has opened it. */
export function release(): void {
  if (dialog?.className === 'lock') close(true);
}

/**
 * Asks for the passkey in place, over the page, so that nothing that was typed is lost. Somebody else gets a page of their
 * own. Resolves to false where it was put off.
 * @param isLocked the page is covered and cannot be gone back to
 */
export function unlock(why: string, { isLocked = false } = {}): Promise<boolean> {
  const page = personOfPage();
  if (dialog || !page) return Promise.resolve(false);
  return new Promise((resolve) => {
    const alert = element('p', { class: 'refused', role: 'alert' });
    const go = button(`Go on as ${page.person}`, () => {
      alert.textContent = '';
      signIn(page).then(
        ({ person }) => {
          if (person === page.person) close(true);
          else location.replace(benchHere() ?? '/');
        },
        (error: unknown) => (alert.textContent = reasonOf(error)),
      );
    });
    const away = isLocked
      ? element(
          'a',
          { href: `/sign-in?next=${encodeURIComponent(benchHere() ?? '/')}` },
          'Somebody else signs in',
        )
      : button('Not now', () => close(false));
    dialog = element(
      'dialog',
      { class: isLocked ? 'lock' : 'again', 'aria-label': 'Sign in again' },
      element('p', {}, why),
      alert,
      element('p', {}, go, ' ', away),
    ) as HTMLDialogElement;
    close = (isSignedIn) => {
      dialog?.remove();
      dialog = undefined;
      resolve(isSignedIn);
    };
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      if (!isLocked) close(false);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

const SIGN_IN_AGAIN = new Set(['passkey-required', 'sign-in-required', 'session-expired', 'person-other']);

/** Does something, and once more after signing in again where that is what it lacks. @throws Refused. */
export async function signedInFor<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refused) || !SIGN_IN_AGAIN.has(error.problem.code)) throw error;
    if (!(await unlock(error.message))) throw error;
    return act();
  }
}

function signIn({ person, method }: { readonly person: string; readonly method: string }): Promise<SignedIn> {
  return method === 'simulated' ? post(`${API}/sign-in/simulated`, { person }) : signInByPasskey();
}

/** @throws what is no answer of the server or of the browser. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused || error instanceof PasskeyError) return error.message;
  throw error;
}

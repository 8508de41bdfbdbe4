/** Signing in, and enrolling a passkey. */
import { find, findAll } from './lib/elements.js';
import { API } from '../../shared/api-prefix.js';
import { post } from './lib/ask-server.js';
import { enrolPasskey, signInByPasskey } from './lib/passkey.js';
import { reasonOf, signedInFor } from './lib/unlock.js';

const main = find('main')!;

for (const button of findAll<HTMLButtonElement>('button[data-sign-in]', main)) {
  const { signIn: person = '', next = '/' } = button.dataset;
  button.addEventListener('click', () => {
    void trying(button, async () => {
      await (person === '' ? signInByPasskey() : post(`${API}/sign-in/simulated`, { person }));
      location.assign(next);
    });
  });
}

const enrol = find<HTMLFormElement>('form[data-enrol]', main);
if (enrol) prepareEnrolment(enrol);

/** The link names the person and holds a code, behind the #, which browsers never send. */
function prepareEnrolment(form: HTMLFormElement): void {
  const [, person, code] = /^#([A-Za-z0-9-]+)\.([A-Za-z0-9_-]{43})$/.exec(location.hash) ?? [];
  const { own = '' } = form.dataset;
  const about = person === undefined || code === undefined ? undefined : { person, code };
  if (!about && own === '') return;
  for (const name of findAll('[data-person]', main)) name.textContent = person ?? own;
  find('[data-without]', main)!.hidden = true;
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const label = find<HTMLInputElement>('[name=label]', form)!.value;
    void trying(find('button', form)!, async () => {
      const { records } = await signedInFor(() => enrolPasskey(about, label));
      // The code is spent.
      history.replaceState(null, '', location.pathname);
      form.hidden = true;
      // The ledger confirms what it offered itself, in the same batch.
      const next = records.length > 1 ? 'confirmed' : about ? 'waits' : 'own';
      const told = find(`[data-next-is=${next}]`, main)!;
      told.hidden = false;
      told.focus();
    });
  });
}

/** What goes wrong is said beside the button. */
async function trying(button: HTMLButtonElement, act: () => Promise<void>): Promise<void> {
  const alert = find('.refused[role=alert]', main)!;
  alert.textContent = '';
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    alert.textContent = reasonOf(error);
  } finally {
    button.disabled = false;
  }
}

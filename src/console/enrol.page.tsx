import type { JSX } from 'preact';
import { ledgerPage, type MainProps } from './page.js';
import { Field } from './parts/command-form.js';

interface Enrolment {
  readonly facility: string;
  /** Who is signed in, and may enrol another passkey without a link. */
  readonly own: string | undefined;
}

/**
 * Makes a passkey. A link to this page has its person and its code behind the #, so that no server and no log ever sees them
 * in an address; the script sends them once.
 */
export const enrolPage = ledgerPage<Enrolment>({
  path: '/enrol',
  readers: 'anyone',
  title: () => 'Enrol a passkey',
  script: 'passkeys',
  answer: (engine, _address, { person }) =>
    Promise.resolve({ facility: engine.labNow.facility, own: person }),
  main: Main,
});

function Main({ answer: { facility, own } }: MainProps<Enrolment>): JSX.Element {
  return (
    <>
      <h1>Enrol a passkey</h1>
      <noscript>
        <p class="refused">
          Passkeys need the script of this page, and this browser does not run it. Allow scripts for this
          address.
        </p>
      </noscript>
      <p data-without="">
        Open the link that an administrator gave you: it ends with your id and a code. Whoever is signed in
        enrols another passkey from <a href="/me#passkeys">their own page</a>.
      </p>
      <p class="refused" role="alert"></p>
      <form class="command" data-enrol="" data-own={own} hidden>
        <p class="lead">
          A passkey for <strong data-person=""></strong> at {facility}.
        </p>
        <p>
          It stays on your device or security key. This ledger keeps only its public half; there is no
          password. If you are somebody else, stop here and tell an administrator.
        </p>
        <Field
          name="label"
          label="What you call it"
          hint="So that you can tell it from others later, such as “blue key” or “office laptop”."
          required
          maxLength={80}
        />
        <button class="main">Create the passkey</button>
      </form>
      <section data-next-is="confirmed" hidden tabIndex={-1}>
        <h2>The passkey is enrolled and confirmed</h2>
        <p>
          The link was made on the server itself, so nobody else has to confirm the passkey. Sign in and
          register your colleagues.
        </p>
        <p>
          <button type="button" class="main" data-sign-in="" data-next="/people">
            Sign in with the passkey
          </button>
        </p>
      </section>
      <section data-next-is="waits" hidden tabIndex={-1}>
        <h2>The passkey is enrolled and waits for its confirmation</h2>
        <p>
          Another person with a role checks who you are and confirms it, signed in, on the page behind their
          name: not the one who gave you the link, unless nobody else can sign in yet. Until then it opens
          your own page only.
        </p>
        <p>
          <button type="button" class="main" data-sign-in="" data-next="/me">
            Sign in with the passkey
          </button>
        </p>
      </section>
      <section data-next-is="own" hidden tabIndex={-1}>
        <h2>The passkey is enrolled and waits for you</h2>
        <p>
          Confirm it on <a href="/me#passkeys">your own page</a>: you are asked for an earlier one once more.
        </p>
      </section>
    </>
  );
}

import type { JSX } from 'preact';

/** What to do where a ledger holds no study yet. */
export function FirstSteps(): JSX.Element {
  return (
    <section class="steps">
      <h2>This ledger holds no study yet</h2>
      <ol>
        <li>
          Look at a finished one: <code>npm run demo</code> records a simulated study into a ledger of its
          own.
        </li>
        <li>
          <a href="/studies/new">Start a study</a>: register it, and write its protocol from a template,
          beside its words. Programs do the same by{' '}
          <a href="/api#register-study">the interface for programs</a>.
        </li>
        <li>
          Once the protocol is approved, enrol animals. What is recorded from then on is judged by the rules
          of that protocol.
        </li>
      </ol>
    </section>
  );
}

import type { JSX } from 'preact';
import { API } from '../../shared/api-prefix.js';

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
          Register a study: a POST to <code>{`${API}/studies/KET-01/commands/register-study`}</code>,
          described at <a href="/api#register-study">the interface for programs</a>, or a file of commands
          with <code>study-ledger play</code>.
        </li>
        <li>
          Approve its protocol, then enrol animals. What is recorded from then on is judged by the rules of
          that protocol.
        </li>
      </ol>
    </section>
  );
}

import type { JSX } from 'preact';
import { anchorsOf, type Anchor, type Lab, type PublishedKey } from '../lab/lab.js';
import { originOf, studyLog } from '../lab/origins.js';
import { compareState, type ComparedState } from '../queries/compare-state.js';
import { sha256Hex } from '../shared/sha256.js';
import { Refusal } from '../study/refusal.js';
import type { Study } from '../study/study.js';
import { choosePage } from './choose.js';
import { studyPage, type MainProps } from './page.js';
import { AnchorTable } from './parts/anchors.js';
import type { Shown } from './parts/choices.js';
import { Keys, type ShownKey } from './parts/keys.js';
import { QueryForm } from './parts/query-form.js';
import { counted, countText } from './words/phrase.js';

interface VerifyAnswer {
  readonly code: string;
  readonly size: number;
  readonly origin: string;
  /** Heads of the study that stand in the lab, newest first: those of this page, and the one that follows. */
  readonly anchors: readonly Anchor[];
  readonly older: Anchor | undefined;
  readonly shown: Shown;
  readonly keys: readonly ShownKey[];
  readonly labKeys: readonly ShownKey[];
  readonly compared: ComparedState | undefined;
}

/** No more anchors on one page. */
const ROWS = 200;

export const verifyPage = studyPage<VerifyAnswer>({
  path: '/studies/:code/verify',
  name: 'Verify',
  parameters: ['note', 'page'],
  title: () => 'Verify',
  script: 'verify',
  // oxlint-disable-next-line require-yield -- nothing here is long
  *answer({ study }, { query }, lab) {
    const { note } = query;
    const all = [...anchorsOf(lab, studyLog(study.code))].filter(({ size }) => size <= study.size);
    const shown = choosePage(query, all.length, ROWS);
    if (shown instanceof Refusal) return shown;
    const origin = originOf(lab.facility, studyLog(study.code));
    const keys = keysThen(lab, study, origin);
    return {
      code: study.code,
      size: study.size,
      origin,
      anchors: all.slice(shown.from, shown.until),
      older: all[shown.until],
      shown,
      keys,
      labKeys: keysThen(lab, study, originOf(lab.facility, 'lab')),
      compared:
        note === undefined
          ? undefined
          : compareState(
              note,
              study,
              origin,
              keys.map(({ vkey }) => vkey),
            ),
    };
  },
  main: Main,
});

/** The keys of a log that were published when the last of these records was written. */
function keysThen(lab: Lab, { records }: Study, origin: string): ShownKey[] {
  const labSize = records.last?.record.labsize ?? 0;
  return (lab.keys.get(origin) ?? [])
    .filter(({ number }) => number < labSize)
    .map((key) => ({ ...key, digest: sha256Hex(key.vkey) }));
}

function Main({ answer, query }: MainProps<VerifyAnswer>): JSX.Element {
  const { code, size, anchors, older, shown, keys, labKeys, compared, origin } = answer;
  return (
    <>
      <h1>Verify</h1>
      <p class="lead">
        Each study is a log: every record has a place in a tree of hashes, and the root of the tree is signed.
        So whatever was shown once can be compared with what is here now.
      </p>
      <section class="evidence">
        <h2>This log, in your browser</h2>
        <div data-verify>
          <p>
            If scripts are allowed, this page fetches the signed state of the log and checks in your browser
            the signature, that the state shown is part of it, and that each anchor below is part of the next.
          </p>
        </div>
      </section>
      <Paste note={query['note']} origin={origin} size={size} compared={compared} />
      <section>
        <h2>Anchors</h2>
        <p>
          From time to time the state of this log is recorded in the log of the laboratory, with the proof
          that it begins with the state recorded before. Who watches that log from outside is listed at{' '}
          <a href="/lab">the laboratory</a>.
        </p>
        <AnchorTable anchors={anchors} older={older} shown={shown} />
      </section>
      <Keys keys={keys} labKeys={labKeys} />
      <WithoutUs code={code} size={size} labKey={labKeys.at(-1)} />
    </>
  );
}

function Paste({
  note,
  origin,
  size,
  compared,
}: {
  readonly note: string | undefined;
  readonly origin: string;
  readonly size: number;
  readonly compared: ComparedState | undefined;
}): JSX.Element {
  return (
    <section id="paper">
      <h2>Is the paper that I was given part of this log?</h2>
      <QueryForm to="/verify" label="A state to compare" class="paste">
        <label>
          <span>A checkpoint, or a tree size and a root</span>
          <textarea
            name="note"
            rows={6}
            spellcheck={false}
            placeholder={`${origin}\n834\n(root)\n\n— (signature)`}
          >
            {note}
          </textarea>
        </label>
        <button>Compare</button>
      </QueryForm>
      <div data-compared aria-live="polite">
        {compared && (
          <p class="compared">
            <strong>This server says:</strong> {comparedInWords(compared, size)} Your browser computed nothing
            of it.
          </p>
        )}
      </div>
    </section>
  );
}

function comparedInWords(compared: ComparedState, shown: number): string {
  switch (compared.outcome) {
    case 'unreadable':
      return compared.problem;
    case 'other-log':
      return `It is a state of another log, ${compared.origin}.`;
    case 'longer':
      return `It is of ${counted(compared.size, 'record')}, and this page is made from ${countText(shown)}.`;
    default: {
      const { outcome, size, signature } = compared;
      const agrees = `It is ${outcome === 'agrees' ? '' : 'not '}the state of the first ${counted(size, 'record')} of this log.`;
      if (signature === undefined) return `${agrees} It is signed by a key of this log.`;
      return signature === 'none'
        ? `${agrees} No signature was pasted.`
        : `${agrees} Its signature does not hold: ${signature}.`;
    }
  }
}

/** The way that needs neither this server nor this program. */
function WithoutUs({
  code,
  size,
  labKey,
}: {
  readonly code: string;
  readonly size: number;
  readonly labKey: PublishedKey | undefined;
}): JSX.Element {
  return (
    <section id="without-us">
      <h2>Verify it without this server</h2>
      <p>
        The script that checks on this page came from this server too. It finds records, proofs and roots that
        were altered, but not a server that sends another script. The way below finds that too.
      </p>
      <p>
        The audit bundle holds the records, the signed states, the log of the laboratory, and a program of one
        file that checks them all and needs only Node. Whoever has it needs neither this server nor this
        program. Making a bundle is recorded, with who made it, so it is made by a command while the server is
        stopped, and not by a link. With <code>--unrecorded</code> it runs beside the server and records
        nothing:
      </p>
      <pre tabIndex={0} aria-label="Making the bundle">
        {`node dist/cli.js export --study ${code} --data <folder> --at ${size} --to ${code}-${size}.zip`}
      </pre>
      <p>Whoever receives it unpacks it and asks, with the key that the laboratory gave them:</p>
      <pre tabIndex={0} aria-label="Verifying the bundle">
        {`unzip ${code}-${size}.zip\nnode ${code}-${size}/data/ledger/verify.mjs --lab-vkey '${labKey?.vkey ?? '<key>'}'`}
      </pre>
      <p>
        <code>VERIFY.md</code> beside it says how to do the same by hand with openssl, sha256sum, xxd and jq.
      </p>
    </section>
  );
}

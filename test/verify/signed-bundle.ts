import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/verify/checks/report.js';
import { writeBag } from './hand-made-bundle.js';
import { STUDY } from './people-checks.js';
import { freshFolder } from './real-ledger.js';
import { sign } from './signing.js';
import { APPROVED, signing, WEIGHT } from './signing-study.js';

/** A bundle with an approval and a review, and a part of it that holds the approved record and not all of what was reviewed. */
const ledger = signing();
export const approval = sign(ledger, STUDY, 'sd-1', APPROVED);
export const review = sign(ledger, STUDY, 'qa-1', { meaning: 'reviewed', range: [0, WEIGHT] });
export const labVkey = ledger.vkey('lab');

export function bundle(): string {
  const folder = join(freshFolder(), 'bag');
  writeBag(ledger, STUDY, folder);
  return folder;
}

/** Somebody signed under another name. Names are disclosed without being listed as files of the bag. */
export function misnamed(withNames: boolean): string {
  const other = signing();
  sign(other, STUDY, 'sd-1', {
    ...APPROVED,
    state: ({ predicate }) => (predicate.printedName = 'Name of qa-1'),
  });
  const folder = join(freshFolder(), 'misnamed');
  writeBag(other, STUDY, folder);
  if (withNames) disclose(folder, other);
  return folder;
}

export function disclose(folder: string, { disclosures } = ledger): void {
  mkdirSync(file(folder, 'disclosures'));
  for (const [digest, disclosure] of disclosures)
    writeFileSync(file(folder, `disclosures/${digest}`), disclosure);
}

export function part(): string {
  const folder = join(freshFolder(), 'part');
  writeBag(ledger, STUDY, folder, { subject: 'R02', records: [0, 1, approval, review] });
  return folder;
}

export const failuresIn = ({ findings }: Report): string[] =>
  findings.filter(({ severity }) => severity === 'fail').map(({ check, message }) => `${check}: ${message}`);

export const file = (folder: string, path: string): string => join(folder, 'data', 'ledger', path);

function edit(folder: string, path: string, change: (text: string) => string): void {
  const before = readFileSync(file(folder, path), 'latin1');
  const after = change(before);
  if (after === before) throw new Error(`${path} was not changed`);
  writeFileSync(file(folder, path), after, 'latin1');
}

const payload = (text: string): string => Buffer.from(text).toString('base64');

/** What is altered, by whom it is found, and where. */
export const ALTERED: [string, (folder: string) => void, { manifest: string; verifier: RegExp }][] = [
  [
    'a letter of a meaning, in the record and in the file',
    (folder) => {
      edit(folder, `signatures/${approval}/statement.json`, (text) => text.replace('approved', 'approvee'));
      const statement = readFileSync(file(folder, `signatures/${approval}/statement.json`), 'utf8');
      edit(folder, 'study/records.ndjson', (text) =>
        text.replace(payload(statement.replace('approvee', 'approved')), payload(statement)),
      );
    },
    {
      manifest: 'data/ledger/study/records.ndjson',
      verifier: new RegExp(
        `signature: record ${approval} holds no signature: its statement: /predicate/meaning`,
      ),
    },
  ],
  [
    'a letter of a meaning, in the file alone',
    (folder) =>
      edit(folder, `signatures/${approval}/statement.json`, (text) => text.replace('approved', 'archived')),
    {
      manifest: `data/ledger/signatures/${approval}/statement.json`,
      verifier: new RegExp(
        `signature: signatures/${approval}/statement.json is not what record ${approval} says`,
      ),
    },
  ],
  [
    'the key of a person, by that of another',
    (folder) => {
      const other = readFileSync(file(folder, `signatures/${review}/credential.pem`), 'latin1');
      edit(folder, `signatures/${approval}/credential.pem`, () => other);
    },
    {
      manifest: `data/ledger/signatures/${approval}/credential.pem`,
      verifier: new RegExp(
        `signature: signatures/${approval}/credential.pem is not what lab record ${ledger.credentials.get('sd-1')} says`,
      ),
    },
  ],
  [
    'the key of a person in the records of the lab, and in the file',
    (folder) => {
      const keyIn = (text: string) =>
        Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64').toString('base64url');
      const [own, other] = [approval, review].map((number) =>
        readFileSync(file(folder, `signatures/${number}/credential.pem`), 'latin1'),
      ) as [string, string];
      edit(folder, `signatures/${approval}/credential.pem`, () => other);
      edit(folder, 'lab/records.ndjson', (text) => text.replace(keyIn(own), keyIn(other)));
    },
    {
      manifest: 'data/ledger/lab/records.ndjson',
      verifier: new RegExp(`signature: record ${approval}, .*not made by the key of this credential`),
    },
  ],
  [
    'the proof of a record that was signed',
    (folder) =>
      edit(folder, 'proofs/1.tlog-proof', (text) => {
        const first = text.split('\n')[2]!;
        return text.replace(first, Buffer.alloc(32, 7).toString('base64'));
      }),
    {
      manifest: 'data/ledger/proofs/1.tlog-proof',
      verifier: /proof: proofs\/1\.tlog-proof does not prove record 1 under study\/checkpoint/,
    },
  ],
  [
    'the proof of a signature, by that of the record before',
    (folder) => {
      const other = readFileSync(file(folder, 'proofs/1.tlog-proof'), 'latin1');
      edit(folder, `proofs/${approval}.tlog-proof`, () => other);
    },
    {
      manifest: `data/ledger/proofs/${approval}.tlog-proof`,
      verifier: new RegExp(`proof: proofs/${approval}\\.tlog-proof does not prove record ${approval} `),
    },
  ],
  [
    'a signature, taken away with its files',
    (folder) => {
      edit(folder, 'study/records.ndjson', (text) => text.split('\n').slice(0, approval).join('\n') + '\n');
      for (const number of [approval, review])
        rmSync(file(folder, `signatures/${number}`), { recursive: true });
    },
    { manifest: 'data/ledger/study/records.ndjson', verifier: /missing|anchors? / },
  ],
];

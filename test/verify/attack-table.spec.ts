/** Which rows of the attack table are tested where, and which not yet, with the reason. One row missing here fails. */
import { readFileSync } from 'node:fs';

const HERE = ['attacks.spec.ts', 'attacks-bundle.process.spec.ts', 'signatures.spec.ts'];

/** Rows, or parts of them, that the checks in this folder cannot meet by themselves. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  A3: 'that a log stops signing when its store is shorter than its mark, and that a witness answers 409: test/engine',
  A4: 'that a witness answers 422 to a lab that was rewritten: test/engine',
  A6: 'that a witness cosigns one of two labs only: test/engine',
  A10: 'that the recorder goes on and records a ClockAnomaly: test/engine',
  A12: 'recovery after an old database, with and without the old marks: test/engine. With the old marks and the old published heads too, only a witness or somebody who kept a head can tell',
  A15: 'a name is shown from the disclosure of a commitment in the lab; one that was exchanged is found: test/identity/erasure.process.spec.ts, test/exports/names-bundle.process.spec.ts. A printed name in a signature is inside what was signed: signatures.spec.ts',
  A16: 'that a witness answers 422, at size: test/engine. Time stamps bind the old ledger only for whoever has them',
  A17: 'StudyRegistered is refused before commissioning where a policy names witnesses: test/engine',
  A18: 'in the ledger there are no read models: every answer is a fold of the records at the moment it is asked (docs/decisions/0002). Pages and tables of a bundle are here',
  A21: 'the alert and the refusals after too long without a quorum: test/engine',
  A22: 'VERIFY.md is run as written in test/exports; other implementations of the formats are not part of this repository',
  A24: 'a weight, an id or a record is refused, one person alone is refused, and every commitment is listed with its state: test/identity/erasure.process.spec.ts, people.spec.ts',
  A26: 'streams deleted, cut, begun anew, other bytes and other ids, over a double of the server: test/store/kurrentdb/faults.process.spec.ts. Nodes that differ were not tried',
};

describe('the attack table', () => {
  it('has each of its rows tested here, or a reason why not', () => {
    const tested = new Set(
      HERE.flatMap((file) => {
        const source = readFileSync(new URL(file, import.meta.url), 'utf8');
        return [...source.matchAll(/describe\('((?:A\d+(?:, )?)+) ·/g)].flatMap(([, rows]) =>
          rows!.split(', '),
        );
      }),
    );
    const rows = Array.from({ length: 26 }, (_, i) => `A${i + 1}`);
    expect(rows.filter((row) => !tested.has(row) && !(row in ELSEWHERE))).toEqual([]);
    expect([...tested].filter((row) => !rows.includes(row))).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v4 } from 'uuid';
import { START } from '../recording/test-ledger.js';
import { compiledSources } from '../support/compiled.js';
import { freshFolder } from '../support/folders.js';
import { ADMINISTRATOR, SECOND, numberOf, reopened, taken, withPeople } from './people-ledger.js';

const child = fileURLToPath(new URL('../support/killed-child.mjs', import.meta.url));
const NAME = 'Anna Beispiel';
const HOUR = 3_600_000;

const disclosuresIn = (folder: string) => readdirSync(join(folder, 'disclosures')).sort();

/** Another process that is killed at this moment of a command; everything before it has happened. */
async function killed(
  folder: string,
  moment: string,
  actor: string,
  name: string,
  data: object,
): Promise<void> {
  const ledger = await reopened(folder);
  const credential = ledger.engine.labNow.people.persons.get(actor)!.credentials.at(-1)!.number;
  await ledger.engine.close();
  const by = { method: 'passkey', signedInMs: START, credential };
  const submission = { id: v4(), study: '', actor, role: '', by };
  const args = [
    child,
    compiledSources(),
    folder,
    moment,
    name,
    JSON.stringify(data),
    JSON.stringify(submission),
  ];
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ signal, stdout, stderr }).toEqual({ signal: 'SIGKILL', stdout: '', stderr: '' });
}

describe('a process that is killed', () => {
  it('between a name and its record leaves the name for an hour, and no longer', async () => {
    const folder = join(freshFolder('killed'), 'ledger');
    await (await withPeople(folder)).engine.close();
    const before = disclosuresIn(folder);

    await killed(folder, 'before-record', ADMINISTRATOR, 'RegisterPerson', { person: 'anna-b', name: NAME });

    const ledger = await reopened(folder);
    const [orphan, ...others] = disclosuresIn(folder).filter((digest) => !before.includes(digest));
    expect(others).toEqual([]);
    expect(ledger.engine.disclosures.open({ '...': orphan! })).toBe(NAME);
    expect(ledger.engine.labNow.people.persons.has('anna-b')).toBe(false);
    await ledger.engine.close();

    const old = (Date.now() - HOUR - 60_000) / 1000;
    for (const digest of disclosuresIn(folder)) utimesSync(join(folder, 'disclosures', digest), old, old);
    const again = await reopened(folder);
    expect(disclosuresIn(folder)).toEqual(before);
    await taken(again.inLab(ADMINISTRATOR, 'RegisterPerson', { person: 'anna-b', name: NAME }));
    await again.engine.close();
  });

  it('between the record of an erasure and the deletion deletes it at its next start', async () => {
    const folder = join(freshFolder('killed'), 'ledger');
    const ledger = await withPeople(folder);
    const registered = ledger.inLab(ADMINISTRATOR, 'RegisterPerson', { person: 'anna-b', name: NAME });
    const asked = {
      stream: 'lab',
      number: numberOf(await taken(registered)),
      pointer: '/data/name',
      legalBasis: 'gdpr-17',
    };
    const request = numberOf(await taken(ledger.inLab(ADMINISTRATOR, 'RequestRedaction', asked)));
    const { '...': digest } = ledger.engine.labNow.people.persons.get('anna-b')!.name;
    await ledger.engine.close();

    await killed(folder, 'before-deletion', SECOND, 'RedactField', { request });
    expect(disclosuresIn(folder)).toContain(digest);

    const again = await reopened(folder);
    expect(again.engine.labNow.people.redactions.get(request)!.redacted).toBeDefined();
    expect(disclosuresIn(folder)).not.toContain(digest);
    await again.engine.close();
  });
});

/** The study's director through handovers, as the verifier follows it. */
import { join } from 'node:path';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { PeopleBuilder } from './people-builder.js';
import { freshFolder } from './real-ledger.js';

const STUDY = 'study-KET-01';

/** A laboratory with two directors, the first of whom opened the study. */
function laboratory(): PeopleBuilder {
  const ledger = PeopleBuilder.begun();
  ledger.hire('sd-1', 'director');
  ledger.hire('sd-2', 'director', {}, 'sd-1');
  ledger.hire('tech-1', 'technician', {}, 'sd-1');
  ledger.hire('man-1', 'management', {}, 'sd-1');
  ledger.open('KET-01');
  return ledger;
}

async function failures(ledger: PeopleBuilder): Promise<[string, number | undefined, string][]> {
  const folder = join(freshFolder(), 'ledger');
  await ledger.write(folder);
  const { findings } = await verifyLedger(folder, { threads: 0 });
  return (
    findings
      // What the hand-made data lack is for other tests.
      .filter(({ check, severity }) => severity === 'fail' && check !== 'schema')
      .map(({ check, record, message }) => [check, record, message])
  );
}

const closed = { outcome: 'completed' };

it('is whoever was named last', async () => {
  const ledger = laboratory();
  ledger.direct(STUDY, 'StudyHandedOver', { to: 'sd-2' }, 'sd-1');
  ledger.direct(STUDY, 'DeviationAcknowledged', {}, 'sd-2');
  ledger.direct(STUDY, 'DirectorReplaced', { director: 'sd-1' }, 'man-1', 'management');
  ledger.direct(STUDY, 'StudyClosed', closed, 'sd-1');
  expect(await failures(ledger)).toEqual([]);
});

it('stays who it is where the title of the registration is corrected', async () => {
  const ledger = laboratory();
  ledger.direct(STUDY, 'StudyHandedOver', { to: 'sd-2' }, 'sd-1');
  retitle(ledger, 'sd-1', 'sd-2');
  ledger.direct(STUDY, 'StudyClosed', closed, 'sd-2');
  expect(await failures(ledger)).toEqual([]);
});

it.each<[string, (ledger: PeopleBuilder) => unknown, string]>([
  [
    'has handed the study over, and closes it all the same',
    (ledger) => {
      ledger.direct(STUDY, 'StudyHandedOver', { to: 'sd-2' }, 'sd-1');
      ledger.direct(STUDY, 'StudyClosed', closed, 'sd-1');
    },
    'the study’s director was sd-2',
  ],
  [
    'hands the study over to somebody who may not direct it',
    (ledger) => ledger.direct(STUDY, 'StudyHandedOver', { to: 'tech-1' }, 'sd-1'),
    'names tech-1 as the director',
  ],
  [
    'makes another one by a correction',
    (ledger) => retitle(ledger, 'sd-2', 'sd-1'),
    'makes sd-2 the director',
  ],
])('is named where somebody %s', async (_, forge, message) => {
  const ledger = laboratory();
  forge(ledger);
  expect(await failures(ledger)).toEqual([
    ['authority', expect.any(Number), expect.stringContaining(message)],
  ]);
});

function retitle(ledger: PeopleBuilder, director: string, by: string): void {
  const target = { number: 0, leaf: ledger.leafOf(STUDY, 0) };
  const corrected = { title: 'Another title', director };
  const flags = by === 'sd-1' ? {} : { flags: ['by-another'] };
  ledger.direct(STUDY, 'RecordCorrected', { target, corrects: 'StudyOpened', corrected, ...flags }, by);
}

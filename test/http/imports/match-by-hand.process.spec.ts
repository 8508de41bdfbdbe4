/** Sheets of doses and of operations: matched by hand on the page, and imported by the command line with the mapping that it saved. */
import { createHash } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import type { StudyRecord } from '../../../src/study/record.js';
import { studyLedger } from '../../support/cli.js';
import { freshFolder } from '../../support/folders.js';
import { opened } from '../../recording/test-ledger.js';
import { pairsOf } from '../../console/form-pairs.js';
import { API, STUDY, serveFolder, studyFolder } from './import-server.js';

const PAGE = `/studies/${STUDY}/import`;
const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');
const plain = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const SAID = { zone: 'Europe/Amsterdam', reason: 'Entered from the sheet of the room' };

const DOSES = [
  'Rat,Date,Time,Ketamine (µg/kg),BW (g),Injected [µL],Route,Batch,Remark',
  'R01,2026-02-10,09:40,25,251.5,10,it,K-17,',
  'R02,2026-02-10,09:55,50.0,262,10,it,K-17,slow',
  '',
].join('\n');
const OPERATIONS = [
  'Rat,Date,Time,Procedure,Side,Surgeon,Anaesthesia agent',
  'R01,2026-01-05,09:00,PSNL,L,dev,isoflurane',
  'R02,2026-01-05,10:10,Sham,L,dev,isoflurane',
  '',
].join('\n');

/** What a person answers, one screen after another. */
const SHEETS = [
  {
    name: 'doses.csv',
    sheet: DOSES,
    command: 'AdministerKetamine',
    chosen: {
      'm.D': 'AdministerKetamine.dose',
      'm.E': 'AdministerKetamine.bodyWeight',
      'm.F': 'AdministerKetamine.volume',
      'm.H': 'AdministerKetamine.lot',
      'w.G.it': 'intrathecal',
      'v.AdministerKetamine.purpose': 'titration',
    },
    expected: [
      {
        type: 'KetamineAdministered',
        subject: 'R01',
        time: '2026-02-10T09:40:00+01:00',
        data: {
          dose: { value: '25', unit: 'ug/kg' },
          bodyWeight: { value: '251.5', unit: 'g' },
          volume: { value: '10', unit: 'uL' },
          route: 'intrathecal',
          lot: 'K-17',
          purpose: 'titration',
        },
      },
      { subject: 'R02', data: { dose: { value: '50.0', unit: 'ug/kg' }, comment: 'slow' } },
    ],
  },
  {
    name: 'operations.csv',
    sheet: OPERATIONS,
    command: 'LigateNerve',
    chosen: {
      'm.E': 'LigateNerve.side',
      'w.D.PSNL': 'partial-ligation',
      'v.LigateNerve.nerve': 'sciatic',
    },
    expected: [
      {
        type: 'NerveLigated',
        subject: 'R01',
        data: {
          procedure: 'partial-ligation',
          side: 'left',
          nerve: 'sciatic',
          surgeon: 'dev',
          anaesthesia: { agent: 'isoflurane' },
        },
      },
      { subject: 'R02', data: { procedure: 'sham' } },
    ],
  },
];

let start: string;
beforeAll(async () => {
  start = await studyFolder();
});
function copy(): string {
  const folder = join(freshFolder('imports'), 'ledger');
  cpSync(start, folder, { recursive: true });
  return folder;
}

async function importedRecords(folder: string): Promise<StudyRecord[]> {
  const { engine } = await opened(folder, { clock: () => Date.now() });
  const { state } = await engine.study(STUDY);
  await engine.close();
  return state.records
    .toArray()
    .map(({ record }) => record)
    .filter(({ importrow }) => importrow !== undefined);
}

it.each(SHEETS)(
  '$name is matched by hand, recorded, and imported again by the mapping that was saved',
  async ({ name, sheet, command, chosen, expected }) => {
    const folder = copy();
    const server = await serveFolder(folder);
    const file = sha256(sheet);
    const address = `${PAGE}?file=${file}`;
    const get = async (): Promise<string> =>
      (await request(server.url).get(address).set('Accept', 'text/html').expect(200)).text;
    const send = async (pairs: URLSearchParams) =>
      request(server.url).post(address).set('Accept', 'text/html').type('form').send(pairs.toString());
    /** Fills in the form that the page shows, and presses its button. */
    const fill = async (form: 'match' | 'record', answers: Record<string, string>) => {
      const [, html = ''] =
        new RegExp(`<form[^>]*data-${form}[^>]*>(.*?)</form>`, 's').exec(await get()) ?? [];
      const pairs = pairsOf(html);
      for (const [field, value] of Object.entries({ ...answers, do: form })) pairs.set(field, value);
      return send(pairs);
    };
    await request(server.url).post(PAGE).attach('file', Buffer.from(sheet), name).expect(303);

    // The command is ticked: columns that are called like its fields are found, what is missing is asked.
    await fill('match', { ...SAID, records: command });
    const ticked = await get();
    expect(plain(ticked)).toContain('to be said');
    expect(ticked).toContain(`value="${command}" checked`);
    expect(ticked).not.toContain('value="record"');
    expect((await fill('match', chosen)).status).toBe(303);
    const rows = await get();
    expect(plain(rows)).toContain('2 rows would be recorded.');
    const { status } = await fill('record', { saveAs: 'By hand' });
    expect(status).toBe(303);
    const told = (await request(server.url).get(`${PAGE}?recorded=${file}`).set('Accept', 'text/html')).text;
    const [, download = ''] = /href="(\/api[^"]*\/mappings\/[0-9a-f]{64})"/.exec(told) ?? [];
    const { text: mapping } = await server.get(download).expect(200);
    const saved = (await server.records()).find(({ type }) => type === 'ImportMappingSaved')!;
    expect(saved.data).toMatchObject({ name: 'By hand', mapping });
    await server.close();

    const recorded = await importedRecords(folder);
    expect(recorded).toMatchObject(expected);
    for (const { importmapping } of recorded) expect(importmapping).toBe(sha256(mapping));

    // The command line reads the same from it: on another copy the same records, on this one nothing new.
    const place = freshFolder('sheets');
    writeFileSync(join(place, name), sheet);
    writeFileSync(join(place, 'by-hand.json'), mapping);
    const args = [
      'import',
      join(place, name),
      '--mapping',
      join(place, 'by-hand.json'),
      '--study',
      STUDY,
      '--json',
    ];
    const other = copy();
    const first = await studyLedger(...args, '--data', other);
    expect([first.code, JSON.parse(first.out.trim().split('\n').at(-1)!)]).toMatchObject([
      0,
      { summary: { recorded: 2, refused: 0 }, mapping: sha256(mapping) },
    ]);
    const said = ({ subject, time, type, data, commandid, importmapping }: StudyRecord): object => [
      subject,
      time,
      type,
      data,
      commandid,
      importmapping,
    ];
    expect((await importedRecords(other)).map(said)).toEqual(recorded.map(said));
    const again = await studyLedger(...args, '--data', folder);
    expect(JSON.parse(again.out.trim().split('\n').at(-1)!)).toMatchObject({
      summary: { recorded: 0, known: 2, refused: 0 },
    });
  },
);

it('every command that rows can become offers its fields, and asks for what it needs', async () => {
  const server = await serveFolder(copy());
  const sheet = { name: 'x.csv', bytes: Buffer.from('Rat,Date,Time,X\nR01,2026-02-10,09:40,1\n') };
  const open = await server.send('/imports/suggestion', sheet).expect(200);
  expect(open.body).toMatchObject({ questions: [{ field: 'm' }] });
  const answer = await request(server.url)
    .post(`${API}/imports/suggestion`)
    .field('records', 'ImplantElectrode')
    .field('zone', 'UTC')
    .field('v.ImplantElectrode.action', 'implanted')
    .field('v.ImplantElectrode.level', 'T13')
    .field('m.D', 'ImplantElectrode.serial')
    .attach('file', sheet.bytes, sheet.name)
    .expect(200);
  const { questions } = answer.body as { questions: { field: string; asks: string }[] };
  expect(questions.map(({ field }) => field)).toEqual(['v.ImplantElectrode.model']);
  expect(questions[0]!.asks).toContain('needs the model: choose its column');
  await server.close();
});

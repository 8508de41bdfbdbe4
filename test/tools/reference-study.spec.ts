import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { countsOf } from '../../tools/simulation/counts.js';
import { simulate } from '../../tools/simulation/course.js';
import { referenceStudy } from '../../tools/simulation/reference-study.js';
import { attestationLines, peopleLines, type LabLine } from '../../tools/simulation/people.js';
import type { Line } from '../../tools/simulation/script.js';
import type { Lab } from '../../src/lab/lab.js';
import { rolesOf, usableCredentials } from '../../src/lab/people/standing.js';
import { trailRecord, type TrailRecord } from '../../src/study/projections/audit-trail.projection.js';
import { openActs } from '../../src/study/signatures/open-acts.js';
import { reviewsOf } from '../../src/study/signatures/reviews.js';
import { statusOf } from '../../src/study/signatures/signatures.js';
import { instantMs } from '../../src/study/instant.js';
import { Chart } from '../../src/study/rules/chart.js';
import { judgeHypersensitivity } from '../../src/study/rules/hypersensitivity.js';
import { judgeResponse } from '../../src/study/rules/responder.js';
import { judgeDose } from '../../src/study/rules/titration.js';
import type { Verdict } from '../../src/study/rules/verdict.js';
import {
  Protocols,
  closureOf,
  factsOf,
  signaturesOf,
  studyAt,
  type Fact,
  type Study,
} from '../../src/study/study.js';
import { groupedBy } from '../../src/study/grouped-by.js';
import { isOfStudy, played } from './play.js';
import { runs } from '../support/effort.js';
import { referenceStudy as recordedReferenceStudy } from '../support/reference-study.js';

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
const file = example('reference-study.ndjson');
const linesIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LabLine | Line);
const allLines = linesIn(file);
const lines = allLines.filter(isOfStudy);
/** The commands of the demo up to version 0.4, when its people were only claimed. */
const formerly = gunzipSync(
  readFileSync(new URL('../golden/commands-0.4/reference-study.ndjson.gz', import.meta.url)),
).toString();

const histories = (study: Study): Fact[][] =>
  [...study.subjects.values()].map(({ facts }) => facts.toArray());
const ms = (instant: string): number => instantMs(instant) ?? NaN;
const NUMBERS = new Set([
  'record',
  'number',
  'supersedes',
  'supersededBy',
  'session',
  'follows',
  'after',
  'evidence',
]);
/**
 * By the id of its command each record as the audit trail shows it, but for the role, and the leaf hashes of records that it
 * names. Whatever record it names is named by the id of its command.
 */
const said = (study: Study): Map<string, string> => {
  const records = study.records.toArray();
  const idOf = (number: unknown): unknown =>
    Array.isArray(number) ? number.map(idOf) : (records[number as number]?.record.commandid ?? number);
  return new Map(
    records.map((stored) => [
      stored.record.commandid,
      JSON.stringify(trailRecord(study, stored), (key, value: unknown) =>
        key === 'role' || key === 'leaf' ? undefined : NUMBERS.has(key) ? idOf(value) : value,
      ),
    ]),
  );
};
const numberOf = (target: unknown): number => (target as { number: number }).number;
const goesBack = (all: readonly (LabLine | Line)[]): number =>
  all.findIndex(({ at }, i) => ms(at) < ms(all[i - 1]?.at ?? at));

describe('the simulated reference study', () => {
  let study: Study;
  let root: string;
  let lab: Lab;
  let protocols: Protocols;
  let amiss: unknown[];
  let animals: Fact[][];

  beforeAll(async () => {
    ({ study, root, lab, amiss } = await played(allLines));
    protocols = new Protocols(study);
    animals = histories(study);
  });

  const number = (holds: (history: Fact[]) => boolean): number => animals.filter(holds).length;
  const hypersensitive = (history: Fact[]): Verdict => judgeHypersensitivity(new Chart(history, protocols));
  const alone = (history: Fact[]): Verdict => judgeResponse('scs', new Chart(history, protocols));
  const combined = (history: Fact[]): Verdict => judgeResponse('combination', new Chart(history, protocols));
  const doses = (history: Fact[], purpose: string): Fact<'KetamineAdministered'>[] =>
    factsOf(history, 'KetamineAdministered').filter(({ data }) => data.purpose === purpose);

  it('is what the generator makes, byte for byte', () => {
    expect(file).toBe(
      referenceStudy()
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
  });

  it('is accepted line by line, each line as the record of its number', () => {
    expect(amiss).toEqual([]);
    expect(study.size).toBe(lines.length);
  });

  it('has the root that the documents name', () => {
    expect(root).toBe('enFEjhDs+1UqMU4eKIzlmsf9HTlmlWk4BxX27bZGOfo=');
    expect(example('README.md')).toContain(root);
  });

  it('says what it said before its people were registered and its acts signed, but for what is named here', () => {
    const now = said(study);
    const before = [...said(recordedReferenceStudy())];
    const records = study.records.toArray().map(({ record }) => record.commandid);
    const inOrder = new Set(before.map(([id]) => id));
    expect(records.filter((id) => inOrder.has(id))).toEqual([...inOrder]);
    const changed = before.filter(([id, text]) => now.get(id) !== text);
    expect(
      changed.map(([id]) => ({ ...(JSON.parse(now.get(id)!) as TrailRecord), record: records.indexOf(id) })),
    ).toMatchObject([
      { record: 0, data: { governance: 'signed' } },
      { record: 1, data: { protocol: { witnessed: ['AdministerKetamine', 'EuthaniseSubject'] } } },
      { record: 387, type: 'ProtocolAmended', amended: [{ field: 'lateAfterMinutes', from: 240, to: 480 }] },
      { record: 524, actor: 'sd-01', flags: ['by-another'] },
    ]);
  });

  it('adds one weight, found after closing, and what is signed, witnessed, reviewed and inspected', () => {
    const before = said(recordedReferenceStudy());
    const added = study.records.toArray().filter(({ record }) => !before.has(record.commandid));
    const ofAnimals = added.filter(({ record }) => record.subject !== undefined);
    expect(ofAnimals).toMatchObject([
      { number: 1754, record: { subject: 'R26', type: 'BodyWeightRecorded' } },
    ]);
    const kinds = [...groupedBy(added, ({ record }) => record.type)].map(([type, of]) => [type, of.length]);
    expect(Object.fromEntries(kinds)).toEqual({
      BodyWeightRecorded: 1,
      DeviationAcknowledged: 2,
      InspectionRecorded: 5,
      InspectionReported: 10,
      RecordWitnessed: 64,
      SignatureApplied: 73,
      StudyArchived: 1,
      StudyClosed: 1,
      TrailReviewed: 7,
    });
  });

  it('has an audit trail of persons in roles that they hold', () => {
    const acted = new Set(study.records.toArray().map(({ record }) => `${record.actor} ${record.actorrole}`));
    expect([...acted].sort()).toEqual([
      'mgr-1 management',
      'qa-1 quality',
      'sd-01 director',
      'stat-1 statistician',
      'surg-1 technician',
      'tech-1 technician',
      'tech-2 technician',
      'vet-1 veterinarian',
    ]);
  });

  it('has people, each confirmed by somebody else than who offered it, as soon as there was anybody else', () => {
    const { persons } = lab.people;
    const confirmed = [...persons.values()].map((person) => {
      const [credential, ...more] = usableCredentials(lab.people, person);
      expect(more).toEqual([]);
      expect(credential?.alg).toBe(-8);
      const roles = [...rolesOf(person, lab.recordedMs)];
      return [person.id, ...roles, credential?.offer?.by, credential?.confirmed?.by];
    });
    expect(confirmed).toEqual([
      ['admin-1', 'administrator', 'study-ledger', 'study-ledger'],
      ['mgr-1', 'management', 'admin-1', 'admin-1'],
      ['admin-2', 'administrator', 'admin-1', 'mgr-1'],
      ['qa-1', 'quality', 'admin-1', 'mgr-1'],
      ['insp-1', 'inspector', 'admin-1', 'mgr-1'],
      ['sd-01', 'director', 'admin-1', 'mgr-1'],
      ['tech-1', 'technician', 'admin-1', 'sd-01'],
      ['tech-2', 'technician', 'admin-1', 'sd-01'],
      ['surg-1', 'technician', 'admin-1', 'sd-01'],
      ['vet-1', 'veterinarian', 'admin-1', 'sd-01'],
      ['stat-1', 'statistician', 'admin-1', 'sd-01'],
    ]);
  });

  it('enters everything in order of time, and nothing before it has happened', () => {
    expect(goesBack(allLines)).toBe(-1);
    expect(lines.filter(({ at, occurredAt = at }) => ms(occurredAt) > ms(at))).toEqual([]);
  });

  it('happens in working hours, by the clock on the laboratory’s wall', () => {
    const hours = new Set(lines.map(({ at }) => at.slice(11, 13)));
    expect([...hours].sort()).toEqual(['08', '09', '10', '11', '12', '13', '14', '15', '16', '17']);
    const offsets = lines.map(({ at }) => [at.slice(-6), at < '2026-03-29' ? '+01:00' : '+02:00']);
    expect(offsets.filter(([found, due]) => found !== due)).toEqual([]);
  });

  it('has the published counts, by the ledger’s own verdicts', () => {
    expect(number((h) => hypersensitive(h).holds === true)).toBe(15);
    expect(number((h) => alone(h).holds === false)).toBe(8);
    expect(number((h) => combined(h).holds === true)).toBe(8);
    expect(number((h) => alone(h).holds === false && combined(h).holds === true)).toBe(8);
  });

  it('has the counts of its plan', () => {
    expect(animals.length).toBe(26);
    expect(number((h) => factsOf(h, 'NerveLigated').length === 1)).toBe(24);
    expect(number((h) => hypersensitive(h).holds === false)).toBe(9);
    expect(number((h) => alone(h).holds === true)).toBe(7);
    expect(number((h) => doses(h, 'titration').length > 0)).toBe(8);
    expect(number((h) => factsOf(h, 'SubEffectiveDoseDesignated').length === 1)).toBe(8);
    expect(number((h) => doses(h, 'combination').length === 1)).toBe(8);
    expect(number((h) => factsOf(h, 'SubjectEuthanised').length === 1)).toBe(26);
    expect(countsOf(study)).toMatchObject({ hypersensitive: 15, nonResponders: 8, converted: 8 });
  });

  it('implants electrodes in hypersensitive animals and catheters in non-responders only', () => {
    expect(number((h) => factsOf(h, 'ElectrodeImplanted').length > 0)).toBe(15);
    expect(number((h) => factsOf(h, 'CatheterImplanted').length > 0)).toBe(8);
    expect(number((h) => factsOf(h, 'ElectrodeImplanted').length > 0 && !hypersensitive(h).holds)).toBe(0);
    expect(number((h) => factsOf(h, 'CatheterImplanted').length > 0 && alone(h).holds !== false)).toBe(0);
  });

  it('designates a dose without effect and without side effects, and sees none when it is given again', () => {
    for (const history of animals) {
      for (const { data } of factsOf(history, 'SubEffectiveDoseDesignated')) {
        const same = (dose: Fact<'KetamineAdministered'>): boolean =>
          dose.data.dose.value === data.dose.value;
        const [titrated] = doses(history, 'titration').filter(same);
        const [given] = doses(history, 'combination').filter(same);
        if (!titrated || !given) throw new Error('a designated dose was not given');
        expect(judgeDose(titrated, new Chart(history, protocols))).toMatchObject({
          effective: { holds: false },
          sideEffects: false,
        });
        expect(judgeDose(given, new Chart(history, protocols)).sideEffects).toBe(false);
      }
    }
  });

  it('has a few borderline verdicts among many clear ones', () => {
    const verdicts = animals.flatMap((h) => [
      hypersensitive(h),
      alone(h),
      combined(h),
      ...doses(h, 'titration').map((dose) => judgeDose(dose, new Chart(h, protocols)).effective),
    ]);
    const settled = verdicts.filter(({ holds }) => holds !== null);
    const borderline = settled.filter((verdict) => verdict.borderline);
    expect(borderline.length).toBeGreaterThanOrEqual(4);
    expect(borderline.length).toBeLessThan(settled.length / 5);
  });

  it('has a deviation and a late entry, and one found after closing that is both, with reasons and acknowledged', () => {
    const flagged = (flag: string): number[] =>
      animals.flat().flatMap(({ number: of, data }) => (data.flags?.includes(flag) ? [of] : []));
    const [deviations, late] = [flagged('deviation'), flagged('late')];
    expect([deviations, late, flagged('after-close')]).toEqual([[1439, 1754], [304, 1754], [1754]]);
    for (const number of [...deviations, ...late]) expect(lines[number]?.reason).toEqual(expect.any(String));
    expect(lines.filter(({ command }) => command === 'AcknowledgeDeviation')).toMatchObject(
      [1439, 304, 1754].map((number) => ({ role: 'director', data: { target: { number } } })),
    );
  });

  it('has two corrections, a void and its run anew, an ambiguous touch and an early stop', () => {
    const facts = animals.flat();
    const corrected = facts.filter(({ number: of, holder }) => of !== holder).map(({ type }) => type);
    expect(corrected.sort()).toEqual(['BodyWeightRecorded', 'ThresholdRecorded']);
    const changed = lines.flatMap(({ data }) =>
      'corrected' in data && 'target' in data ? [[lines[numberOf(data.target)]?.data, data.corrected]] : [],
    );
    expect(changed.length).toBe(2);
    for (const [before, after] of changed) expect(after).not.toEqual(before);
    const wrong = lines.find(({ command }) => command === 'VoidRecord') as {
      data: { target: { number: number } };
    } & Line;
    const { occurredAt, data: run } = lines[wrong.data.target.number] as Line;
    const anew = lines.filter(
      (line) => line.occurredAt === occurredAt && JSON.stringify(line.data) === JSON.stringify(run),
    );
    expect(anew.map(({ subject }) => subject)).toEqual(['R10', 'R09']);
    const runs = factsOf(facts, 'ThresholdRecorded');
    expect(runs.filter(({ data }) => data.flags?.includes('ambiguous')).length).toBe(1);
    expect(runs.filter(({ data }) => data.flags?.includes('stopped-early')).length).toBe(1);
  });

  it('has a correction that turns a verdict', () => {
    const at = lines.findIndex(
      ({ command, data }) => command === 'CorrectRecord' && 'touches' in corrected(data),
    );
    const { subject } = (lines[at] as Line).data as { subject: string };
    const known = (size: number): boolean | null => {
      const then = studyAt(study, size);
      return judgeHypersensitivity(
        new Chart(then.subjects.get(subject)?.facts.toArray() ?? [], new Protocols(then)),
      ).holds;
    };
    expect([known(at), known(at + 1)]).toEqual([true, false]);

    function corrected(data: object): object {
      return (data as { corrected: object }).corrected;
    }
  });

  it('repairs one electrode before it is used', () => {
    const repairs = animals
      .flat()
      .filter(
        ({ type, data }) => type === 'ElectrodeImplanted' && 'action' in data && data.action === 'repaired',
      );
    expect(repairs.length).toBe(1);
    const history = study.subjects.get(repairs[0]?.subject ?? '')?.facts.toArray() ?? [];
    expect(repairs[0]?.at).toBeLessThan(factsOf(history, 'SCSApplied')[0]?.at ?? NaN);
  });

  it('excludes two animals by criteria fixed beforehand, and amends the protocol once', () => {
    expect(factsOf(animals.flat(), 'SubjectExcluded').map(({ data }) => data.prespecified)).toEqual([
      true,
      true,
    ]);
    expect(factsOf(animals.flat(), 'AdverseEventReported').length).toBe(1);
    expect(protocols.versions.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('is signed from its protocol to its archive, and leaves nothing open', () => {
    expect(closureOf(study)).toMatchObject({
      state: 'archived',
      closed: { record: 1752, from: 1753 },
      archived: { record: 1764, from: 1765 },
      waiting: [],
    });
    expect(openActs(study)).toEqual([]);
    const bare = lines.filter(({ command }) => command !== 'SignRecords');
    expect(bare.slice(1, 3).map(({ command }) => command)).toEqual(['ApproveProtocol', 'EnrolSubject']);
    expect(openActs(studyAt(study, 1752))).toEqual([]);
    const meanings = [...groupedBy(signaturesOf(study), ({ meaning }) => meaning)].map(([meaning, of]) => [
      meaning,
      of.length,
    ]);
    expect(Object.fromEntries(meanings)).toEqual({
      acknowledged: 3,
      approved: 3,
      archived: 1,
      authored: 2,
      closed: 1,
      inspected: 5,
      performed: 27,
      reviewed: 7,
      witnessed: 24,
    });
  });

  it('has a signature and a review that a correction superseded, and a review of that correction', () => {
    const superseded = signaturesOf(study).flatMap((one) => {
      const status = statusOf(study, one);
      return status.status === 'superseded' ? [[one.record, one.meaning, one.person, status.by]] : [];
    });
    expect(superseded).toEqual([
      [503, 'reviewed', 'stat-1', 524],
      [505, 'performed', 'tech-2', 524],
    ]);
    expect(reviewsOf(study).map(({ from, to, supersededBy }) => [from, to, supersededBy])).toEqual([
      [0, 58, undefined],
      [59, 501, 524],
      [471, 524, undefined],
      [502, 1007, undefined],
      [1008, 1515, undefined],
      [1516, 1748, undefined],
      [1754, 1757, undefined],
    ]);
  });

  it('is inspected by quality assurance in five phases, each reported to director and management', () => {
    const reported = factsOf(study.facts, 'InspectionReported');
    const inspections = factsOf(study.facts, 'InspectionRecorded');
    expect(inspections.map(({ data }) => data.phase)).toEqual([
      'Start of the study',
      'Surgery',
      'Titration: preparation and administration of doses',
      'Data: audit trail, corrections, reviews',
      'Final report',
    ]);
    for (const { number: of } of inspections) {
      const to = reported.filter(({ data }) => data.target.number === of).map(({ data }) => data.to);
      expect(to.sort()).toEqual(['director', 'management']);
    }
  });

  it('says that it is simulated', () => {
    const opened = lines[0]?.data as Record<string, string>;
    expect(opened['title']).toMatch(/simulated/i);
    expect(opened['objective']).toMatch(/not the data of that paper/);
    expect(opened['comment']).toMatch(/not the data of that paper/);
    expect(example('README.md')).toMatch(/not the data of that paper/);
  });

  it('has the records that its README points at', () => {
    const [, about = ''] = example('README.md').split(/^## /m);
    const rows = [...about.matchAll(/^\| (\d+) \| `(\w+)` \|/gm)];
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(([, record]) => lines[Number(record)]?.command)).toEqual(
      rows.map(([, , command]) => command),
    );
  });
});

describe('the commands of the demo up to version 0.4', () => {
  it('are recorded as version 0.1 recorded them, with people who are only claimed', async () => {
    const { amiss, study, root, lab } = await played(linesIn(formerly));
    const recordsOf = ({ records }: Study) => records.toArray().map(({ record }) => JSON.stringify(record));
    expect(amiss).toEqual([]);
    expect(recordsOf(study)).toEqual(recordsOf(recordedReferenceStudy()));
    expect(root).toBe('13GhHzI9KzY/YGLu5444+KnVJNLnxYylca0U1PYpMYE=');
    expect(lab.people.persons.size).toBe(0);
  });
});

describe('another seed', () => {
  it('gives another study, which is accepted as well', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 0xffff_ffff }), async (seed) => {
        const script = simulate(seed);
        const people = [...peopleLines(seed), ...attestationLines(seed)];
        expect(script.lines[0]?.id).not.toBe(lines[0]?.id);
        expect(goesBack(script.lines)).toBe(-1);
        expect((await played([...people, ...script.lines])).amiss).toEqual([]);
      }),
      runs(4, 1),
    );
  });
});

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { countsOf } from '../../tools/simulation/counts.js';
import { simulate } from '../../tools/simulation/course.js';
import { referenceStudy } from '../../tools/simulation/reference-study.js';
import type { LabLine } from '../../tools/simulation/people.js';
import type { Line } from '../../tools/simulation/script.js';
import type { Lab } from '../../src/lab/lab.js';
import { rolesOf, usableCredentials } from '../../src/lab/people/standing.js';
import { trailRecord, type TrailRecord } from '../../src/study/projections/audit-trail.projection.js';
import { instantMs } from '../../src/study/instant.js';
import { Chart } from '../../src/study/rules/chart.js';
import { judgeHypersensitivity } from '../../src/study/rules/hypersensitivity.js';
import { judgeResponse } from '../../src/study/rules/responder.js';
import { judgeDose } from '../../src/study/rules/titration.js';
import type { Verdict } from '../../src/study/rules/verdict.js';
import { Protocols, factsOf, studyAt, type Fact, type Study } from '../../src/study/study.js';
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
/** Each record as the audit trail shows it, but for the role, and the leaf hashes of records that it names. */
const said = (study: Study): string[] =>
  study.records
    .toArray()
    .map((stored) =>
      JSON.stringify(trailRecord(study, stored), (key, value: unknown) =>
        key === 'role' || key === 'leaf' ? undefined : value,
      ),
    );
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
    expect(root).toBe('z6a6gnu8lbIGCRe+slfdg5hpdSsjgfSQhhgrdCwcYC8=');
    expect(example('README.md')).toContain(root);
  });

  it('says what it said before its people were registered, and one correction is by the director now', () => {
    const before = said(recordedReferenceStudy());
    const changed = said(study).filter((text, record) => text !== before[record]);
    expect(changed.map((text) => JSON.parse(text) as TrailRecord)).toMatchObject([
      { record: 498, actor: 'sd-01', flags: ['by-another'] },
    ]);
  });

  it('has an audit trail of persons in roles that they hold', () => {
    const acted = new Set(study.records.toArray().map(({ record }) => `${record.actor} ${record.actorrole}`));
    expect([...acted].sort()).toEqual([
      'sd-01 director',
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
    expect([...hours].sort()).toEqual(['08', '09', '10', '11', '12', '13', '14', '15', '16']);
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

  it('has one deviation, acknowledged by the study director, and one late entry, each with a reason', () => {
    const flagged = (flag: string): number[] =>
      animals.flat().flatMap(({ number: of, data }) => (data.flags?.includes(flag) ? [of] : []));
    const [deviation, late] = [flagged('deviation'), flagged('late')];
    expect([deviation.length, late.length]).toEqual([1, 1]);
    expect(lines[deviation[0] ?? -1]?.reason).toEqual(expect.any(String));
    expect(lines[late[0] ?? -1]?.reason).toEqual(expect.any(String));
    expect(lines.filter(({ command }) => command === 'AcknowledgeDeviation')).toMatchObject([
      { role: 'director', data: { target: { number: deviation[0] } } },
    ]);
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

  it('excludes two animals by criteria fixed beforehand, amends the protocol once, and stays open', () => {
    expect(factsOf(animals.flat(), 'SubjectExcluded').map(({ data }) => data.prespecified)).toEqual([
      true,
      true,
    ]);
    expect(factsOf(animals.flat(), 'AdverseEventReported').length).toBe(1);
    expect(protocols.versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(lines.some(({ command }) => command === 'CloseStudy')).toBe(false);
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
        expect(script.lines[0]?.id).not.toBe(lines[0]?.id);
        expect(goesBack(script.lines)).toBe(-1);
        expect((await played(script.lines)).amiss).toEqual([]);
      }),
      runs(4, 1),
    );
  });
});

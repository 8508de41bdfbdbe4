/** What an inspector asks of the protocol and its amendments (21 CFR 58.120). */
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { approved, at, because, catheter, day, dosed, enrolled, weighed } from '../study/bench.js';
import { registeredGoverned } from '../study/governed.js';
import { by, signs } from '../study/signing.js';
import { sent } from '../study/specification.js';
import { Laboratory, codeOf } from './inspected.js';

let lab: Laboratory;
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(registeredGoverned, by('sd-01', approved));
}, 60_000);
afterAll(() => lab.close());

describe('an inspector who compares the first data with the approval', () => {
  it('has any data refused before the signature of the director [R30]', async () => {
    const before = (await lab.records()).length;
    for (const command of [enrolled('R01'), weighed('2026-03-02T08:21:00Z')])
      expect(codeOf(await lab.attempt(command))).toBe('protocol-unsigned');
    expect(await lab.records()).toHaveLength(before);
  });

  it('reads on the page of the protocol who signed it and from when on it is in force [R30]', async () => {
    await lab.play(signs('sd-01', 'approved', 1, '2026-03-02T09:00:00Z'));
    expect(await lab.studyPage('inspector-1', '/protocol')).toMatch(
      /Approved by sd-01, director, Mon 2 Mar 2026, 09:10 \(\+01:00\) ?; signed in #2 ?, in force from Mon 2 Mar 2026, 09:00 \(UTC\)/,
    );
  });

  it('finds every record of an animal later than the signature, and what claims to be earlier flagged as a deviation [R30]', async () => {
    await lab.play(
      at('2026-03-02T09:20:00Z', enrolled('R01')),
      because('On arrival', { ...weighed('2026-03-02T08:40:00Z'), clock: '2026-03-02T09:30:00Z' }),
    );
    const records = await lab.records();
    const signature = records.find(({ type }) => type === 'SignatureApplied')!;
    const animal = records.filter(({ subject }) => subject !== undefined);
    expect(animal).toHaveLength(2);
    for (const { recordedtime, time, data } of animal) {
      expect(recordedtime > signature.recordedtime).toBe(true);
      const flags = expect.arrayContaining(['before-protocol', 'deviation']);
      if (Date.parse(time) < Date.parse(signature.recordedtime)) expect(data['flags']).toEqual(flags);
      else expect(data['flags']).toBeUndefined();
    }
  });
});

describe('an inspector who looks at an animal that was dosed around an amendment', () => {
  const washout = { ...exampleProtocol.titration, washoutHours: '72' };
  const protocol = { ...exampleProtocol, titration: washout };
  const amended = by(
    'sd-01',
    because('Advice of the veterinarian', sent('AmendProtocol', { data: { protocol } }, day(6))),
  );

  it('finds each dose under the version that was in force then, by the signature and not by the record [R31]', async () => {
    await lab.play(at(day(3), catheter()), dosed(day(5)), amended);
    expect(await lab.studyPage('inspector-1', '/protocol')).toMatch(
      /The amendment in #7 is in force once the study’s director signs it as approved/,
    );
    await lab.play(dosed(day(7)), signs('sd-01', 'approved', 7, day(8)));
    await lab.play(because('Ordered', dosed(day(9))));
    const doses = (await lab.records()).filter(({ type }) => type === 'KetamineAdministered');
    expect(doses.map(({ protocolversion, time }) => [protocolversion, time.slice(0, 10)])).toEqual([
      [1, '2026-03-07'],
      [1, '2026-03-09'],
      [2, '2026-03-11'],
    ]);
    // 48 hours after the last one: a deviation under the second version alone.
    expect(doses.map(({ data }) => ((data['flags'] ?? []) as string[]).includes('deviation'))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('reads what was changed, why, who signed it and when, kept with the protocol [R31]', async () => {
    const page = await lab.studyPage('inspector-1', '/protocol');
    expect(page).toMatch(
      /Protocol, version 2 .* Amended by sd-01, director, Sun 8 Mar 2026, 11:00 \(\+01:00\) “Advice of the veterinarian” ?; signed in #9 ?, in force from Tue 10 Mar 2026, 10:00 \(UTC\)/,
    );
    expect(page).toMatch(/What version 2 changed .*Titration.* 24 h apart.* 72 h apart/);
    expect(page).toMatch(/Earlier versions Version 1 Approved by sd-01, .*; signed in #2/);
    const pack = await lab.file('inspector-1', 'data-pack.html');
    expect(pack).toContain('Advice of the veterinarian');
    expect((await lab.verified()).wrong).toEqual([]);
  });
});

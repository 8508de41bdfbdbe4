import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { checkProtocol } from '../../../src/study/rules/check-protocol.js';
import { exampleData } from '../bench.js';

const because = (problems: readonly { path: string; message: string }[]) => problems.map(({ path }) => path);

describe('the check of a protocol', () => {
  it('gives the protocol with the ladder and the rule written out', () => {
    const { protocol, missing, wrong } = checkProtocol(exampleProtocol);
    expect([missing, wrong]).toEqual([[], []]);
    expect([protocol?.ladder?.id, protocol?.responder?.metric]).toEqual(['RAT-N8', 'log10e4']);
  });

  it('names every value that is missing, at any depth, with what it means', () => {
    const { titration } = exampleProtocol;
    const { protocol, missing, wrong } = checkProtocol({
      ...exampleProtocol,
      title: 'REQUIRED',
      lateAfterMinutes: 'REQUIRED',
      titration: {
        ...titration,
        doses: [{ value: 'REQUIRED', unit: 'REQUIRED' }],
        windowMinutes: 'REQUIRED',
        washoutHours: 'REQUIRED',
      },
    });
    expect(protocol).toBeUndefined();
    expect(wrong).toEqual([]);
    expect(because(missing).sort()).toEqual([
      'lateAfterMinutes',
      'title',
      'titration.doses[0].unit',
      'titration.doses[0].value',
      'titration.washoutHours',
      'titration.windowMinutes',
    ]);
    expect(missing.find(({ path }) => path === 'titration.washoutHours')?.message).toMatch(
      /^Hours between two doses, at least\./,
    );
  });

  it('names what is missing, what does not fit and what contradicts itself at once', () => {
    const { welfare } = exampleProtocol;
    const shape = checkProtocol({
      ...exampleProtocol,
      title: 'REQUIRED',
      lateAfterMinutes: '240',
      unknown: 1,
      welfare: { ...welfare, sheet: 7 },
    });
    expect(because(shape.missing)).toEqual(['title']);
    expect(because(shape.wrong).sort()).toEqual(['lateAfterMinutes', 'unknown', 'welfare.sheet']);
    const { baseline: _, responder: __, ...rest } = exampleProtocol;
    const rules = checkProtocol({ ...rest, title: 'REQUIRED', plannedSubjects: 'REQUIRED' });
    expect(because(rules.missing).sort()).toEqual(['plannedSubjects', 'title']);
    expect(because(rules.wrong).sort()).toEqual(['baseline', 'responder']);
  });

  it.each([['stimulation'], ['titration'], ['ladder'], ['welfare'], ['licence'], ['sideEffects']])(
    'takes a whole section %s that is still to be written',
    (section) => {
      const { missing, wrong, protocol } = checkProtocol({ ...exampleProtocol, [section]: 'REQUIRED' });
      expect(because(missing)).toEqual([section]);
      expect(protocol).toBeUndefined();
      expect(because(wrong)).toEqual([]);
    },
  );

  it.each([[null], [7], ['REQUIRED'], [[]], ['text'], [{}]])('names %j as no protocol', (value) => {
    const { missing, wrong, protocol } = checkProtocol(value);
    expect(protocol).toBeUndefined();
    expect(missing.length + wrong.length).toBeGreaterThan(0);
  });

  it('is what approval asks for', () => {
    const data = exampleData('ApproveProtocol') as { protocol: unknown };
    expect(checkProtocol(data.protocol).protocol).toBeDefined();
  });
});

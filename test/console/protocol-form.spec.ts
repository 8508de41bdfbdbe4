import fc from 'fast-check';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { BEGINNINGS, beginningOf, examplesIn } from '../../src/console/protocol/beginnings.js';
import {
  checkDraft,
  draftInWords,
  draftOf,
  readDraft,
  shaped,
  untouchedAsBefore,
  withRequired,
} from '../../src/console/protocol/draft.js';
import { missingFields, wrongFields } from '../../src/console/protocol/findings.js';
import { PARTS } from '../../src/console/protocol/parts.js';
import { ProtocolParts } from '../../src/console/protocol/protocol-form.js';
import { protocolDifferences, protocolInWords, type Difference } from '../../src/console/words/protocol.js';
import { parseJsonWithComments } from '../../src/shared/json-with-comments.js';
import {
  TEMPLATES,
  filledMouseTemplate,
  templateText,
  type TemplateName,
} from '../../src/shared/protocol-templates.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { ProtocolSchema, type Protocol } from '../../src/study/protocol.js';
import { completeProtocol } from '../../src/study/rules/complete-protocol.js';
import { checkProtocol } from '../../src/study/rules/check-protocol.js';
import { GoldenLedger, LEDGERS } from '../golden/golden-ledger.js';
import { anyValueOf, junk } from '../study/any-value.js';
import { runs } from '../support/effort.js';
import { pairsOf } from './form-pairs.js';

const ZONE = (local: string): string => `${local}+01:00`;

function sentOf(protocol: object): URLSearchParams {
  const open = { missing: [], wrong: [] };
  return pairsOf(renderToString(h(ProtocolParts, { draft: draftOf(protocol), open })));
}

/** What an amendment of a protocol sends where nobody touched the form. */
function throughForm(protocol: object): unknown {
  return untouchedAsBefore(withRequired(readDraft(sentOf(protocol), ZONE)), protocol);
}

/** Every protocol that a golden ledger holds. */
function goldenProtocols(): Protocol[] {
  return LEDGERS.flatMap((name) =>
    [...new GoldenLedger(name).records.values()]
      .flat()
      .map((text) => JSON.parse(text) as { type: string; data: { protocol: Protocol } })
      .filter(({ type }) => type === 'ProtocolApproved' || type === 'ProtocolAmended')
      .map(({ data }) => data.protocol),
  );
}

describe('the form of a protocol', () => {
  it('has every member in one part', () => {
    const members = PARTS.flatMap(({ members: own }) => own);
    expect([...members, 'reading'].sort()).toEqual(Object.keys(ProtocolSchema.properties).sort());
  });

  it('reads the protocols of the golden ledgers and of the examples back to the letter', () => {
    const protocols: object[] = goldenProtocols();
    expect(protocols.length).toBeGreaterThan(3);
    protocols.push(exampleProtocol, parseJsonWithComments(filledMouseTemplate()) as object);
    for (const protocol of protocols)
      expect(JSON.stringify(throughForm(protocol))).toBe(JSON.stringify(protocol));
  });

  it('reads any protocol back as it was', () => {
    fc.assert(
      fc.property(anyValueOf(ProtocolSchema), (value) => {
        const { ladder, censoring, ...rest } = value as Protocol;
        // Neither is of use without the other: such a protocol is never approved.
        const protocol = { ...rest, ...(ladder && censoring && { ladder, censoring }) };
        expect(throughForm(protocol)).toEqual(protocol);
      }),
      runs(100),
    );
  });

  it('leaves out a part that is switched off, whatever is typed there', () => {
    const sent = sentOf(exampleProtocol);
    const others = sent.getAll('part').filter((id) => id !== 'stimulation');
    sent.delete('part');
    for (const id of others) sent.append('part', id);
    const { stimulation: _, ...rest } = exampleProtocol;
    expect(untouchedAsBefore(withRequired(readDraft(sent, ZONE)), rest)).toEqual(rest);
  });

  it('asks for all that a part needs as soon as it is switched on', () => {
    const { missing, wrong } = checkDraft(readDraft(new URLSearchParams({ part: 'hypersensitivity' }), ZONE));
    const own = missing.map(({ path }) => path).filter((path) => path.startsWith('hypersensitivity'));
    expect(own.sort()).toEqual(
      ['name', 'version', 'metric', 'limit', 'borderline', 'fromDay', 'judged']
        .map((name) => `hypersensitivity.${name}`)
        .sort(),
    );
    expect(wrong).toEqual([]);
  });

  it('names what is wrong with its value and its bound', () => {
    const sent = sentOf(exampleProtocol);
    sent.set('data.protocol.hypersensitivity.fromDay', '900');
    sent.set('data.protocol.titration.minPoints', '9');
    sent.set('data.protocol.welfare.items[0].max', '');
    const checked = checkDraft(readDraft(sent, ZONE));
    expect(wrongFields(checked)).toEqual([
      {
        field: 'data.protocol.hypersensitivity.fromDay',
        code: 'protocol-invalid',
        detail: 'Hypersensitivity rule: from day is 900: must be 365 or less.',
      },
    ]);
    expect(missingFields(checked)).toEqual([
      {
        field: 'data.protocol.welfare.items[0].max',
        code: 'protocol-invalid',
        detail: 'Welfare: sheet, endpoints, checks: items 1, max: still to be given.',
      },
    ]);
  });
});

describe('what a protocol begins with', () => {
  it.each(Object.keys(TEMPLATES))('leaves open what the template %s asks for', (name) => {
    const asked = checkProtocol(parseJsonWithComments(templateText(name as TemplateName)));
    const begun = checkDraft(draftOf(beginningOf(name)));
    const paths = asked.missing.map(({ path }) => path);
    expect(begun.wrong).toEqual([]);
    expect(begun.missing.length).toBeGreaterThan(3);
    // Nothing of the template is shown where a number is still to be given, but for its unit.
    expect(JSON.stringify(beginningOf(name))).not.toContain('REQUIRED');
    // Of a list of one the place is not asked for again, and what may be left out is not.
    for (const { path } of begun.missing) expect([path, paths.includes(path)]).toEqual([path, true]);
  });

  it('is complete but for title and licence where it is filled in, and marks each number', () => {
    for (const from of ['reference-example', 'mouse-example']) {
      const begun = beginningOf(from);
      const { missing, wrong } = checkDraft(draftOf(begun));
      expect([from, wrong, missing.map(({ path }) => path).sort()]).toEqual([
        from,
        [],
        ['licence.number', 'title'],
      ]);
      const examples = examplesIn(begun, from);
      for (const path of ['hypersensitivity.limit', 'welfare.endpoints[0].weightLossPercent', 'ladder'])
        expect([path, examples.has(path)]).toEqual([path, true]);
      const decided = structuredClone(begun) as unknown as { hypersensitivity: { limit: string } };
      decided.hypersensitivity.limit = '0.31';
      expect(examplesIn(decided, from).has('hypersensitivity.limit')).toBe(false);
    }
  });

  it('marks nothing of an earlier study', () => {
    expect(examplesIn(exampleProtocol, 'KET-01').size).toBe(0);
    expect(BEGINNINGS.map(([from]) => from)).not.toContain('KET-01');
  });
});

/** The example with shipped ladders and rules written out, as it is recorded. */
const COMPLETE = completeProtocol(exampleProtocol) as Protocol;

type Path = readonly (string | number)[];

/** Where the numbers of a protocol are, decimal text among them. */
function numbersIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number' || (typeof value === 'string' && /^-?[0-9.]+$/.test(value))) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, [...path, name]));
}

function raise(value: unknown, [name, ...rest]: Path): void {
  const group = value as Record<string | number, unknown>;
  if (rest.length > 0) raise(group[name!], rest);
  else if (typeof group[name!] === 'number') group[name!] = (group[name!] as number) + 1;
  else group[name!] = String(Number(group[name!]) + 1);
}

describe('a draft in words', () => {
  it('is the protocol in words where it is complete', () => {
    for (const protocol of goldenProtocols())
      expect(draftInWords(draftOf(protocol))).toEqual(protocolInWords(protocol));
  });

  it('tells every number of a protocol, so that no change of one is silent', () => {
    const changed = (change: (protocol: Protocol) => void): Difference[] => {
      const after = structuredClone(COMPLETE);
      change(after);
      return protocolDifferences(COMPLETE, after);
    };
    expect(changed(({ welfare }) => (welfare.endpoints[0]!.weightLossPercent = '15'))).toEqual([
      {
        about: 'Humane endpoint weight loss',
        before: expect.stringContaining('reached at a loss of 20 % of the heaviest weight') as string,
        after: expect.stringContaining('reached at a loss of 15 % of the heaviest weight') as string,
      },
    ]);
    const silent = numbersIn(COMPLETE).filter(
      (path) => changed((protocol) => raise(protocol, path)).length === 0,
    );
    // A rule’s own version counts its changes.
    expect(silent.filter((path) => path.at(-1) !== 'version')).toEqual([]);
  });

  it('gives the force of a filament whose label is not its force', () => {
    const filaments = [1, 2, 3].map((label) => ({ label: `${label}`, grams: `0.00${label}` }));
    const ladder = { id: 'MOUSE-3', filaments, start: '2', fixedDelta: '0.44' };
    const words = new Map(protocolInWords({ ...COMPLETE, ladder }));
    expect(words.get('Filaments')).toBe(
      '1 (0.001 g), 2 (0.002 g), 3 (0.003 g), begun at 2 (MOUSE-3); a step counts as 0.44 log units',
    );
  });

  it('has a gap for what is still to be given', () => {
    const words = new Map(draftInWords(draftOf({ hypersensitivity: { metric: 'fall-log10e4' } })));
    expect(words.get('Hypersensitive')).toBe(
      'a fall of at least … log units from the baseline, at the … reading from day … on; borderline within … of the limit',
    );
  });

  it('is made of whatever a file holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(ProtocolSchema.properties)), junk), (file) => {
        const draft = draftOf(shaped(file));
        draftInWords(draft);
        sentOf(draft.value);
      }),
      runs(200),
    );
  });
});

import fc from 'fast-check';
import { renderToString } from 'preact-render-to-string';
import { h } from 'preact';
import { CATALOGUE } from '../../src/study/catalogue.js';
import { CommandFields, ErrorSummary } from '../../src/console/forms/command-fields.js';
import { errorInWords } from '../../src/console/forms/error-words.js';
import { labelOf } from '../../src/console/forms/labels.js';
import { FormContext } from '../../src/console/forms/form-context.js';
import { readForm } from '../../src/console/forms/read-form.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal, errorsOf } from '../../src/study/refusal.js';
import { pairsOf } from './form-pairs.js';

const ZONE = (local: string): string => `${local}+01:00`;
const SUBMISSION = {
  id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01',
  study: 'KET-01',
  actor: 'tech-1',
  role: 'technician',
};

describe('the form of a command', () => {
  it.each(CATALOGUE.map((definition) => [definition.name, definition] as const))(
    '%s shows a body and reads the same body back',
    (_, definition) => {
      const body = JSON.parse(JSON.stringify(definition.example)) as Record<string, unknown>;
      const html = renderToString(h(CommandFields, { definition, body }));
      const read = readForm(definition, pairsOf(html), ZONE);
      expect(read).toEqual(body);
      expect(parseCommand(definition, read, SUBMISSION)).not.toBeInstanceOf(Refusal);
    },
  );

  it.each(CATALOGUE.map((definition) => [definition.name, definition] as const))(
    '%s says nothing where nothing is typed',
    (_, definition) => {
      const html = renderToString(h(CommandFields, { definition, body: {} }));
      expect(readForm(definition, pairsOf(html), ZONE)).toEqual({ data: {} });
    },
  );

  it('goes through what was sent once, however many fields and rows that has', () => {
    const run = CATALOGUE.find(({ name }) => name === 'RecordThreshold')!;
    const pairs = new URLSearchParams();
    for (let row = 0; row < 1000; row++) pairs.append(`data.touches[${row}].filament`, `${row}`);
    for (let other = 0; other < 50_000; other++) pairs.append('a', '');
    for (const name of ['get', 'getAll', 'has'] as const)
      Object.defineProperty(pairs, name, {
        value: () => {
          throw new Error('searched from its beginning');
        },
      });
    const { data } = readForm(run, pairs, ZONE) as { data: { touches: { filament: string }[] } };
    expect(data.touches.map(({ filament }) => Number(filament))).toEqual([...data.touches.keys()]);
    expect(data.touches).toHaveLength(1000);
  });

  it('keeps what cannot be read, so that it is refused with what was typed', () => {
    const weigh = CATALOGUE.find(({ name }) => name === 'RecordBodyWeight')!;
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
        (typed) => {
          const pairs = new URLSearchParams({
            subject: 'R01',
            'data.weight.value': typed,
            'data.weight.unit': 'g',
          });
          const read = readForm(weigh, pairs, ZONE) as { data: { weight: { value: string } } };
          const isComma = /^\s*-?\d+,(\d{1,2}|\d{4,})\s*$/.test(typed);
          expect(read.data.weight.value).toBe(isComma ? typed.trim().replace(',', '.') : typed.trim());
        },
      ),
    );
  });

  it('does not take a comma before three digits for a decimal mark', () => {
    const weigh = CATALOGUE.find(({ name }) => name === 'RecordBodyWeight')!;
    const pairs = new URLSearchParams({
      subject: 'R01',
      'data.weight.value': '1,234',
      'data.weight.unit': 'g',
    });
    expect(parseCommand(weigh, readForm(weigh, pairs, ZONE), SUBMISSION)).toBeInstanceOf(Refusal);
  });
});

describe('what is wrong with a form', () => {
  const plain = (html: string): string => html.replace(/<[^>]+>/g, '\n').replace(/\n+/g, '\n');
  const refusedBy = (name: string, body: Record<string, unknown>) => {
    const definition = CATALOGUE.find((one) => one.name === name)!;
    const refusal = parseCommand(definition, body, SUBMISSION);
    if (!(refusal instanceof Refusal)) throw new Error('it fits');
    const fields = [h(ErrorSummary, {}), h(CommandFields, { definition, body })];
    const state = { errors: errorsOf(refusal), offered: {} };
    return {
      errors: state.errors,
      text: plain(renderToString(h(FormContext.Provider, { value: state }, fields))),
    };
  };

  it('is said of the label of the field, in the summary and at the field', () => {
    const { text } = refusedBy('RecordBodyWeight', {
      subject: 'R01',
      data: { weight: { value: 'heavy', unit: 'g' } },
    });
    expect(text.match(/^Weight is “heavy”: must be a decimal number.*$/gm)).toHaveLength(2);
    expect(text).not.toContain('data.');
  });

  it('names no path of any command of the bench where nothing is filled in', () => {
    for (const { name, stream } of CATALOGUE) {
      // To reopen a study nothing is filled in but the reason.
      if (stream === 'lab' || name === 'ReopenStudy') continue;
      const { text, errors } = refusedBy(name, { data: {} });
      expect(errors.length).toBeGreaterThan(0);
      expect(text).not.toMatch(/\bdata\.|^subject |is missing.*must be/m);
    }
  });

  it.each([
    [
      'data.model',
      'data.model is missing: Model; must be one line of text that is not blank.',
      'Model is missing.',
    ],
    [
      'data.director',
      'data.director is missing: who leads it; must be an id.',
      'Director is missing: who leads it.',
    ],
    [
      'data.touches[3].filament',
      'data.touches[3].filament is “9”: must be one of 1, 2.',
      'Touches 4: filament is “9”: must be one of 1, 2.',
    ],
    [
      'data.weight.unit',
      'data.weight.unit is “lb”: must be one of g, kg.',
      'Weight is “lb”: must be one of g, kg.',
    ],
    ['reason', 'This is a late entry.', 'This is a late entry.'],
    ['', 'The study is closed.', 'The study is closed.'],
  ])('%s: %s', (field, detail, said) => {
    expect(errorInWords({ field, detail })).toBe(said);
  });
});

it('a name is said in words, with the abbreviations of the field', () => {
  expect(['data.bodyWeight', 'partial-ligation', 'eu-registered'].map((name) => labelOf(name))).toEqual([
    'Body weight',
    'Partial ligation',
    'EU registered',
  ]);
});

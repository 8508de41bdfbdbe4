import { CATALOGUE } from '../../src/study/catalogue.js';
import { FOLLOWED } from '../../src/study/commands/correct-record.command.js';
import { statementOf } from '../../src/study/commands/common/state-in-full.js';
import { isPlainObject } from '../../src/study/schema.js';
import { emptyStudy, factNumbered, fold, type Fact, type Study } from '../../src/study/study.js';
import { Refusal } from '../../src/study/refusal.js';
import { sha256 } from '../../src/shared/sha256.js';
import type { StudyRecord } from '../../src/study/record.js';
import { hashToBase64 } from '../../src/tlog/encoding.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { GoldenLedger } from '../golden/golden-ledger.js';
import { submit, type Body } from './specification.js';

/** The studies of the demo and of the ledger that has every kind of record, each kind at least once. */
const studies = (['ledger-0.1/demo', 'ledger-0.1/every-kind', 'ledger-0.4/laboratory'] as const).flatMap(
  (name) =>
    [...new GoldenLedger(name).records]
      .filter(([log]) => log.startsWith('study-'))
      .map(([log, texts]) => studyOf(log.slice('study-'.length), texts)),
);

function studyOf(code: string, texts: readonly string[]): Study {
  return fold(
    emptyStudy(code),
    texts.map((text, number) => ({
      number,
      leaf: hashToBase64(leafHash(sha256, text)),
      record: JSON.parse(text) as StudyRecord,
    })),
  );
}

interface Standing {
  readonly study: Study;
  readonly fact: Fact;
}

/** By type, everything that holds and can be corrected; of each type three. */
const standing = new Map<string, Standing[]>();
for (const study of studies)
  for (let number = 0; number < study.size; number++) {
    const fact = factNumbered(study, number);
    if (!fact || FOLLOWED[fact.type] !== undefined) continue;
    const known = standing.get(fact.type) ?? [];
    if (known.length < 3) standing.set(fact.type, [...known, { study, fact }]);
  }

/** Another text, number or answer for a single value, which its schema most often takes. */
function others(value: unknown): unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value - 1];
  if (typeof value !== 'string') return [];
  if (/^\d+(\.\d+)?$/.test(value)) return [`${value.includes('.') ? value : `${value}.`}1`, '1'];
  return [`${value} again`, `${value}-2`, 'left', 'right', 'male', 'female', 'other'];
}

type Change = { readonly path: readonly string[]; readonly to: unknown };

/** Every change of one member, at any depth of objects; of a list as a whole. */
function changesOf(data: Body, path: readonly string[] = []): Change[] {
  return Object.entries(data).flatMap(([name, value]) =>
    isPlainObject(value)
      ? changesOf(value, [...path, name])
      : (Array.isArray(value) ? otherLists(value) : others(value)).map((to) => ({
          path: [...path, name],
          to,
        })),
  );
}

/** Without the last item, and with another one in its place. */
function otherLists(list: readonly unknown[]): unknown[] {
  const [last, rest] = [list.at(-1), list.slice(0, -1)];
  const changes = isPlainObject(last)
    ? changesOf(last).map(({ path, to }) => [...rest, changed(last, path, to)])
    : others(last).map((to) => [...rest, to]);
  return rest.length > 0 ? [rest, ...changes] : changes;
}

const nested = ([name = '', ...rest]: readonly string[], value: unknown): Body => ({
  [name]: rest.length === 0 ? value : nested(rest, value),
});

const changed = (data: Body, [name = '', ...rest]: readonly string[], value: unknown): Body => ({
  ...data,
  [name]: rest.length === 0 ? value : changed(data[name] as Body, rest, value),
});

/** Corrects a fact by what is named alone; undefined where that is refused, as a correction in full would be. */
function correct({ study, fact }: Standing, named: Body): Fact | Refusal {
  const body = {
    reason: 'Copied wrongly',
    data: {
      target: { number: fact.number },
      ...(fact.holder !== fact.number && { replaces: { number: fact.holder } }),
      ...named,
    },
  };
  const answer = submit(study, 'CorrectRecord', body, study.recordedMs);
  if (answer instanceof Refusal) return answer;
  return factNumbered(fold(study, [answer.parsed]), fact.number)!;
}

const ofTime = ({ data }: Fact): string[] =>
  ((data as { flags?: string[] }).flags ?? []).filter((code) => code === 'time-assumed');

describe.each([...standing])('one thing changed in a %s', (type, some) => {
  const definition = CATALOGUE.find(({ records }) => records === type)!;

  it('changes that and nothing else', () => {
    const tried = some.flatMap((one) =>
      changesOf(statementOf(one.fact, definition).data as Body).map((change) => ({ one, change })),
    );
    let taken = 0;
    for (const { one, change } of tried) {
      const { path, to } = change;
      const after = correct(one, { corrected: nested(path, to) });
      // What is refused would be refused of a fact stated in full as well.
      if (after instanceof Refusal) continue;
      taken++;
      const before = statementOf(one.fact, definition);
      const data = changed(before.data as Body, path, to);
      expect(statementOf(after, definition)).toEqual({ ...before, data });
      expect([after.time, after.subject, after.protocolVersion, ofTime(after)]).toEqual([
        one.fact.time,
        one.fact.subject,
        one.fact.protocolVersion,
        ofTime(one.fact),
      ]);
    }
    expect(taken > 0 || tried.length === 0).toBe(true);
  });

  it('leaves all its members where only the time is put right', () => {
    for (const one of some) {
      const occurredAt = new Date(one.fact.at - 1000).toISOString();
      const after = correct(one, { occurredAt });
      if (after instanceof Refusal) continue;
      const before = statementOf(one.fact, definition);
      expect(statementOf(after, definition)).toEqual({ ...before, occurredAt });
    }
  });
});

it('covers every kind of fact that can be corrected and that those ledgers have', () => {
  expect(standing.size).toBeGreaterThan(15);
});

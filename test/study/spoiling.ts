import { commandNamed } from '../../src/study/catalogue.js';
import {
  about,
  because,
  dosed,
  day,
  exampleData,
  measured,
  ready,
  sideEffects,
  stimulated,
  wide,
} from './bench.js';
import type { Body } from './specification.js';

/** Record 10 a stimulation, 11 a dose, 13 a late run. */
export const { study } = ready({ assays: wide.assays!, substances: wide.substances! }).and(
  stimulated(day(18)),
  dosed(day(19)),
  sideEffects(day(19, '10:15'), 11),
  because('Sheet found', { ...measured('middle', day(19, '11:00')), clock: day(20) }),
);

export const NOW = Date.parse(day(21));

/** The example of each command with more of its optional members, so that there are more places to spoil. */
export function bodyOf(name: string): Body {
  const observed = {
    observedBy: 'tech-2',
    instrument: { id: 'VF-1', calibrationDue: '2026-12-31' },
    comment: 'None',
  };
  const more: Readonly<Record<string, Body>> = {
    RecordThreshold: { ...observed, session: 10, minute: 15 },
    ApplySCS: { ...observed, follows: 11 },
    ScoreSideEffects: { ...observed, after: 11 },
    DesignateSubEffectiveDose: { evidence: [11] },
    RecordMeasurement: { ...observed, session: 10, minute: 15 },
    RecordIntervention: { ...observed, because: 13 },
    AdministerKetamine: { ...observed, expiry: '2026-12-31', flush: { value: '10', unit: 'uL' } },
    LigateNerve: {
      ...observed,
      side: 'right',
      anaesthesia: { agent: 'isoflurane', concentration: { value: '2', unit: '%' } },
    },
    EnrolSubject: {
      housing: { cage: 'C-1', temperature: { value: '21.5', unit: 'Cel' } },
      dateOfBirth: '2026-01-02',
    },
    AcknowledgeDeviation: { target: { number: 13, leaf: study.records.at(13)?.leaf } },
    VoidRecord: { target: { number: 13, leaf: study.records.at(13)?.leaf } },
    CorrectRecord: {
      target: { number: 13 },
      replaces: { number: 13 },
      occurredAt: day(19, '11:00'),
      corrected: { ...exampleData('RecordThreshold'), session: 10, minute: 15 },
    },
  };
  const { body } = about('R01', name, more[name]);
  const { subject, ...rest } = body;
  const isAbout = commandNamed(name)?.example['subject'] !== undefined;
  return { ...rest, ...(isAbout && { subject }), reason: 'As it was', occurredAt: day(20) };
}

export type Path = readonly (string | number)[];

/** Every place in a value, itself included. */
export function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? [...value.entries()].slice(0, 3)
    : (Object.entries(value) as [string | number, unknown][]);
  return [path, ...inner.flatMap(([key, item]) => placesIn(item, [...path, key]))];
}

export function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? replaced(item, rest, by) : item));
  return { ...(value as Body), [key]: replaced((value as Body)[key as string], rest, by) };
}

export function removed(value: unknown, [key, ...rest]: Path): unknown {
  const members = value as Body;
  if (rest.length === 0) return Object.fromEntries(Object.entries(members).filter(([name]) => name !== key));
  return replaced(value, [key!], removed(members[key as string], rest));
}

/** As a field is named: `data.touches[3].filament`. */
export function written(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}

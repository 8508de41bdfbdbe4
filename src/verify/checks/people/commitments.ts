import type { Notable } from '../notable.js';
import { quote } from '../printable.js';
import { textOf, type Attributes } from '../record.js';
import type { Act, Fault } from './act.js';
import type { Registry } from './registry.js';

/** A text that a record holds as a digest: a name or a label in the lab, what an inspection found in a study. */
export interface Commitment {
  readonly log: string;
  readonly record: number;
  /** JSON Pointer. */
  readonly pointer: string;
  readonly digest: string;
  /** The lab record that says that the text was erased. */
  redacted?: number;
}

/** Texts that open commitments, by digest; undefined where there is none. */
export type Disclosures = (digest: string) => string | undefined;

interface Request {
  readonly act: Act;
  /** The lab record that erased it. */
  answered?: number;
}

/** What one study commits to. */
export interface StudyCommitments {
  readonly log: string;
  readonly acts: readonly Notable[];
  /** Whether a record of that number was read. */
  readonly isHere: (number: number) => boolean;
}

/** Commitments of the lab and of studies, and what was asked to be erased. */
export class Commitments {
  readonly all: Commitment[] = [];
  /** By person: the names that the lab registered, the last one last. */
  private readonly names = new Map<string, Commitment[]>();
  private readonly requests = new Map<number, Request>();

  constructor(
    private readonly registry: Registry,
    private readonly fail: (act: Act) => Fault,
  ) {}

  collect({ number, facts }: Act): void {
    for (const member of ['name', 'label']) {
      const digest = textOf((facts[member] as Attributes | undefined)?.['...']);
      if (digest === '') continue;
      const found = { log: 'lab', record: number, pointer: `/data/${member}`, digest };
      this.all.push(found);
      const person = textOf(facts['person']);
      if (member === 'name') this.names.set(person, [...(this.names.get(person) ?? []), found]);
    }
  }

  /** The name that a person had for whoever knows the first `labSize` records of the lab. */
  nameOf(person: string, labSize: number): Commitment | undefined {
    return this.names.get(person)?.findLast(({ record }) => record < labSize);
  }

  request(act: Act): void {
    this.requests.set(act.number, { act });
    if (act.facts['stream'] === 'lab' && !this.find(act.facts))
      this.fail(act)('commitment', 'asks to erase what no lab record holds as a commitment');
  }

  redact(act: Act): void {
    const { facts, actor, number } = act;
    const fail = this.fail(act);
    const asked = this.requests.get(facts['request'] as number);
    if (!asked) return fail('commitment', 'erases what no lab record asked to erase');
    const differs = ['stream', 'number', 'pointer', 'digest', 'legalBasis'].find(
      (member) => facts[member] !== asked.act.facts[member],
    );
    if (differs !== undefined)
      fail('commitment', `erases another ${differs} than lab record ${asked.act.number} asks`);
    if (asked.answered !== undefined)
      fail('commitment', `erases once more what lab record ${asked.act.number} asks`);
    if (this.registry.isSameHuman(actor, asked.act.actor))
      fail('commitment', `is by ${quote(actor)}, who asked for it: erasing takes two persons`);
    asked.answered = number;
    const found = this.find(facts);
    if (found) found.redacted = number;
  }

  /** Those of a study, which is read after the lab. */
  inStudy({ log, acts, isHere }: StudyCommitments): Commitment[] {
    const found = acts.flatMap(({ number, record }) => {
      if (record['type'] !== 'InspectionRecorded') return [];
      const { findings } = (record['data'] ?? {}) as Attributes;
      const digest = textOf((findings as Attributes | undefined)?.['...']);
      return digest === '' ? [] : [{ log, record: number, pointer: '/data/findings', digest } as Commitment];
    });
    for (const { act, answered } of this.requests.values()) {
      const { stream, number } = act.facts;
      if (stream !== log || !isHere(number as number)) continue;
      const one = found.find((each) => isAt(each, act.facts));
      if (!one) this.fail(act)('commitment', `asks to erase what no record of ${log} holds as a commitment`);
      else if (answered !== undefined) one.redacted = answered;
    }
    return found;
  }

  private find(place: Attributes): Commitment | undefined {
    return this.all.find((one) => isAt(one, place));
  }
}

function isAt(one: Commitment, { stream, number, pointer, digest }: Attributes): boolean {
  return one.log === stream && one.record === number && one.pointer === pointer && one.digest === digest;
}

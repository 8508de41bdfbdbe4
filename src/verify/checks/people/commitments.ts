import { quote } from '../printable.js';
import { textOf, type Attributes } from '../record.js';
import type { Act, Fault } from './act.js';
import type { Registry } from './registry.js';

/** A personal text that a record holds as a digest. */
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
  isAnswered: boolean;
}

/** Commitments of the lab, and what was asked to be erased. */
export class Commitments {
  readonly all: Commitment[] = [];
  private readonly requests = new Map<number, Request>();

  constructor(
    private readonly registry: Registry,
    private readonly fail: (act: Act) => Fault,
  ) {}

  collect({ number, facts }: Act): void {
    for (const member of ['name', 'label']) {
      const digest = textOf((facts[member] as Attributes | undefined)?.['...']);
      if (digest !== '') this.all.push({ log: 'lab', record: number, pointer: `/data/${member}`, digest });
    }
  }

  request(act: Act): void {
    this.requests.set(act.number, { act, isAnswered: false });
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
    if (asked.isAnswered) fail('commitment', `erases once more what lab record ${asked.act.number} asks`);
    if (this.registry.isSameHuman(actor, asked.act.actor))
      fail('commitment', `is by ${quote(actor)}, who asked for it: erasing takes two persons`);
    asked.isAnswered = true;
    const found = this.find(facts);
    if (found) found.redacted = number;
  }

  private find({ stream, number, pointer, digest }: Attributes): Commitment | undefined {
    return this.all.find(
      (one) =>
        one.log === stream && one.record === number && one.pointer === pointer && one.digest === digest,
    );
  }
}

import { canonical } from '../../src/tlog/canonical.js';
import { sealRecord, type Sealed } from '../../src/recording/seal.js';
import { commandNamed } from '../../src/study/catalogue.js';
import type { Commitment } from '../../src/tlog/commitment.js';
import type { CommandDefinition, StudyCommand } from '../../src/study/commands/common/command.js';
import { decide, type Decided } from '../../src/study/decide.js';
import { decideMisfit } from '../../src/study/decide-misfit.js';
import { instantMs } from '../../src/study/instant.js';
import { parseCommand } from '../../src/study/parse.js';
import { schemaMismatch, studySource, type StudyRecord } from '../../src/study/record.js';
import { Refusal } from '../../src/study/refusal.js';
import { emptyStudy, fold, type Fact, type Study } from '../../src/study/study.js';
import type { Acting, Body, Sent } from './sent.js';
import { attested } from './signing.js';

/**
 * Given what was recorded, when a command is sent, then it is recorded or refused. Nothing is simulated: commands are
 * parsed, decided, sealed and folded by the code that does so in use; only the clock is set by hand.
 */

export type { Acting, Body, Sent } from './sent.js';

const TECHNICIAN: Acting = { actor: 'tech-1', role: 'technician' };

export const CODE = 'KET-01';
const BEGINNING = instantMs('2026-03-02T08:00:00Z') ?? 0;

export function sent(name: string, body: Body = {}, clock?: string): Sent {
  return { name, body, ...(clock !== undefined && { clock }) };
}

/** Commands that were accepted, in order. */
export function given(...past: readonly Sent[]): Given {
  return new Given(emptyStudy(CODE), BEGINNING).and(...past);
}

export class Given {
  constructor(
    readonly study: Study,
    private readonly clockMs: number,
  ) {}

  and(...more: readonly Sent[]): Given {
    return more.reduce((so, one) => so.whenSent(one).accepted(), this as Given);
  }

  when(name: string, body: Body = {}, clock?: string): Outcome {
    return this.whenSent(sent(name, body, clock));
  }

  whenSent({ name, body, clock, by }: Sent): Outcome {
    const nowMs = Math.max(this.nextClock(body, clock), this.clockMs);
    return new Outcome(this, name, submit(this.study, name, body, nowMs, by), nowMs);
  }

  /** The effective facts of an animal, or of the study as a whole. */
  facts(subject?: string): Fact[] {
    const list = subject === undefined ? this.study.facts : this.study.subjects.get(subject)?.facts;
    return list?.toArray() ?? [];
  }

  leaf(number: number): string {
    return this.study.records.at(number)?.leaf ?? '';
  }

  private nextClock({ occurredAt }: Body, clock: string | undefined): number {
    const claimed = clock ?? (typeof occurredAt === 'string' ? occurredAt : '');
    return instantMs(claimed) ?? this.clockMs + 60_000;
  }
}

class Outcome {
  constructor(
    private readonly before: Given,
    private readonly name: string,
    readonly answer: Sealed<StudyRecord> | Refusal,
    private readonly nowMs: number,
  ) {}

  accepted(): Given {
    if (this.answer instanceof Refusal) {
      throw new Error(`${this.name} was refused: ${this.answer.code}, ${this.answer.message}`);
    }
    return new Given(fold(this.before.study, [this.answer.parsed]), this.nowMs);
  }

  get record(): StudyRecord {
    return this.accepted().study.records.last?.record as StudyRecord;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- no function, so nothing takes it for a promise
  readonly then = {
    /** The record has at least these members. */
    records: (expected: object): Given => {
      expect(this.record).toMatchObject(expected);
      return this.accepted();
    },
    /** The record's flags, all of them; none where none are named. */
    flags: (...expected: string[]): Given => {
      const { data } = this.record;
      const flags = 'corrected' in data ? data.corrected['flags'] : data.flags;
      expect(flags ?? []).toEqual(expected.sort());
      return this.accepted();
    },
    refused: (code: string, field?: string): Refusal => {
      expect(this.answer).toBeInstanceOf(Refusal);
      const refusal = this.answer as Refusal;
      expect({ code: refusal.code, field: refusal.field }).toEqual({ code, field });
      expect(refusal.message).toMatch(/^\S.*[.]$/su);
      return refusal;
    },
  };
}

/** One command on its way through parsing, deciding and sealing; what is accepted must be fit to be stored. */
export function submit(
  study: Study,
  name: string,
  body: unknown,
  nowMs: number,
  by: Acting = TECHNICIAN,
): Sealed<StudyRecord> | Refusal {
  const { individual, ...acting } = by;
  const definition = commandNamed(name) as CommandDefinition;
  const id = `00000000-0000-4000-8000-${String(study.size).padStart(12, '0')}`;
  const submission = { id, study: study.code, ...acting };
  const command = parseCommand(definition, body, submission);
  if (command instanceof Refusal)
    return decideMisfit(definition, { body: body as Body, submission, refusal: command }, study, { nowMs });
  // What does not fit is not signed.
  if (name === 'SignRecords')
    Object.assign(command, { submission: { ...submission, ...attested(study, body, acting, nowMs) } });
  const decided = decide(definition, command, study, {
    nowMs,
    ...(individual && { individual }),
    commitments: commitmentsOf(definition, command),
  });
  return decided instanceof Refusal ? decided : sealed(study, name, { ...acting, id }, decided);
}

/** Stands for every personal text. */
export const COMMITTED = { '...': 'A'.repeat(43) };

function commitmentsOf({ personal }: CommandDefinition, { data }: StudyCommand): Record<string, Commitment> {
  const given = personal.filter((field) => (data as Body)[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, COMMITTED]));
}

function sealed(
  study: Study,
  name: string,
  { actor, role, id: commandid }: Acting & { readonly id: string },
  decided: Decided,
): Sealed<StudyRecord> {
  const commanddigest = '0'.repeat(64);
  const by = { actor, actorrole: role, command: name, commandid, commanddigest };
  const place = { source: studySource(study.code), number: study.size, labsize: 2 };
  const record = sealRecord<StudyRecord>(by, decided, place);
  const mismatch = schemaMismatch(record.parsed.record);
  if (mismatch) throw new Error(`${name}: ${mismatch.path} ${mismatch.message}`);
  if (canonical(JSON.parse(record.text)) !== record.text) throw new Error(`${name}: text is not canonical`);
  return record;
}

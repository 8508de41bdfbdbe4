import type { Disclosures } from '../identity/disclosures.js';
import type { LabCommand, LabDefinition, LabFact, LabSituation } from '../lab/commands/common/lab-command.js';
import { foldLab, type Lab, type LabRecord } from '../lab/lab.js';
import { authoriseInLab } from '../lab/people/authority.js';
import { LEDGER_ITSELF } from '../lab/people/people.js';
import { usableAdministrators } from '../lab/people/standing.js';
import { utcInstant } from '../study/instant.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Commitment } from '../tlog/commitment.js';
import { sealForLab } from './lab-records.js';
import { attributeTo, refuseReusedId } from './propose-command.js';
import { recordedTime, type RecordClock } from './record-clock.js';
import { commandDigest, type Attribution, type Sealed } from './seal.js';
import type { Proposal } from './write-plan.js';

/** What a command of the lab needs beside what was sent. */
export type Prepared = Omit<LabSituation, 'lab' | 'atMs' | 'actor' | 'signedInMs'>;

export interface LabProposal extends Proposal<Lab, LabRecord> {
  /** Whether it was decided and not only answered. */
  isRecorded(): boolean;
}

/** A command of the lab, for its stream: authorised and decided on the lab as it is folded then. */
export function proposeLabCommand(
  definition: LabDefinition,
  command: LabCommand,
  prepared: Prepared,
  disclosures: Disclosures,
  now: RecordClock,
): LabProposal {
  const { submission } = command;
  const digest = digestLabCommand(definition, command);
  let isDecided = false;
  return {
    command: definition.name,
    commandId: submission.id,
    study: '',
    isRecorded: () => isDecided,
    decide(lab, size) {
      isDecided = false;
      const atMs = now(lab.recordedMs, submission);
      const concerns = definition.concerns?.(command, lab);
      const need = { who: definition.who, what: definition.name, concerns };
      const authority = authoriseInLab(lab, submission, need, atMs);
      if (authority instanceof Refusal) return authority;
      const facts = definition.decide(command, {
        lab,
        atMs,
        actor: submission.actor,
        signedInMs: submission.by?.signedInMs,
        ...prepared,
      });
      if (facts instanceof Refusal) return facts;
      const by = attributeTo(definition, submission, authority.role, digest);
      const recordedtime = recordedTime(atMs, lab.recordedMs);
      const sealed = facts.map((fact, index) =>
        sealFact(fact, by, { time: utcInstant(atMs), recordedtime }, { number: size + index, index }),
      );
      const locked = definition.who === 'ledger' ? undefined : refuseLockOut(lab, sealed, atMs);
      if (locked) return locked;
      isDecided = true;
      return sealed;
    },
    isSame(lab, first) {
      isDecided = false;
      const recorded = lab.commands.at(first);
      const isSame = recorded?.command === definition.name && recorded.commanddigest === digest;
      return isSame && agrees(lab, first, definition, command, disclosures)
        ? undefined
        : refuseReusedId(first);
    },
  };
}

/** Personal texts are left out, and compared by what opens their commitments. */
export function digestLabCommand(
  { name, personal }: LabDefinition,
  { submission, data }: LabCommand,
): string {
  const kept = Object.entries(data).filter(
    ([field, value]) => value !== undefined && !personal.includes(field),
  );
  return commandDigest(submission.actor, name, Object.fromEntries(kept), '');
}

function agrees(
  { people }: Lab,
  first: number,
  { personal }: LabDefinition,
  { data }: LabCommand,
  disclosures: Disclosures,
): boolean {
  const values = data as Readonly<Record<string, unknown>>;
  return personal.every((field) => {
    // One command makes few records; the text stands in one of them.
    const digests = [0, 1, 2, 3].map((index) => people.commitments.get(`${first + index} /data/${field}`));
    const digest = digests.find((one) => one !== undefined);
    return (
      digest === undefined || disclosures.agrees({ '...': digest } as Commitment, values[field]) !== 'differs'
    );
  });
}

function sealFact(
  { type, data, bySystem }: LabFact,
  by: Attribution,
  times: { time: string; recordedtime: string },
  place: { number: number; index: number },
): Sealed<LabRecord> {
  const { session: _, ...system } = { ...by, actor: LEDGER_ITSELF, actorrole: 'system' };
  return sealForLab(bySystem ? system : by, { type, data, ...times }, place.number, place.index);
}

/** Nobody may leave the ledger without an administrator who can sign in. */
function refuseLockOut(lab: Lab, sealed: readonly Sealed<LabRecord>[], atMs: number): Refusal | undefined {
  if (usableAdministrators(lab.people, atMs).length === 0) return undefined;
  const after = foldLab(
    lab,
    sealed.map(({ parsed }) => parsed),
  );
  if (usableAdministrators(after.people, atMs).length > 0) return undefined;
  return refuse(
    'last-administrator',
    'No administrator would be left who can sign in: give another person the role and a confirmed passkey first.',
  );
}

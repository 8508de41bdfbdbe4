import { actsOf, directorOf, factsOf, isGoverned, type Fact, type Study } from '../study.js';
import { CLOSING_ACTS, type ClosingType } from './closure.js';
import { deviationsOpen, reviewsMissing, witnessesMissing } from './obligations.js';
import { heldFacts, signedByDirector, theDirector, type OpenAct, type OpenKind } from './open-act.js';

export type { OpenAct, OpenKind } from './open-act.js';

/**
 * What waits for whom in a study whose acts hold from a signature on; nothing in other studies. It is found anew for each
 * state of the study, in one pass over its records.
 */
export function openActs(study: Study): OpenAct[] {
  if (!isGoverned(study)) return [];
  return [
    ...protocolsUnsigned(study),
    ...changesOfDirector(study),
    ...deviationsOpen(study),
    ...witnessesMissing(study),
    ...foundUnsigned(study),
    ...reviewsMissing(study),
    ...closingUnsigned(study),
  ];
}

function protocolsUnsigned(study: Study): OpenAct[] {
  const { inForceFrom } = actsOf(study);
  return protocolsOf(study)
    .filter(({ number }) => !inForceFrom.has(number))
    .map(({ type, holder, data: { version } }) => ({
      kind: type === 'ProtocolApproved' ? 'protocol' : 'amendment',
      record: holder,
      next: { sign: 'approved' },
      waitsFor: theDirector(study),
      says: `Version ${version} of the protocol (record ${holder}) is in force once its director signs it as approved.`,
    }));
}

function changesOfDirector(study: Study): OpenAct[] {
  return actsOf(study).directors.waiting.map(({ fact: { type, holder }, director, waitsFor }) =>
    type === 'DirectorReplaced'
      ? {
          kind: 'replacement',
          record: holder,
          next: { sign: 'approved' },
          waitsFor: { roles: ['management'], except: [] },
          says: `${director} directs the study once management signs record ${holder} as approved; until then ${directorOf(study)} does.`,
        }
      : {
          kind: 'hand-over',
          record: holder,
          next: { sign: 'approved' },
          waitsFor: { persons: waitsFor },
          says: `${director} directs the study once ${waitsFor.join(' and ')} signed record ${holder} as approved; until then ${directorOf(study)} does.`,
        },
  );
}

/** What was found after the study was closed, and its director has not signed. */
function foundUnsigned(study: Study): OpenAct[] {
  const signed = signedByDirector(study, 'approved');
  return [...heldFacts(study)]
    .filter(({ data, holder }) => data.flags?.includes('after-close') && !signed.has(holder))
    .map(({ holder }) => ({
      kind: 'found-after-closing',
      record: holder,
      next: { sign: 'approved' },
      waitsFor: theDirector(study),
      says: `Record ${holder} was found after the study was closed: its director signs it as approved.`,
    }));
}

const CLOSING: Readonly<Record<ClosingType, { readonly kind: OpenKind; readonly state: string }>> = {
  StudyClosed: { kind: 'closing', state: 'closed' },
  StudyReopened: { kind: 'reopening', state: 'open again' },
  StudyArchived: { kind: 'archive', state: 'archived' },
};

function closingUnsigned(study: Study): OpenAct[] {
  return actsOf(study).closure.waiting.map(({ type, holder }) => {
    const { meaning, by } = CLOSING_ACTS[type];
    const { kind, state } = CLOSING[type];
    const who = by === 'management' ? 'management' : (directorOf(study) ?? 'its director');
    return {
      kind,
      record: holder,
      next: { sign: meaning },
      waitsFor: by === 'management' ? { roles: ['management'], except: [] } : theDirector(study),
      says: `The study is ${state} once ${who} signs record ${holder} as ${meaning}.`,
    };
  });
}

/** The acts of a governed study that are recorded and wait for a signature: they can still be withdrawn. */
export function waitingActs(study: Study): Fact[] {
  if (!isGoverned(study)) return [];
  const { inForceFrom, directors, closure } = actsOf(study);
  return [
    ...protocolsOf(study).filter(({ number }) => !inForceFrom.has(number)),
    ...directors.waiting.map(({ fact }) => fact),
    ...closure.waiting,
  ];
}

function protocolsOf({ facts }: Study): Fact<'ProtocolApproved' | 'ProtocolAmended'>[] {
  return [...factsOf(facts, 'ProtocolApproved'), ...factsOf(facts, 'ProtocolAmended')];
}

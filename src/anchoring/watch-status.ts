import type { ContactStatus, WatchState, WatchStatus } from '../shared/watch-status.js';
import type { Lab } from '../lab/lab.js';
import { utcInstant } from '../study/instant.js';
import { NEVER, type Contact } from './anchors-folder.js';
import type { EvidenceState } from './watch.js';
import { asksForWitnesses } from './lab-policy.js';
import type { LedgerFolder } from './ledger-folder.js';
import { isOwnNote } from '../signing/signed-note.js';
import { sha256Hex } from '../shared/sha256.js';

/** What a ledger that nobody outside watches leaves undetected; shown wherever evidence is. */
export const UNWITNESSED = [
  'Unwitnessed: no outside witness or time-stamp authority is named for this ledger.',
  'Whoever holds its folder and its seed can write all of it anew, with other records and other times,',
  'and only somebody who kept an older checkpoint, proof or export could tell.',
].join(' ');

export function watchStatusOf(lab: Lab, folder: LedgerFolder, now: number): WatchStatus {
  const { anchors, config, authority } = folder;
  const { published, quorum, witnesses, authority: asked } = anchors.state;
  const size = anchors.newest(isOwnNote(lab))?.size ?? 0;
  const contacts = config.witnesses.map(({ name, url, vkey }) =>
    contactOf(name, url, witnesses[vkey.split('+')[1] ?? ''] ?? NEVER),
  );
  return {
    state: stateOf(lab, folder, now),
    labTreeSize: lab.size,
    published: { size, ...(published.size === size && published.at > 0 && { at: utcInstant(published.at) }) },
    ...(quorum && { quorum: { size: quorum.size, at: utcInstant(quorum.at) } }),
    witnesses: contacts,
    ...(authority && {
      authority: {
        ...contactOf(authority.name ?? authority.url, authority.url, asked ?? NEVER),
        ...(lab.stamp && { genTime: lab.stamp.genTime }),
      },
    }),
    policyAsInitialised: sha256Hex(folder.policy() ?? '') === lab.policy,
  };
}

/** How far a record of the lab has come: recorded, cosigned by a quorum, stamped. */
export function evidenceOf(lab: Lab, folder: LedgerFolder, labRecord: number): EvidenceState {
  if (lab.stamp && lab.stamp.size > labRecord) return 'stamped';
  return (folder.anchors.state.quorum?.size ?? 0) > labRecord ? 'cosigned' : 'lab';
}

function stateOf(lab: Lab, folder: LedgerFolder, now: number): WatchState {
  const needsQuorum = asksForWitnesses(folder.policy() ?? '');
  const needsStamp = folder.authority !== undefined;
  if (!needsQuorum && !needsStamp) return 'unwitnessed';
  const { quorum } = folder.anchors.state;
  if ((needsQuorum && !quorum) || (needsStamp && !lab.stamp)) return 'commissioning';
  return needsQuorum && quorum && now - quorum.at > folder.gapMs ? 'unanchored' : 'witnessed';
}

function contactOf(
  name: string,
  url: string,
  { size, at, failures, problem, claim }: Contact,
): ContactStatus {
  return {
    name,
    url,
    size,
    ...(at > 0 && { at: utcInstant(at) }),
    failures,
    ...(failures > 0 && problem !== undefined && { problem }),
    ...(claim && { disputed: true as const }),
  };
}

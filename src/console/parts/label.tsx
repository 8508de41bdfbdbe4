import type { JSX } from 'preact';
import type { Protocol } from '../../study/protocol.js';
import type { Study, Subject } from '../../study/study.js';
import { QrCode } from './qr-code.js';

/** What a cage card says of an animal. */
export interface CageCard {
  readonly study: string;
  readonly animal: string;
  /** Its species, strain, sex, birth and mark, as its enrolment says them. */
  readonly lines: readonly string[];
  readonly group: string | undefined;
  readonly licence: string | undefined;
  readonly address: string;
  readonly simulated: boolean;
}

/** Where a card is printed, and what holds for all animals of the study. */
export interface CardsOf {
  readonly study: Study;
  readonly protocol: Protocol | undefined;
  readonly origin: string;
  readonly simulated: boolean;
  readonly isBlinded: boolean;
}

export function cageCard({ id, enrolled }: Subject, cards: CardsOf): CageCard {
  const { study, protocol, origin, simulated, isBlinded } = cards;
  const { species, strain, sex, dateOfBirth, identification, housing, allocation } = enrolled?.data ?? {};
  return {
    study: study.code,
    animal: id,
    lines: [
      [species, strain].filter(Boolean).join(', '),
      [sex, dateOfBirth && `born ${dateOfBirth}`].filter(Boolean).join(', '),
      [
        identification && `${identification.method} ${identification.mark}`,
        housing?.cage && `cage ${housing.cage}`,
      ]
        .filter(Boolean)
        .join(', '),
    ].filter((line) => line !== ''),
    group: !isBlinded && allocation?.concealed === false ? allocation.group : undefined,
    licence: protocol?.licence?.number,
    address: `${origin}/studies/${study.code}/bench/animals/${encodeURIComponent(id)}`,
    simulated,
  };
}

/**
 * Whether somebody who reads a card must not learn the group: an allocation is concealed, or an observation was made
 * blinded. Where no record says that an allocation is open, it is not printed either (`cageCard`).
 */
export function isBlindedIn({ subjects }: Study): boolean {
  for (const { enrolled, facts } of subjects.values()) {
    if (enrolled?.data.allocation?.concealed) return true;
    for (const { data } of facts) if ((data as { blinded?: boolean }).blinded === true) return true;
  }
  return false;
}

export function Label({ card }: { readonly card: CageCard }): JSX.Element {
  const { study, animal, lines, group, licence, address, simulated } = card;
  return (
    <article class="label">
      <div>
        <p class="study-code">{study}</p>
        <h2>{animal}</h2>
        {lines.map((line) => (
          <p>{line}</p>
        ))}
        {group !== undefined && <p>Group {group}</p>}
        {licence !== undefined && <p>Licence {licence}</p>}
        {simulated && <p class="made-up">Simulated: no animal</p>}
      </div>
      <QrCode text={address} label={`Code of the address of ${animal} at the bench`} />
      <p class="address">{address}</p>
    </article>
  );
}

/** Where a script runs; the browser’s own menu prints as well. */
export function Print(): JSX.Element {
  return (
    <button type="button" data-print="" hidden>
      Print
    </button>
  );
}

/** A code that no phone can follow is better not printed. */
export function OnlyHere({ address }: { readonly address: string }): JSX.Element | null {
  const { host, hostname } = new URL(address);
  if (!/^(localhost|127\..*|\[::1\])$/.test(hostname)) return null;
  return (
    <p class="notice print-not">
      The code leads to {host}, which no other device can open. Open this page by the address that phones and
      tablets use, and print it there.
    </p>
  );
}

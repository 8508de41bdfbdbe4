import { secretDigest } from '../../src/identity/secret.js';
import { simulatedPasskey, simulatedSecret } from '../../src/identity/simulated.js';
import { ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { LEDGER_ITSELF } from '../../src/lab/people/people.js';
import type { Role } from '../../src/study/who.js';
import {
  DIRECTOR,
  MANAGEMENT,
  QUALITY,
  STATISTICIAN,
  SURGEON,
  TECHNICIANS,
  VETERINARIAN,
  minutesAfter,
} from './laboratory.js';
import { moment, written } from './calendar.js';
import { Random } from './random.js';

/** One line of a play file about people: a command of the lab, so it names no study. */
export interface LabLine {
  readonly command: string;
  readonly id: string;
  readonly data: object;
  readonly at: string;
  readonly actor: string;
  readonly role: string;
}

interface Hired {
  readonly actor: string;
  readonly role: Role;
  readonly name: string;
}

const ADMINISTRATOR = { actor: 'admin-1', role: 'administrator' } as const;
const MANAGER: Hired = { ...MANAGEMENT, name: 'Simulated management' };

/** Confirmed by management, but for the first of them: nobody else has a passkey then. */
const FACILITY: readonly Hired[] = [
  MANAGER,
  { actor: 'admin-2', role: 'administrator', name: 'Simulated second administrator' },
  { ...QUALITY, name: 'Simulated quality assurance' },
  { actor: 'insp-1', role: 'inspector', name: 'Simulated inspector' },
  { ...DIRECTOR, name: 'Simulated study director' },
];

/** Confirmed by the study director. */
const TEAM: readonly Hired[] = [
  { ...TECHNICIANS[0], name: 'Simulated technician' },
  { ...TECHNICIANS[1], name: 'Simulated second technician' },
  { ...SURGEON, name: 'Simulated surgeon' },
  { ...VETERINARIAN, name: 'Simulated veterinarian' },
  { ...STATISTICIAN, name: 'Simulated statistician' },
];

const SITE = {
  origin: 'http://localhost:3000',
  rpId: 'localhost',
  zone: 'Europe/Amsterdam',
  passkeys: 'any',
};

/** The Friday before the study. */
const DAY = -3;

/**
 * How the people of the simulated laboratory are registered, given their roles, and enrolled, each confirmed by somebody else
 * than who offered it. It is the beginning of a ledger: the lines name lab records by their numbers.
 */
export function peopleLines(seed: number): LabLine[] {
  const beginning = new Beginning(new Random(seed).branch('people'));
  beginning.begin();
  for (const person of FACILITY) beginning.hire(person, person === MANAGER ? ADMINISTRATOR : MANAGEMENT);
  for (const person of TEAM) beginning.hire(person, DIRECTOR);
  return beginning.lines;
}

/** Everybody who signs something in the study states on that Friday that their signature binds. */
export function attestationLines(seed: number): LabLine[] {
  const ids = new Random(seed).branch('attestations');
  return [DIRECTOR, ...TECHNICIANS, SURGEON, VETERINARIAN, STATISTICIAN, QUALITY, MANAGEMENT].map(
    ({ actor }, i) => ({
      command: 'GiveAttestation',
      id: ids.uuid(),
      data: { text: ATTESTATION_SHA256 },
      at: written(minutesAfter(moment(DAY, '13:30'), 2 * i)),
      actor,
      role: 'self',
    }),
  );
}

class Beginning {
  readonly lines: LabLine[] = [];
  /** Of the next lab record; 0 begins the ledger. */
  private next = 1;
  private now = moment(DAY, '09:00');

  constructor(private readonly ids: Random) {}

  begin(): void {
    const { actor } = ADMINISTRATOR;
    const data = { ...SITE, administrator: actor, name: 'Simulated administrator' };
    const { id } = this.write('BeginPeople', { actor: LEDGER_ITSELF, role: 'system' }, data, 4);
    // The ledger offered it, so the ledger confirms it.
    this.enrol(actor, id, 2);
  }

  hire({ actor: person, role, name }: Hired, confirmer: { actor: string; role: string }): void {
    this.write('RegisterPerson', ADMINISTRATOR, { person, name });
    this.write('GrantRole', ADMINISTRATOR, { person, role });
    const { id } = this.write('OfferEnrolment', ADMINISTRATOR, { person });
    const credential = this.enrol(person, id);
    this.write('ConfirmCredential', confirmer, { credential, identity: 'in-person' });
  }

  /** Enrols by the code that a command handed out; gives the lab record of the credential. */
  private enrol(person: string, offer: string, records = 1): number {
    const number = this.next;
    const id = this.ids.uuid();
    const key = {
      ...simulatedPasskey(id),
      rpId: SITE.rpId,
      label: 'Simulated passkey',
      backupEligible: false,
      attachment: 'cross-platform',
    };
    const data = { person, code: secretDigest(simulatedSecret(offer)), ...key };
    this.write('EnrolCredential', { actor: person, role: 'self' }, data, records, id);
    return number;
  }

  private write(
    command: string,
    by: { actor: string; role: string },
    data: object,
    records = 1,
    id = this.ids.uuid(),
  ): LabLine {
    const { actor, role } = by;
    const line = { command, id, data, at: written(this.now), actor, role };
    this.lines.push(line);
    this.next += records;
    this.now = minutesAfter(this.now, 2);
    return line;
  }
}

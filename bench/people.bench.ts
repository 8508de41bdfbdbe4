import { overHttp } from './session-bench.js';
import { foldLab, EMPTY_LAB, type Lab, type LabRecord } from '../src/lab/lab.js';
import { authoriseCommand } from '../src/lab/people/command-authority.js';
import { commandNamed } from '../src/study/catalogue.js';
import type { StudyCommand } from '../src/study/commands/common/command.js';
import { parseCommand } from '../src/study/parse.js';
import { Refusal } from '../src/study/refusal.js';
import { emptyStudy } from '../src/study/study.js';
import { median, perSecond, type Ratio } from './measure.js';

const ROUNDS = 9;
const GRANTS_EACH = 10;
const STUDY = 'KET-01';

/** What it costs that a command is given by a person. */
export async function benchPeople(): Promise<Ratio[]> {
  return [authorising(), ...(await overHttp())];
}

/** One person of 500 against one of 5; each holds ten grants, the last of which permits. */
function authorising(): Ratio {
  const [many, few] = [labOf(500), labOf(5)].map((lab) => authorisingIn(lab)) as [() => void, () => void];
  const rounds = Array.from({ length: ROUNDS }, () => [perSecond(0.3, many), perSecond(0.3, few)] as const);
  const [ours, bare] = [0, 1].map((side) => 1e6 / median(rounds.map((round) => round[side]!))) as [
    number,
    number,
  ];
  return {
    what: 'authorising a command, 500 persons with 5,000 grants',
    against: 'the same, 5 persons with 50',
    ours,
    bare,
    unit: 'µs',
    ratio: median(rounds.map(([a, b]) => b / a)),
    bound: { atMost: 1.2 },
  };
}

function authorisingIn(lab: Lab): () => void {
  const definition = commandNamed('RecordBodyWeight')!;
  const by = { method: 'passkey', signedInMs: 0, credential: 2 } as const;
  const submission = {
    id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01',
    study: STUDY,
    actor: 'person-0',
    role: '',
    by,
  };
  const command = parseCommand<StudyCommand>(definition, definition.example, submission) as StudyCommand;
  const study = emptyStudy(STUDY);
  return () => {
    const answer = authoriseCommand(lab, definition, command, study, 1);
    if (answer instanceof Refusal) throw new Error(answer.message);
  };
}

/** A lab of so many persons, each with a passkey. */
function labOf(persons: number): Lab {
  const records: { type: string; data: object }[] = [
    {
      type: 'SiteConfigured',
      data: { origin: 'http://localhost', rpId: 'localhost', zone: 'UTC', passkeys: 'any' },
    },
  ];
  const add = (type: string, data: object): number => records.push({ type, data }) - 1;
  for (let index = 0; index < persons; index++) {
    const person = `person-${index}`;
    add('PersonRegistered', { person, name: { '...': 'A' } });
    const key = { credentialId: person, publicKey: person, alg: -7, label: { '...': 'A' } };
    const credential = add('CredentialEnrolled', { person, rpId: 'localhost', ...key });
    add('CredentialConfirmed', { credential, identity: 'in-person' });
    for (let grant = 1; grant < GRANTS_EACH; grant++)
      add('RoleGranted', { person, role: 'technician', study: `OTHER-${grant}` });
    add('RoleGranted', { person, role: 'technician', study: STUDY });
  }
  const recordedtime = '1970-01-01T00:00:00.000Z';
  return foldLab(
    EMPTY_LAB,
    records.map(({ type, data }, number) => ({
      number,
      leaf: '',
      record: { type, data, actor: 'admin-1', recordedtime } as unknown as LabRecord,
    })),
  );
}

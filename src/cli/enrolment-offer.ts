import { v7 } from 'uuid';
import { beginPeople } from '../lab/commands/begin-people.command.js';
import type { LabCommand, LabDefinition } from '../lab/commands/common/lab-command.js';
import { LEDGER_ITSELF } from '../lab/people/people.js';
import { siteInForce } from '../lab/people/standing.js';
import type { Engine } from '../recording/engine.js';
import { parseCommand } from '../study/parse.js';
import { Refusal } from '../study/refusal.js';
import { printInstant, utcInstant } from '../study/instant.js';
import type { Place } from './open-ledger.js';
import { Failure } from './output/failure.js';
import { wrapped, type Block } from './output/page.js';
import { readSite, type SiteOptions } from './people-site.js';

/** A link by which an administrator enrols a passkey. It is shown once. */
export interface EnrolmentOffer {
  readonly administrator: string;
  readonly link: string;
  readonly until: string;
  /** The first lab record of the command. */
  readonly labRecord: number;
}

export interface BeginningOptions extends SiteOptions {
  readonly administrator: string;
  readonly name?: string;
  readonly confirmOccurrences?: boolean;
}

/** Checks what can be checked without the ledger. @throws Failure */
export function readBeginning(options: BeginningOptions) {
  const { administrator, name = administrator, confirmOccurrences } = options;
  const confirmed = confirmOccurrences === undefined ? {} : { confirmOccurrences };
  return { ...readSite(options), administrator, name, ...confirmed };
}

/** Configures the site and offers the first administrator a passkey. @throws Failure */
export function beginWith(
  engine: Engine,
  beginning: ReturnType<typeof readBeginning>,
): Promise<EnrolmentOffer> {
  return offerEnrolment(engine, beginPeople, beginning);
}

/** Gives a command of the ledger itself that offers an enrolment. @throws Failure */
export async function offerEnrolment<C extends LabCommand>(
  engine: Engine,
  definition: LabDefinition<C>,
  data: object & { administrator: string },
): Promise<EnrolmentOffer> {
  // Each run offers a new link, so each is a command of its own.
  const submission = { id: v7(), study: '', actor: LEDGER_ITSELF, role: 'system' };
  const command = parseCommand(definition, { data }, submission);
  if (command instanceof Refusal) throw Failure.usage(command.message, '', command.code);
  const answer = await engine.executeInLab(definition as unknown as LabDefinition, command);
  if (answer instanceof Refusal) throw failureOf(answer);
  const { administrator } = data;
  const { people } = engine.labNow;
  const offer = people.persons.get(administrator)?.offer;
  const site = siteInForce(people);
  if (!offer || !site || answer.secret === undefined) throw new Error('the offer was not recorded');
  return {
    administrator,
    link: `${site.origin}/enrol#${administrator}.${answer.secret}`,
    until: utcInstant(offer.untilMs),
    labRecord: answer.records[0]!.number,
  };
}

function failureOf(refusal: Refusal): Failure {
  const { code, message } = refusal;
  if (code !== 'occurs-in-study') return Failure.of(refusal);
  return new Failure(message, 'On the command line: --confirm-occurrences.', code);
}

/** The link, and what to do with it. */
export function showOffer({ administrator, link, until }: EnrolmentOffer, { data, store }: Place): Block[] {
  const url = new URL(link);
  const port = url.port === '' ? '' : ` --port ${url.port}`;
  const where = store === undefined ? '' : ` --store ${store.replace(/\/\/.*@/, '//…@')}`;
  const server =
    url.protocol === 'https:'
      ? `Start the server, behind the TLS proxy of ${url.origin}: study-ledger serve --data ${data}${where}`
      : `Start the server: study-ledger serve --data ${data}${where}${port}`;
  return [
    `With this link ${administrator} enrols a passkey, once, until ${printInstant(until)}`,
    '',
    `  ${link}`,
    '',
    wrapped(
      'Whoever opens it first becomes this administrator. It is shown now only; running this command again ends it and makes another.',
    ),
    '',
    'What to do next:',
    wrapped(`  1. ${server}`),
    wrapped(`  2. Open the link on a machine with a passkey: a security key, a phone, or the machine’s own.`),
    wrapped('  3. Register the others on the page “People”, and grant them their roles.'),
  ];
}

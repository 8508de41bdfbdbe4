import type { TSchema } from 'typebox';
import { SENT_TO_LAB } from '../../lab/commands/catalogue.js';
import type { LabDefinition } from '../../lab/commands/common/lab-command.js';
import { routeOf } from '../../study/catalogue.js';
import { ClientCommandId } from '../../study/schema.js';
import { EmptyBody, EnrolmentBody, OfferBody, SignInBody, SimulatedBody } from '../people/bodies.js';
import { ANYWHERE, ANY_BODY, ANY_COMMAND, OF_CALLERS, type ProblemCode } from '../platform/problems.js';
import { LAB_COMMAND_PATH, PEOPLE_ROUTES } from '../routes/people-routes.js';
import { object, text } from './openapi-parts.js';
import { problemResponses } from './openapi-problems.js';
import { reference, shown, type Schema } from './openapi-schemas.js';

/** How a person, or a program for a person, is known. */
export const SECURITY_SCHEMES: Readonly<Record<string, Schema>> = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-session',
    description: 'Of a browser in which somebody signed in. On http://localhost the cookie has another name.',
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'Of a program that acts for a person: IssueToken hands it out, once.',
  },
};

export const ACTING_ROLE: Schema = {
  name: 'Acting-Role',
  in: 'header',
  description:
    'The role that a command is recorded in, where the person holds several; the first that permits it where left out.',
  schema: { type: 'string' },
};

/** An address at which people sign in. */
interface SignInRoute {
  readonly summary: string;
  readonly body?: TSchema;
  readonly example?: object;
  readonly status: 200 | 201 | 303;
  readonly answer: string;
  readonly schema?: Schema;
  readonly refusals: readonly ProblemCode[];
}

const asked = object({
  options: { type: 'object', description: 'For the browser’s `navigator.credentials`.' },
  ticket: { ...text, description: 'To be sent back within five minutes.' },
});
const signedIn = object({ person: text, session: { ...text, description: 'As records name it.' } });
const CODE = 'A'.repeat(43);
const OF_OIDC = [
  'identity-invalid',
  'identity-provider-unavailable',
  'no-administrator',
  'too-many-attempts',
] as const;

const SIGN_IN: Readonly<Record<keyof typeof PEOPLE_ROUTES, SignInRoute>> = {
  passkeyOptions: {
    summary: 'Begin to sign in by passkey',
    body: EmptyBody,
    example: {},
    status: 200,
    answer: 'A challenge.',
    schema: asked,
    refusals: ['no-administrator'],
  },
  passkey: {
    summary: 'Sign in by passkey',
    body: SignInBody,
    example: { ticket: '…', credential: {} },
    status: 201,
    answer: 'Signed in; the session is in a cookie.',
    schema: signedIn,
    refusals: [
      'assertion-invalid',
      'challenge-spent',
      'no-administrator',
      'person-inactive',
      'too-many-attempts',
    ],
  },
  simulated: {
    summary: 'In a simulated ledger: choose a person',
    body: SimulatedBody,
    example: { person: 'tech-1' },
    status: 201,
    answer: 'Signed in; the session is in a cookie.',
    schema: signedIn,
    refusals: ['person-inactive', 'person-unknown', 'too-many-attempts'],
  },
  signOut: {
    summary: 'Sign out',
    body: EmptyBody,
    example: {},
    status: 200,
    answer: 'Signed out, or nobody was signed in.',
    schema: { type: 'object' },
    refusals: [],
  },
  enrolmentOptions: {
    summary: 'Begin to enrol a passkey: by the code of a link, or signed in by another one',
    body: OfferBody,
    example: { person: 'tech-1', code: CODE },
    status: 200,
    answer: 'A challenge.',
    schema: asked,
    refusals: [
      'no-administrator',
      'offer-invalid',
      'passkey-required',
      'sign-in-required',
      'too-many-attempts',
    ],
  },
  enrolment: {
    summary: 'Enrol a passkey',
    body: EnrolmentBody,
    example: { ticket: '…', code: CODE, credential: {}, label: 'Key at the bench' },
    status: 201,
    answer: 'Enrolled. Unless the ledger itself made the offer, another person confirms it.',
    schema: reference('LabReceipt'),
    refusals: [
      'assertion-invalid',
      'challenge-spent',
      'credential-exists',
      'no-administrator',
      'offer-invalid',
      'passkey-required',
      'passkey-syncable',
      'person-inactive',
      'sign-in-required',
      'too-many-attempts',
    ],
  },
  oidc: {
    summary: 'Sign in through the institution’s provider',
    status: 303,
    answer: 'To the provider.',
    refusals: OF_OIDC,
  },
  oidcCallback: {
    summary: 'Where the provider sends people back to',
    status: 303,
    answer: 'To the ledger.',
    refusals: [...OF_OIDC, 'challenge-spent', 'identity-taken', 'passkey-required', 'person-inactive'],
  },
  link: {
    summary: 'Link one’s account at the institution’s provider',
    status: 303,
    answer: 'To the provider.',
    refusals: [...OF_OIDC, ...OF_CALLERS, 'passkey-required'],
  },
};

export function peoplePaths(): Record<string, Schema> {
  const names = Object.keys(PEOPLE_ROUTES) as (keyof typeof PEOPLE_ROUTES)[];
  const signIn = names.map((name) => {
    const { path, method } = PEOPLE_ROUTES[name];
    return [path, { [method === 'POST' ? 'post' : 'get']: signInOperation(name, SIGN_IN[name]) }];
  });
  const commands = SENT_TO_LAB.map((definition) => [
    LAB_COMMAND_PATH.replace(':command', routeOf(definition.name)),
    { post: labOperation(definition) },
  ]);
  return Object.fromEntries([...signIn, ...commands]) as Record<string, Schema>;
}

function signInOperation(
  operationId: string,
  { summary, body, example, status, answer, schema, refusals }: SignInRoute,
): Schema {
  const location = { Location: { description: 'Where.', schema: { type: 'string' } } };
  return {
    operationId,
    tags: ['sign-in'],
    summary,
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: shown(body), example } } },
    }),
    responses: {
      [status]: {
        description: answer,
        ...(schema ? { content: { 'application/json': { schema } } } : { headers: location }),
      },
      ...problemResponses([...ANYWHERE, ...(body ? ANY_BODY : []), ...refusals]),
    },
  };
}

function labOperation({ name, summary, records, refuses, example, handsOut }: LabDefinition): Schema {
  const key = 'The command’s id, a UUID; the same id is answered with the first receipt.';
  const secret = handsOut ? ` The receipt holds the ${handsOut} in \`secret\`, the first time only.` : '';
  return {
    operationId: name.charAt(0).toLowerCase() + name.slice(1),
    tags: ['people'],
    summary,
    description: `Records ${records}.${secret}`,
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: `${key} Made here where left out.`,
        schema: shown(ClientCommandId),
      },
    ],
    requestBody: { required: true, content: { 'application/json': { schema: reference(name), example } } },
    responses: {
      201: {
        description: 'Recorded: durable, and part of the tree.',
        headers: { 'Idempotency-Key': { description: key, schema: shown(ClientCommandId) } },
        content: { 'application/json': { schema: reference('LabReceipt') } },
      },
      ...problemResponses([
        ...ANYWHERE,
        ...ANY_COMMAND,
        ...refuses,
        'last-administrator',
        'passkey-required',
      ]),
    },
  };
}

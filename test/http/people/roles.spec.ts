import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { v4 } from 'uuid';
import { HTTP_CONTROLLERS } from '../../../src/http/controllers.js';
import { FallbackController } from '../../../src/http/routes/fallback.controller.js';
import { LAB_CATALOGUE } from '../../../src/lab/commands/catalogue.js';
import { CATALOGUE, routeOf } from '../../../src/study/catalogue.js';
import { FULL, SEED } from '../../support/effort.js';
import { ORIGIN } from '../../support/people.js';
import { fire, stopIdleClients, type Reply } from '../test-server.js';
import { STUDY, addressOf, makeAskers, type Asker, type Askers } from './role-callers.js';
import {
  LAB_COMMANDS,
  POSTED,
  READING,
  SENT,
  STUDY_COMMANDS,
  WITHOUT_ADDRESS,
  type Rule,
} from './role-table.js';

/** What an asker is told. `in`: whatever an address answers to those who may ask, a refusal of the content included. */
type Outcome = 'in' | 'sign in' | 'may not' | 'no such study';

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
  readonly accept?: string;
}

let all: Askers;
beforeAll(async () => {
  all = await makeAskers();
}, 60_000);
afterAll(async () => {
  stopIdleClients();
  await all.server.close();
});

describe('every address and every command', () => {
  it('has a row in the table [R13]', () => {
    expect(CATALOGUE.map(({ name }) => routeOf(name)).sort()).toEqual(Object.keys(STUDY_COMMANDS).sort());
    expect(LAB_CATALOGUE.map(({ name }) => routeOf(name)).sort()).toEqual(
      [...Object.keys(LAB_COMMANDS), ...WITHOUT_ADDRESS].sort(),
    );
    const rows = [...Object.keys(READING).map((path) => `GET ${path}`), ...postedRows()];
    expect(handlers().sort()).toEqual(rows.sort());
  });
});

function postedRows(): string[] {
  const commands = ['/api/v1/studies/:code/commands/:command', '/api/v1/lab/commands/:command'];
  return [
    ...[...commands, ...Object.keys(POSTED)].map((path) => `POST ${path}`),
    ...Object.keys(SENT).map((path) => `PUT ${path}`),
  ];
}

/** Method and path of every handler that the router knows, but those that refuse what no other takes. */
function handlers(): string[] {
  return HTTP_CONTROLLERS.filter((one) => one !== FallbackController).flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = (prototype as Record<string, object>)[name]!;
      const path = Reflect.getMetadata('path', handler) as string | string[] | undefined;
      const method = Reflect.getMetadata('method', handler) as RequestMethod;
      return path === undefined || name === 'constructor'
        ? []
        : [path].flat().map((one) => `${RequestMethod[method]} ${one}`);
    }),
  );
}

describe('a command of a study [R13]', () => {
  it.each(Object.entries(STUDY_COMMANDS))('%s', async (route, rule) => {
    const definition = CATALOGUE.find(({ name }) => routeOf(name) === route)!;
    await walk(route, (asker) => {
      const study = route === 'register-study' ? 'NEW-01' : STUDY;
      const path = `/api/v1/studies/${study}/commands/${route}`;
      // Whoever may give it is refused for the time, so nothing is recorded.
      const body = { ...bodyOf(route, definition.example, asker), occurredAt: '2030-01-01T00:00:00Z' };
      return { expected: ofCommand(rule, asker), request: { method: 'POST', path, body } };
    });
  });
});

/** The example, made to be about what there is. */
function bodyOf(route: string, example: object, { person, role }: Asker): object {
  const { data = {}, ...rest } = structuredClone(example) as { data?: object };
  const changed: Record<string, object> = {
    'register-study': { director: role === 'management' ? 'director-of-study' : person },
    'administer-substance': { purpose: 'rescue' },
    'correct-record': { target: { number: 0 } },
    'void-record': { target: { number: 0 } },
  };
  return { ...rest, data: { ...data, ...changed[route] } };
}

describe('a command of the lab [R13]', () => {
  it.each(Object.entries(LAB_COMMANDS))('%s', async (route, rule) => {
    await walk(route, (asker) => ({
      expected: ofAddress(rule, asker),
      request: {
        method: 'POST',
        path: `/api/v1/lab/commands/${route}`,
        body: { data: dataOf(route, asker) },
      },
    }));
  });

  it.each(['revoke-credential', 'revoke-token'])('%s, of one’s own', async (route) => {
    const { ended, askers } = all;
    const admin = askers.find(({ name }) => name === 'administrator')!;
    const data = dataOf(route, admin);
    expect(data).toMatchObject(route === 'revoke-token' ? { token: ended.token } : {});
    const request = { method: 'POST', path: `/api/v1/lab/commands/${route}`, body: { data } } as const;
    expect(outcomeOf(await ask(admin, request))).toBe('in');
  });
});

/** What is in order but for the last: there is no such person or record. */
function dataOf(route: string, { person }: Asker): object {
  const { credential, token } = all.ended;
  const nobody = { person: 'nobody-1' };
  const data: Record<string, object> = {
    'configure-site': {
      origin: ORIGIN,
      rpId: 'elsewhere.example',
      zone: 'Europe/Amsterdam',
      passkeys: 'any',
    },
    'register-person': { person: 'director-of-study', name: 'N. Example' },
    'rename-person': { ...nobody, name: 'N. Example' },
    'offer-enrolment': nobody,
    'grant-role': { ...nobody, role: 'technician' },
    'revoke-role': { grant: 0, cause: 'mistake' },
    'record-training': { ...nobody, procedures: ['LigateNerve'], on: '2026-01-15' },
    'deactivate-person': { ...nobody, cause: 'left' },
    'request-redaction': { stream: 'lab', number: 0, pointer: '/data/name', legalBasis: 'gdpr-17' },
    'revoke-credential': { credential, cause: 'lost' },
    'revoke-token': { token, cause: 'replaced' },
    'confirm-site': { site: 0 },
    'confirm-credential': { credential: 0, identity: 'in-person' },
    'redact-field': { request: 0 },
    'give-attestation': { text: '0'.repeat(64) },
    'issue-token': { person, label: 'A program', roles: ['technician'], until: '2020-01-01T00:00:00Z' },
  };
  return data[route]!;
}

describe('an address that is read', () => {
  const rows = Object.entries(READING);
  it.each([...rows, ['/api/v1/feed?study=KET-01', READING['/api/v1/studies/:code']!] as const])(
    '%s',
    async (path, rule) => {
      await walk(path, (asker) => ({
        expected: ofAddress(rule, asker),
        request: {
          method: 'GET',
          path: addressOf(path),
          accept: path.startsWith('/api/') ? '*/*' : 'text/html',
        },
      }));
    },
  );
});

describe('an address that is posted to', () => {
  it.each(Object.entries(POSTED))('%s', async (path, rule) => {
    await walk(path, (asker) => ({
      expected: ofAddress(rule, asker),
      request: { method: 'POST', path: addressOf(path), body: { wrong: true } },
    }));
  });
});

describe('an address that bytes are sent to', () => {
  it.each(Object.entries(SENT))('%s', async (path, rule) => {
    await walk(path, (asker) => ({
      expected: ofAddress(rule, asker),
      request: { method: 'PUT', path: addressOf(path), body: { wrong: true } },
    }));
  });
});

/** Every asker at full effort, and otherwise one of eight by turns, other ones for each row. */
async function walk(
  row: string,
  asking: (asker: Asker) => { expected: Outcome; request: Request },
): Promise<void> {
  const turn = [...row].reduce((sum, letter) => sum + letter.charCodeAt(0), SEED);
  const askers = all.askers.filter((_, i) => FULL || (i + turn) % 8 === 0);
  expect(askers.length).toBeGreaterThan(5);
  const told: Record<string, Outcome> = {};
  const due: Record<string, Outcome> = {};
  await Promise.all(
    askers.map(async (asker) => {
      const { expected, request } = asking(asker);
      due[asker.name] = expected;
      told[asker.name] = outcomeOf(await ask(asker, request));
    }),
  );
  expect(told).toEqual(due);
}

function ask({ headers }: Asker, { method, path, body, accept = '*/*' }: Request): Promise<Reply> {
  const sent = {
    ...headers,
    host: new URL(ORIGIN).host,
    accept,
    ...(body && { origin: ORIGIN, 'content-type': 'application/json', 'idempotency-key': v4() }),
  };
  return fire(all.server.port, method, path, { headers: sent, ...(body && { body: JSON.stringify(body) }) });
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  'sign-in-required': 'sign in',
  'session-expired': 'sign in',
  'token-invalid': 'sign in',
  'not-permitted': 'may not',
  'credential-pending': 'may not',
  'passkey-required': 'may not',
  'study-unknown': 'no such study',
};

function outcomeOf({ status, headers, text }: Reply): Outcome {
  if (status === 303 && headers.location?.startsWith('/sign-in?next=')) return 'sign in';
  if (status < 400) return 'in';
  const code = /"code":"([a-z-]+)"/.exec(text)?.[1] ?? /code[^<]*<[^>]*>([a-z-]+)</.exec(text)?.[1];
  const known = Object.keys(OUTCOMES).find((one) => (code === undefined ? text.includes(one) : one === code));
  return known === undefined ? 'in' : OUTCOMES[known]!;
}

/** A study that one may not read is not there, for commands as well. */
function ofCommand(rule: Rule, asker: Asker): Outcome {
  if (asker.standing === 'unknown') return 'sign in';
  if (typeof rule === 'object' && 'facility' in rule) return ofAddress(rule, asker);
  if (ofAddress(READING['/api/v1/studies/:code']!, asker) !== 'in') return 'no such study';
  return ofAddress(rule, asker) === 'in' ? 'in' : 'may not';
}

function ofAddress(rule: Rule, asker: Asker): Outcome {
  const { standing, by, role, scope, isStudyDirector } = asker;
  if (rule === 'anyone') return 'in';
  if (standing === 'unknown') return 'sign in';
  const may = (yes: boolean): Outcome => (yes ? 'in' : 'may not');
  if (role === 'metrics')
    return typeof rule === 'object' && 'study' in rule ? 'no such study' : may(rule === 'metrics');
  if (rule === 'oneself') return 'in';
  if (standing === 'pending') return 'may not';
  if (rule === 'by passkey') return may(by === 'passkey');
  if (rule === 'a role by passkey') return may(by === 'passkey' && role !== undefined);
  if (rule === 'administrator by passkey') return may(by === 'passkey' && role === 'administrator');
  if (rule === 'metrics') return may(role === 'administrator');
  if (rule === 'signed in') return may(role !== undefined);
  if (rule === 'study director') return may(isStudyDirector === true && by === 'passkey');
  const roles = 'study' in rule ? rule.study : rule.facility;
  // A director's token does what a technician may do as well.
  const holds =
    role !== undefined &&
    roles.includes(role) &&
    (by === 'passkey' || role !== 'director' || roles.includes('technician'));
  if ('facility' in rule) return may(holds && scope === 'facility');
  return holds && scope !== 'other' ? 'in' : 'no such study';
}

import { OIDC_CALLBACK } from '../../identity/oidc.js';
import { SENT_TO_LAB } from '../../lab/commands/catalogue.js';
import type { LabDefinition } from '../../lab/commands/common/lab-command.js';
import { API } from '../../shared/api-prefix.js';
import { routeOf } from '../../study/catalogue.js';

export const LAB_COMMAND_PATH = `${API}/lab/commands/:command`;

const byRoute = new Map(SENT_TO_LAB.map((definition) => [routeOf(definition.name), definition]));

export function labCommandAt(route: string): LabDefinition | undefined {
  return byRoute.get(route);
}

/** Addresses for signing in, and for passkeys. */
export const PEOPLE_ROUTES = {
  passkeyOptions: { path: `${API}/sign-in/passkey/options`, method: 'POST' },
  passkey: { path: `${API}/sign-in/passkey`, method: 'POST' },
  simulated: { path: `${API}/sign-in/simulated`, method: 'POST' },
  signOut: { path: `${API}/sign-out`, method: 'POST' },
  enrolmentOptions: { path: `${API}/enrolment/options`, method: 'POST' },
  enrolment: { path: `${API}/enrolment`, method: 'POST' },
  oidc: { path: '/sign-in/oidc', method: 'GET, HEAD' },
  oidcCallback: { path: OIDC_CALLBACK, method: 'GET, HEAD' },
  link: { path: '/me/link', method: 'GET, HEAD' },
} as const;

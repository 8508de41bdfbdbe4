import type { IncomingMessage } from 'node:http';
import { studyLog, type LogName } from '../../lab/origins.js';
import { API } from '../../shared/api-prefix.js';
import type { ParameterName, ParameterValues } from './parameters.js';

/** A request that the router has matched and whose query has been read. */
export interface RoutedRequest extends IncomingMessage {
  readonly url: string;
  /** The address as the handler declares it. */
  readonly route: { readonly path: string };
  /** The variable segments of the path. */
  readonly params: Readonly<Record<string, string>>;
  parameters: ParameterValues<ParameterName>;
}

/** The log that an address is about: a study, the access log, and otherwise the lab. */
export function logOf({ params, url }: RoutedRequest): LogName {
  const { code } = params;
  if (code !== undefined) return studyLog(code);
  return url.startsWith(`${API}/access/`) ? 'access' : 'lab';
}

import type { IncomingMessage } from 'node:http';
import { studyLog, type LogName } from '../../lab/origins.js';
import type { ParameterName, ParameterValues } from './parameters.js';

/** A request that the router has matched and whose query has been read. */
export interface ReadRequest extends IncomingMessage {
  readonly url: string;
  /** The variable segments of the path. */
  readonly params: Readonly<Record<string, string>>;
  parameters: ParameterValues<ParameterName>;
}

/** The log that an address is about: `/studies/<code>…`, `/access/…`, or else the lab, which lists the studies. */
export function logOf({ params, url }: ReadRequest): LogName {
  const { code } = params;
  if (code !== undefined) return studyLog(code);
  return url.startsWith('/access/') ? 'access' : 'lab';
}

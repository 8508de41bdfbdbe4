import { readFileSync } from 'node:fs';
import { commandNamed } from '../study/catalogue.js';
import { instantMs } from '../study/instant.js';
import { parseCommand } from '../study/parse.js';
import { Refusal, refuse, type FieldError } from '../study/refusal.js';
import type { EndpointAlert } from '../study/welfare/endpoints.js';
import type { Io } from './subcommand.js';
import { Failure } from './output/failure.js';
import { offsetMinutesNow } from '../recording/time-zone.js';
import { UNNAMED_FACILITY } from '../operations/open-ledger.js';
import { openForRecording, unnamed } from './open-for-recording.js';
import type { OpenLedger, Place } from './open-ledger.js';
import { Progress } from './output/progress.js';
import { wrapped } from './output/table.js';

/** Until people have accounts, everything is entered under this name; it says what it is. */
export const DEVELOPMENT_IDENTITY = { actor: 'development-identity', role: 'development' } as const;

export type PlayResult =
  | {
      line: number;
      command: string;
      ok: true;
      records: readonly { number: number; leaf: string }[];
      treeSize: number;
      root: string;
      endpoints?: readonly EndpointAlert[];
    }
  | {
      line: number;
      command: string | null;
      ok: false;
      code: string;
      message: string;
      field?: string;
      errors?: readonly FieldError[];
    };

const PLAIN_KEYS = ['command', 'id', 'study', 'occurredAt', 'subject', 'reason', 'data'];
const SIMULATED_KEYS = ['at', 'actor', 'role'];

export interface PlayOptions {
  readonly simulated: boolean;
  readonly keepGoing: boolean;
}

/** Plays a file of commands, one JSON object a line, and hands out one result a line. Stops at the first refusal. */
export async function* play(
  ledger: OpenLedger,
  lines: readonly string[],
  options: PlayOptions,
  draw: Io['draw'],
): AsyncGenerator<PlayResult> {
  const progress = new Progress(draw, 'recording', lines.length);
  let clock = '';
  try {
    for (const [index, text] of lines.entries()) {
      if (text.trim() === '') continue;
      const line = parsedLine(text);
      const refusal = line instanceof Refusal ? line : unfit(line, options.simulated, clock);
      if (!(line instanceof Refusal) && !refusal && typeof line['at'] === 'string') clock = line['at'];
      const result =
        refusal || line instanceof Refusal
          ? refused(index + 1, commandNameOf(line), refusal ?? (line as Refusal))
          : await played(ledger, line, index + 1);
      progress.at(index + 1);
      yield result;
      if (!result.ok && !options.keepGoing) return;
    }
  } finally {
    progress.end();
  }
}

export async function playInto(
  place: Place,
  file: string,
  options: PlayOptions,
  { warn, draw }: Io,
  each: (result: PlayResult) => void,
): Promise<{ refused: boolean; simulated: boolean }> {
  // Read before anything is opened: a slip in the file's name leaves no ledger behind.
  const lines = linesOf(file);
  const ledger = await openForRecording(place, `study-ledger play ${file}`, options.simulated);
  if (ledger.engine.labNow.facility === UNNAMED_FACILITY) warn(wrapped(unnamed(place.data)));
  let refused = false;
  try {
    for await (const result of play(ledger, lines, options, draw)) {
      refused ||= !result.ok;
      each(result);
    }
    await ledger.anchoring.anchor();
  } finally {
    await ledger.close();
  }
  return { refused, simulated: ledger.engine.labNow.simulated };
}

export function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');
  } catch {
    throw new Failure(`${file} cannot be read.`, 'Name a file of commands, one JSON object a line.');
  }
}

function parsedLine(text: string): Record<string, unknown> | Refusal {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return refuse('line-invalid', 'The line is not JSON: one command is one JSON object on one line.');
  }
  const isObject = typeof line === 'object' && line !== null && !Array.isArray(line);
  return isObject
    ? (line as Record<string, unknown>)
    : refuse('line-invalid', 'The line is not a JSON object.');
}

function commandNameOf(line: Record<string, unknown> | Refusal): string | null {
  const name = line instanceof Refusal ? undefined : line['command'];
  return typeof name === 'string' ? name.slice(0, 60) : null;
}

/** What a line of this file may not say, or not now. */
function unfit(line: Record<string, unknown>, simulated: boolean, clock: string): Refusal | undefined {
  const known = simulated ? [...PLAIN_KEYS, ...SIMULATED_KEYS] : PLAIN_KEYS;
  const stranger = Object.keys(line).find((key) => !known.includes(key));
  if (stranger === undefined) return clockRefusal(line['at'], clock);
  if (SIMULATED_KEYS.includes(stranger)) {
    const message = `“${stranger}” is taken with --simulated only: the ledger knows the time and who you are.`;
    return refuse('only-simulated', message, stranger);
  }
  const shown = stranger.slice(0, 60);
  return refuse('field-unknown', `There is no field “${shown}” here; known are ${known.join(', ')}.`, shown);
}

function clockRefusal(at: unknown, clock: string): Refusal | undefined {
  if (at === undefined) return undefined;
  const ms = typeof at === 'string' ? instantMs(at) : undefined;
  if (ms === undefined)
    return refuse('at-invalid', '“at” is an instant, such as 2026-03-02T09:15:00+01:00.', 'at');
  if (clock !== '' && ms < (instantMs(clock) ?? 0)) {
    return refuse(
      'clock-goes-back',
      `“at” lies before the line above (${clock}); the clock of a ledger does not go back.`,
      'at',
    );
  }
  return undefined;
}

async function played(
  ledger: OpenLedger,
  line: Record<string, unknown>,
  number: number,
): Promise<PlayResult> {
  const { command: name, id, study, at, actor, role, ...body } = line;
  const definition = typeof name === 'string' ? commandNamed(name) : undefined;
  if (!definition) {
    const shown = commandNameOf(line);
    return refused(
      number,
      shown,
      refuse('command-unknown', `There is no command “${shown ?? ''}”.`, 'command'),
    );
  }
  const submission = {
    id: text(id),
    study: text(study),
    actor: actor === undefined ? DEVELOPMENT_IDENTITY.actor : text(actor),
    role: role === undefined ? DEVELOPMENT_IDENTITY.role : text(role),
    // A simulated laboratory lies nowhere: its times would otherwise depend on where it is played.
    ...(typeof at === 'string' ? { clock: at } : { offsetMinutes: offsetMinutesNow() }),
  };
  const command = parseCommand(definition, body, submission);
  const answer = command instanceof Refusal ? command : await ledger.engine.execute(definition, command);
  if (answer instanceof Refusal) return refused(number, definition.name, answer);
  const { records, treeSize, root, endpoints } = answer;
  const reached = endpoints ? { endpoints } : {};
  return { line: number, command: definition.name, ok: true, records, treeSize, root, ...reached };
}

function refused(line: number, command: string | null, refusal: Refusal): PlayResult {
  const { code, message, field, errors } = refusal;
  const where = { ...(field !== undefined && { field }), ...(errors && { errors }) };
  return { line, command, ok: false, code, message, ...where };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

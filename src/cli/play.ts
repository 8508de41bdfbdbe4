import { readFileSync } from 'node:fs';
import { commandNamed } from '../study/catalogue.js';
import { instantMs } from '../study/instant.js';
import { parseCommand } from '../study/parse.js';
import { Refusal, refuse } from '../study/refusal.js';
import { Failure } from './failure.js';
import { openForRecording, type OpenLedger } from './ledger.js';
import { Progress } from './progress.js';

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
    }
  | { line: number; command: string | null; ok: false; code: string; message: string; field?: string };

const PLAIN_KEYS = ['command', 'id', 'study', 'occurredAt', 'subject', 'reason', 'data'];
const SIMULATED_KEYS = ['at', 'actor', 'role'];

export interface PlayOptions {
  readonly simulated: boolean;
  readonly keepGoing: boolean;
}

/** Plays a file of commands, one JSON object a line, and hands out one result a line. Stops at the first refusal. */
export async function* play(
  ledger: OpenLedger,
  file: string,
  options: PlayOptions,
): AsyncGenerator<PlayResult> {
  const lines = linesOf(file);
  const progress = new Progress('recording', lines.length);
  let clock = '';
  try {
    for (const [index, text] of lines.entries()) {
      if (text.trim() === '') continue;
      const line = readLine(text, options.simulated, clock);
      if (!(line instanceof Refusal) && typeof line['at'] === 'string') clock = line['at'];
      const result = await played(ledger, line, index + 1);
      progress.at(index + 1);
      yield result;
      if (!result.ok && !options.keepGoing) return;
    }
  } finally {
    progress.end();
  }
}

export async function playInto(
  folder: string,
  file: string,
  options: PlayOptions,
  each: (result: PlayResult) => void,
): Promise<boolean> {
  const ledger = await openForRecording(folder, `study-ledger play ${file}`, options.simulated);
  let refused = false;
  try {
    for await (const result of play(ledger, file, options)) {
      refused ||= !result.ok;
      each(result);
    }
    await ledger.anchoring.anchor();
  } finally {
    await ledger.close();
  }
  return !refused;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');
  } catch {
    throw new Failure(`${file} cannot be read.`, 'Name a file of commands, one JSON object a line.');
  }
}

function readLine(text: string, simulated: boolean, clock: string): Record<string, unknown> | Refusal {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return refuse('line-invalid', 'The line is not JSON: one command is one JSON object on one line.');
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    return refuse('line-invalid', 'The line is not a JSON object.');
  }
  const members = line as Record<string, unknown>;
  const known = simulated ? [...PLAIN_KEYS, ...SIMULATED_KEYS] : PLAIN_KEYS;
  const stranger = Object.keys(members).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    return SIMULATED_KEYS.includes(stranger)
      ? refuse(
          'only-simulated',
          `“${stranger}” is taken with --simulated only: the ledger knows the time and who you are.`,
          stranger,
        )
      : refuse(
          'field-unknown',
          `There is no field “${stranger.slice(0, 60)}” here; known are ${known.join(', ')}.`,
          stranger.slice(0, 60),
        );
  }
  return clockRefusal(members['at'], clock) ?? members;
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
  line: Record<string, unknown> | Refusal,
  number: number,
): Promise<PlayResult> {
  if (line instanceof Refusal) return refused(number, null, line);
  const { command: name, id, study, at, actor, role, ...body } = line;
  const definition = typeof name === 'string' ? commandNamed(name) : undefined;
  if (!definition) {
    const shown = typeof name === 'string' ? name.slice(0, 60) : null;
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
    ...(typeof at === 'string' && { clock: at }),
  };
  const command = parseCommand(definition, body, submission);
  const answer = command instanceof Refusal ? command : await ledger.record(command);
  if (answer instanceof Refusal) return refused(number, definition.name, answer);
  const { records, treeSize, root } = answer;
  return { line: number, command: definition.name, ok: true, records, treeSize, root };
}

function refused(line: number, command: string | null, { code, message, field }: Refusal): PlayResult {
  return { line, command, ok: false, code, message, ...(field !== undefined && { field }) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

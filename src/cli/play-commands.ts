import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { decodeText } from '../shared/decode-text.js';
import { LAB_CATALOGUE } from '../lab/commands/catalogue.js';
import type { LabCommand, LabDefinition } from '../lab/commands/common/lab-command.js';
import type { Lab } from '../lab/lab.js';
import type { ToldReceipt } from '../queries/tell-findings.js';
import type { LabReceipt } from '../recording/lab-commands.js';
import type { Receipt } from '../recording/open-stream.js';
import { commandNamed } from '../study/catalogue.js';
import type { CommandDefinition, StudyCommand, Submission } from '../study/commands/common/command.js';
import { instantMs } from '../study/instant.js';
import { refuseProtocol } from '../study/commands/approve-protocol.command.js';
import { parseCommand } from '../study/parse.js';
import { checkProtocol } from '../study/rules/check-protocol.js';
import { Refusal, refuse, type FieldError } from '../study/refusal.js';
import { isPlainObject } from '../study/schema.js';
import { actingBy, readTokenFile, type Acting } from './acting.js';
import type { Io } from './subcommand.js';
import { Failure } from './output/failure.js';
import { DEVELOPMENT_IDENTITY } from '../shared/development-identity.js';
import { offsetMinutesNow } from '../recording/time-zone.js';
import { UNNAMED_FACILITY } from '../operations/open-ledger.js';
import { unnamed } from './open-for-recording.js';
import type { Place } from './open-ledger.js';
import { PlayRecorder } from './play-recorder.js';
import { readProtocolFile } from './protocol-file.js';
import { Progress } from './output/progress.js';
import { tellAlarm } from './output/tell-alarm.js';
import { wrapped } from './output/page.js';

export type PlayResult =
  | ({ line: number; command: string; ok: true } & Omit<ToldReceipt, 'study'>)
  | {
      line: number;
      command: string | null;
      ok: false;
      code: string;
      message: string;
      field?: string;
      errors?: readonly FieldError[];
    };

const PLAIN_KEYS = [
  'command',
  'id',
  'study',
  'occurredAt',
  'enteredAt',
  'afterClose',
  'subject',
  'reason',
  'data',
];
const SIMULATED_KEYS = ['at', 'actor', 'role'];

export interface PlayOptions {
  readonly simulated: boolean;
  readonly keepGoing: boolean;
  /** Where a `protocolFile` is looked for: the folder of the file of commands. */
  readonly folder: string;
  /** For whom a line acts that names nobody. */
  readonly acting: Acting;
}

/** What commands are sent to. What a line may hold stands beside it, so the file is long. */
interface Recorder {
  execute(definition: CommandDefinition, command: StudyCommand): Promise<Receipt | ToldReceipt | Refusal>;
  executeInLab(definition: LabDefinition, command: LabCommand): Promise<LabReceipt | Refusal>;
  /** Is told of each command that was refused. */
  noteRefusal?(definition: CommandDefinition | LabDefinition, submission: Submission, refusal: Refusal): void;
}

/** Records commands, one JSON object a line, and yields one result a line. Stops at the first refusal unless `keepGoing`. */
export async function* playLines(
  recorder: Recorder,
  lines: readonly string[],
  options: PlayOptions,
  draw: Io['draw'],
): AsyncGenerator<PlayResult> {
  const progress = new Progress(draw, 'recording', lines.length);
  let clock = '';
  try {
    for (const [index, text] of lines.entries()) {
      if (text.trim() === '') continue;
      const line = parseLine(text);
      const refusal = line instanceof Refusal ? line : checkLine(line, options.simulated, clock);
      if (!(line instanceof Refusal) && !refusal && typeof line['at'] === 'string') clock = line['at'];
      const result =
        refusal || line instanceof Refusal
          ? refused(index + 1, commandNameOf(line), refusal ?? (line as Refusal))
          : await recordLine(recorder, line, index + 1, options);
      progress.at(index + 1);
      yield result;
      if (!result.ok && !options.keepGoing) return;
    }
  } finally {
    progress.end();
  }
}

export interface Played {
  readonly refused: boolean;
  /** Nothing is signed any more, which has been told. */
  readonly alarmed: boolean;
  /** Undefined if there was no ledger and every command was refused. */
  readonly lab: Lab | undefined;
}

export async function playInto(
  place: Place,
  file: string,
  given: Omit<PlayOptions, 'folder' | 'acting'> & { readonly tokenFile?: string | undefined },
  { warn, draw }: Io,
  each: (result: PlayResult) => void,
): Promise<Played> {
  const lines = readLines(file);
  const { simulated, tokenFile } = given;
  if (simulated && tokenFile !== undefined)
    throw Failure.usage(
      '--simulated and --token-file exclude each other.',
      'Nobody signs in to simulated data.',
    );
  const token = tokenFile === undefined ? undefined : readTokenFile(tokenFile);
  const recorder = await PlayRecorder.open(place, { holder: `study-ledger play ${file}`, simulated });
  let [refused, alarmed] = [false, false];
  try {
    const acting = simulated ? DEVELOPMENT_IDENTITY : await actingBy(recorder.ledger!.engine, token);
    const options = { ...given, acting, folder: dirname(file) };
    for await (const result of playLines(recorder, lines, options, draw)) {
      refused ||= !result.ok;
      each(result);
    }
    if (recorder.ledger) {
      await recorder.ledger.anchoring.anchor();
      alarmed = tellAlarm(recorder.ledger.engine, warn);
    }
  } finally {
    await recorder.ledger?.close();
  }
  const lab = recorder.ledger?.engine.labNow;
  if (lab?.facility === UNNAMED_FACILITY) warn(wrapped(unnamed(place.data)));
  return { refused, alarmed, lab };
}

export function readLines(file: string): string[] {
  try {
    return decodeText(readFileSync(file)).replace(/\n$/, '').split('\n');
  } catch {
    throw new Failure(`${file} cannot be read.`, 'Name a file of commands with one JSON object a line.');
  }
}

function parseLine(text: string): Record<string, unknown> | Refusal {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return refuse('line-invalid', 'The line is not JSON. Write each command as one JSON object on one line.');
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

/** Refuses unknown members, members for simulated ledgers only, and a clock that goes back. */
function checkLine(line: Record<string, unknown>, simulated: boolean, clock: string): Refusal | undefined {
  const known = simulated ? [...PLAIN_KEYS, ...SIMULATED_KEYS] : PLAIN_KEYS;
  const unknown = Object.keys(line).find((key) => !known.includes(key));
  if (unknown === undefined) return refuseMissing(line, simulated) ?? checkClock(line['at'], clock);
  if (SIMULATED_KEYS.includes(unknown)) {
    const why =
      unknown === 'at'
        ? 'a real one has its own clock'
        : 'in a real one the person of the token acts, in a role that they hold';
    const message = `“${unknown}” is taken by simulated ledgers only, with --simulated: ${why}. Leave it out.`;
    return refuse('only-simulated', message, unknown);
  }
  const shown = unknown.slice(0, 60);
  return refuse('field-unknown', `There is no field “${shown}”. The fields are ${known.join(', ')}.`, shown);
}

/** What each line needs, with the code that a wrong value has. */
const NEEDED = [
  ['command', 'command-unknown', 'Name the command, such as RecordThreshold.'],
  ['id', 'id-invalid', 'Give each command a UUID of version 4 or 7 of its own.'],
  ['study', 'study-code-invalid', 'Name the study by its code, such as KET-01.'],
] as const;

function refuseMissing(line: Record<string, unknown>, simulated: boolean): Refusal | undefined {
  const isForLab = simulated && labCommandOf(line) !== undefined;
  const missing = NEEDED.find(([key]) => line[key] === undefined && !(key === 'study' && isForLab));
  if (!missing) return undefined;
  const [key, code, next] = missing;
  return refuse(code, `“${key}” is missing. ${next}`, key);
}

function checkClock(at: unknown, clock: string): Refusal | undefined {
  if (at === undefined) return undefined;
  const ms = typeof at === 'string' ? instantMs(at) : undefined;
  if (ms === undefined)
    return refuse('at-invalid', '“at” is not an instant. Write one such as 2026-03-02T09:15:00+01:00.', 'at');
  if (clock !== '' && ms < (instantMs(clock) ?? 0)) {
    return refuse(
      'clock-goes-back',
      `“at” is earlier than in the line above (${clock}). The clock of a ledger cannot go back.`,
      'at',
    );
  }
  return undefined;
}

/** A line without a study is about the people of a simulated ledger. */
function labCommandOf({ command, study }: Record<string, unknown>): LabDefinition | undefined {
  return study === undefined ? LAB_CATALOGUE.find(({ name }) => name === command) : undefined;
}

async function recordLine(
  recorder: Recorder,
  line: Record<string, unknown>,
  number: number,
  { folder, acting }: PlayOptions,
): Promise<PlayResult> {
  const { command: name, id, study, at, actor, role, ...body } = line;
  const submission: Submission = {
    id: text(id),
    study: text(study),
    ...acting,
    ...(actor !== undefined && { actor: text(actor) }),
    ...(role !== undefined && { role: text(role) }),
    // Times of a simulated ledger must not depend on the time zone in which it is played.
    ...(typeof at === 'string' ? { clock: at } : { offsetMinutes: offsetMinutesNow() }),
  };
  const inLab = labCommandOf(line);
  const inStudy = typeof name === 'string' ? commandNamed(name) : undefined;
  const shown = commandNameOf(line);
  const answer = inLab
    ? await recordInLab(recorder, inLab, body, submission)
    : inStudy
      ? await recordInStudy(recorder, inStudy, withProtocolFile(inStudy, body, folder), submission)
      : refuse('command-unknown', `There is no command “${shown ?? ''}”.`, 'command');
  if (answer instanceof Refusal) {
    const definition = inLab ?? inStudy;
    if (definition) recorder.noteRefusal?.(definition, submission, answer);
    return refused(number, shown, answer);
  }
  const { study: _, ...told } = answer;
  return { line: number, command: shown ?? '', ok: true, ...told };
}

async function recordInStudy(
  recorder: Recorder,
  definition: CommandDefinition,
  body: Record<string, unknown> | Refusal,
  submission: Submission,
): Promise<Receipt | ToldReceipt | Refusal> {
  const command = body instanceof Refusal ? body : parseCommand(definition, body, submission);
  return command instanceof Refusal ? command : recorder.execute(definition, command);
}

async function recordInLab(
  recorder: Recorder,
  definition: LabDefinition,
  body: Record<string, unknown>,
  submission: Submission,
): Promise<Receipt | Refusal> {
  const command = parseCommand(definition, body, submission);
  const answer = command instanceof Refusal ? command : await recorder.executeInLab(definition, command);
  if (answer instanceof Refusal) return answer;
  // The secret of a simulated ledger follows from the command; the lines that come after hold what they need of it.
  const { secret: _, ...receipt } = answer;
  return receipt;
}

/** `data.protocolFile` of a protocol's command stands for the protocol in that file. */
function withProtocolFile(
  { name }: CommandDefinition,
  body: Record<string, unknown>,
  folder: string,
): Record<string, unknown> | Refusal {
  const { data } = body;
  if (name !== 'ApproveProtocol' && name !== 'AmendProtocol') return body;
  if (!isPlainObject(data) || typeof data['protocolFile'] !== 'string') return body;
  const { protocolFile, ...rest } = data;
  try {
    const protocol = readProtocolFile(resolve(folder, protocolFile as string));
    const checked = checkProtocol(protocol);
    return checked.protocol ? { ...body, data: { ...rest, protocol } } : refuseProtocol(checked);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refuse('protocol-invalid', error.message, 'data.protocolFile');
  }
}

function refused(line: number, command: string | null, refusal: Refusal): PlayResult {
  const { code, message, field, errors } = refusal;
  const where = { ...(field !== undefined && { field }), ...(errors && { errors }) };
  return { line, command, ok: false, code, message, ...where };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import { v4 } from 'uuid';
import type { AccessEventData } from '../lab/access.js';
import type { LabDefinition } from '../lab/commands/common/lab-command.js';
import { LEDGER_ITSELF } from '../lab/people/people.js';
import { isActive, roleActedIn } from '../lab/people/standing.js';
import type { CommandDefinition, CommandForm, Submission } from '../study/commands/common/command.js';
import { knownField } from '../study/commands/common/known-field.js';
import { Refusal } from '../study/refusal.js';
import { BENCH, READERS_OF_ALL, STUDY_READERS, type Role } from '../study/who.js';
import { proposeAccessFact, type AccessFact } from './access-records.js';
import { NoteWindows, type Note, type NotedType } from './note-windows.js';
import type { OpenLogs } from './open-logs.js';
import type { RecordClock } from './record-clock.js';
import type { RecordingGate } from './recording-gate.js';
import { SignInAlert } from './sign-in-alert.js';

/** Somebody who is signed in. Of others nothing is noted but that signing in failed. */
export type Reader = Pick<Submission, 'actor' | 'role' | 'session' | 'by'>;

export type MadeFile = Omit<AccessEventData['FileMade'], 'count'>;

/** The imperatives that the records answer. */
const COMMANDS: Readonly<Record<NotedType, string>> = {
  SignInFailed: 'NoteFailedSignIns',
  CommandRefused: 'NoteRefusal',
  FileMade: 'MakeFile',
};

/** After an answer, so that its record delays no answer. */
const PAUSE_MS = 250;
const MINUTE_MS = 60_000;

/**
 * What happens at the doors of the ledger and changes nothing in it: refused commands, failed sign-ins, files that are
 * handed out. Notes are gathered in memory and appended to the access log after the answer, so they delay no command and
 * fail none; a process that dies loses those of its last minute. A ledger in which no person is registered has none.
 */
export class AccessNotes {
  private readonly windows = new NoteWindows();
  private readonly alert = new SignInAlert();
  /** Taken, and not yet known to be recorded. */
  private unsent: readonly AccessFact[] = [];
  private alarm: { readonly timer: NodeJS.Timeout; readonly atMs: number } | undefined;
  private appending: Promise<void> = Promise.resolve();
  private hasFailed = false;
  /** Since the process began, by method. */
  readonly signIns = new Map<string, number>();
  failedSignIns = 0;
  private isClosed = false;

  constructor(
    private readonly logs: OpenLogs,
    private readonly gate: RecordingGate,
    private readonly now: RecordClock,
    private readonly clock: () => number,
    /** Is told, in a sentence, what somebody should look at. */
    private readonly report: (message: string) => void,
  ) {}

  /** Whether signing in failed 20 times within the last 10 minutes. */
  get isAlert(): boolean {
    return this.alert.isRaised(this.clock());
  }

  noteRefusal(
    definition: CommandDefinition | LabDefinition,
    submission: Reader & { readonly study: string },
    { code, field }: { readonly code: string; readonly field?: string | undefined },
  ): void {
    const roles = rolesFor(definition);
    const known = field === undefined ? undefined : knownField(definition as CommandForm, field);
    const data = { command: definition.name, code, ...(known !== undefined && { field: known }), count: 1 };
    this.noteCommand(submission, roles, data);
  }

  /** Rows of one file that were refused. `code` is that of the first. */
  noteRefusedRows(submission: Reader & { readonly study: string }, code: string, count: number): void {
    if (count > 0) this.noteCommand(submission, BENCH.roles, { command: 'Import', code, count });
  }

  /** A file that somebody is handed. */
  noteFile(reader: Reader, data: MadeFile): void {
    const key = `FileMade ${reader.actor} ${data.file} ${data.study ?? ''}`;
    const { roles } = data.study === undefined ? READERS_OF_ALL : STUDY_READERS;
    this.noteOf(key, 'FileMade', reader, roles, { ...data, count: 1 });
  }

  noteSignedIn(method: string): void {
    this.signIns.set(method, (this.signIns.get(method) ?? 0) + 1);
  }

  noteSignInFailed(): void {
    this.failedSignIns++;
    if (this.logs.labNow.people.persons.size === 0) return;
    if (this.alert.failed(this.clock()))
      this.report('Signing in failed 20 times within 10 minutes: see failed sign-ins in the access log.');
    const by = { actor: LEDGER_ITSELF, role: 'system', labsize: this.logs.labNow.size, atMs: this.clock() };
    this.add('SignInFailed', { type: 'SignInFailed', data: { count: 1 }, ...by });
  }

  /** Appends what is due; all that waits where `all` is set. It never rejects. */
  flush(all = false): Promise<void> {
    return (this.appending = this.appending.then(() => this.append(all)));
  }

  /** Appends all that waits, before the store is closed. */
  async close(): Promise<void> {
    clearTimeout(this.alarm?.timer);
    this.isClosed = true;
    await this.flush(true);
  }

  private noteCommand(
    submission: Reader & { readonly study: string },
    roles: readonly Role[],
    data: { command: string; code: string; field?: string; count: number },
  ): void {
    const key = `CommandRefused ${submission.actor} ${data.command} ${data.code}`;
    const { study } = submission;
    const known = this.logs.labNow.studies.has(study) ? { study } : {};
    this.noteOf(key, 'CommandRefused', submission, roles, { ...known, ...data });
  }

  private noteOf<T extends NotedType>(
    key: string,
    type: T,
    reader: Reader,
    roles: readonly Role[],
    data: Note<T>['data'],
  ): void {
    const lab = this.logs.labNow;
    const { actor, session, by } = reader;
    if (!by || !isActive(lab.people.persons.get(actor))) return;
    const atMs = this.clock();
    const { study } = data as { study?: string };
    const role = roleActedIn(lab.people, reader, roles, study, atMs);
    this.add(key, { type, data, actor, role, session, labsize: lab.size, atMs });
  }

  private add(key: string, note: Note): void {
    if (!this.isClosed) this.wake(this.windows.add(key, note));
  }

  private wake(dueMs: number): void {
    const nowMs = this.clock();
    const ms = Math.min(MINUTE_MS, Math.max(PAUSE_MS, dueMs - nowMs));
    if (this.alarm && this.alarm.atMs <= nowMs + ms) return;
    clearTimeout(this.alarm?.timer);
    const timer = setTimeout(() => void this.flush(), ms).unref();
    this.alarm = { timer, atMs: nowMs + ms };
  }

  private async append(all: boolean): Promise<void> {
    try {
      // What failed before is sent again under the same ids; until then what happens is only counted.
      if (this.unsent.length === 0)
        this.unsent = this.windows.take(this.clock(), all).map((note) => ({
          ...note,
          command: COMMANDS[note.type],
          commandId: v4(),
        }));
      if (this.unsent.length > 0) await this.send(this.unsent);
      this.unsent = [];
      this.hasFailed = false;
    } catch (error) {
      if (!this.hasFailed)
        this.report(`The access log could not be written, and is tried again: ${messageOf(error)}`);
      this.hasFailed = true;
    }
    clearTimeout(this.alarm?.timer);
    this.alarm = undefined;
    const dueMs = this.unsent.length > 0 ? this.clock() + MINUTE_MS : this.windows.dueMs;
    if (!this.isClosed && dueMs !== undefined) this.wake(dueMs);
  }

  /** All of them share one append. */
  private async send(facts: readonly AccessFact[]): Promise<void> {
    await this.logs.log('access');
    const answers = await Promise.all(
      facts.map((fact) => this.gate.record(this.logs.accessLog, proposeAccessFact(fact, this.now))),
    );
    const refusal = answers.find((answer) => answer instanceof Refusal);
    if (refusal) throw new Error(refusal.message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function rolesFor(definition: CommandDefinition | LabDefinition): readonly Role[] {
  if (definition.stream !== 'lab') return definition.who.roles;
  return definition.who === 'administrator' || definition.who === 'administrator-or-oneself'
    ? ['administrator']
    : [];
}

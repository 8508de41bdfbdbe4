import { v4 } from 'uuid';
import { sealRecord } from '../../src/recording/seal.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import type { StudyRecord } from '../../src/study/record.js';
import { instantMs } from '../../src/study/instant.js';
import { attest, prepared, send } from '../http/signatures/signing.js';
import { serving, type Serving } from '../http/test-server.js';
import { approved } from '../study/bench.js';
import { registeredGoverned } from '../study/governed.js';
import type { Sent as Command } from '../study/sent.js';
import { by, signs } from '../study/signing.js';
import { foundIn } from '../verify/people-checks.js';
import { administratorOf, hire, ok, type Client, type Sent as Answer } from '../support/people.js';

/** What the study needs, and an inspector. */
const PEOPLE = [
  ['mgr-1', 'management'],
  ['sd-01', 'director'],
  ['sd-02', 'director'],
  ['sd-03', 'director'],
  ['tech-1', 'technician'],
  ['tech-2', 'technician'],
  ['vet-1', 'veterinarian'],
  ['stat-1', 'statistician'],
  ['qa-1', 'quality'],
  ['inspector-1', 'inspector'],
] as const;

/** A governed study, #0, whose protocol, #1, its director has signed, #2. */
export const begunSigned: readonly Command[] = [
  registeredGoverned,
  by('sd-01', approved),
  signs('sd-01', 'approved', 1, '2026-03-02T08:15:00Z'),
];

/** Sessions end after 15 minutes without use. */
const IDLE_MS = 14 * 60_000;

type Person = (typeof PEOPLE)[number][0] | 'admin-1';

/**
 * A laboratory on a real server, as an inspector meets it: everybody has a passkey that another confirmed, and has stated that their
 * signature binds. Commands are those of the pure bench; each is sent by its person at its time, and signed by the person’s
 * own passkey.
 */
export class Laboratory {
  readonly #seenMs = new Map<string, number>();

  private constructor(
    readonly server: Serving,
    private readonly clients: ReadonlyMap<string, Client>,
    private readonly study: string,
  ) {}

  static async open(study = 'KET-01'): Promise<Laboratory> {
    const clock = { ms: Date.parse('2026-03-02T07:00:00Z') };
    const store = new OpenStore();
    const server = await serving({ simulated: false, store, clock, http: { attemptsAMinute: 100_000 } });
    const admin = await administratorOf(server);
    const clients = new Map([['admin-1', admin]]);
    for (const [person, role] of PEOPLE) {
      const client = await hire(admin, person, [role], clients.get('mgr-1'));
      if (role !== 'inspector') ok(await attest(client));
      clients.set(person, client);
    }
    return new Laboratory(server, clients, study);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** Moves the clock, never back. */
  goTo(instant: string): void {
    this.server.time.ms = Math.max(this.server.time.ms, instantMs(instant)!);
  }

  /** Whoever was idle for too long signs in again. */
  async as(person: Person): Promise<Client> {
    const client = this.clients.get(person)!;
    const nowMs = this.server.time.ms;
    if (nowMs - (this.#seenMs.get(person) ?? -Infinity) > IDLE_MS) ok(await client.signIn());
    this.#seenMs.set(person, nowMs);
    return client;
  }

  /** One after the other. @returns the numbers of their records @throws where one is refused */
  async play(...commands: readonly Command[]): Promise<number[]> {
    const numbers: number[] = [];
    for (const command of commands) {
      const { body } = ok(await this.attempt(command));
      numbers.push((body['records'] as { number: number }[])[0]!.number);
    }
    return numbers;
  }

  /** The answer, whatever it is. */
  async attempt({ name, body, clock, by }: Command): Promise<Answer> {
    const claimed = clock ?? body['occurredAt'];
    if (typeof claimed === 'string') this.goTo(claimed);
    else this.server.time.ms += 60_000;
    const client = await this.as((by?.actor ?? 'tech-1') as Person);
    if (name !== 'SignRecords') return client.send(name, body, this.study, { 'Idempotency-Key': v4() });
    const { meaning, records, range } = body['data'] as { meaning: string; records?: object; range?: object };
    const asked = { meaning, ...(records && { records }), ...(range && { range }) };
    const path = `/api/v1/studies/${this.study}/signatures/prepare`;
    const shown = await client.post(path, asked);
    return shown.status < 300 ? send(client, shown.body as never, { study: this.study }) : shown;
  }

  prepared(client: Client, asked: object): ReturnType<typeof prepared> {
    return prepared(client, asked, this.study);
  }

  /** A page as somebody reads it: the words, without their markup. */
  async page(person: Person, path: string): Promise<string> {
    const client = await this.as(person);
    const { text } = ok(await client.get(path, { Accept: 'text/html' }));
    return wordsOf(/<main.*<\/main>/s.exec(text)?.[0] ?? text);
  }

  /** A page of the study. */
  studyPage(person: Person, path = ''): Promise<string> {
    return this.page(person, `/studies/${this.study}${path}`);
  }

  /** What the API answers about the study. */
  async read<T>(person: Person, path: string): Promise<T> {
    const client = await this.as(person);
    return ok(await client.get(`/api/v1/studies/${this.study}${path}`)).body as T;
  }

  /** A file of the study, as text. */
  async file(person: Person, name: string): Promise<string> {
    const client = await this.as(person);
    return ok(await client.get(`/api/v1/studies/${this.study}/files/${name}`)).text;
  }

  async bytes(person: Person, name: string): Promise<Buffer> {
    const client = await this.as(person);
    return ok(await client.get(`/api/v1/studies/${this.study}/files/${name}`)).body as unknown as Buffer;
  }

  /** The records as they were stored. */
  async records(): Promise<StoredFact[]> {
    const { records } = await this.read<{ records: { record: StoredFact }[] }>(
      'inspector-1',
      '/records?limit=500',
    );
    return records.map(({ record }) => record);
  }

  /** A signature again, with another payload, written past the ledger. @returns the number of its record */
  async pasted(number: number, change: (statement: string) => string): Promise<number> {
    const { state, size } = await this.server.engine.study(this.study);
    const { record } = state.records.at(number)! as { record: StudyRecord<'SignatureApplied'> };
    const { envelope } = record.data;
    const statement = change(Buffer.from(envelope.payload, 'base64').toString());
    const data = {
      ...record.data,
      envelope: { ...envelope, payload: Buffer.from(statement).toString('base64') },
    };
    const { actor, actorrole, session, command, commanddigest, time, recordedtime, source, labsize } = record;
    const by = { actor, actorrole, session, command, commanddigest, commandid: v4() };
    const sealed = sealRecord<StudyRecord>(
      by,
      { type: 'SignatureApplied', data, time, recordedtime },
      { source, number: size, labsize },
    );
    await this.server.engine.store.append(`study-${this.study}`, size, [sealed]);
    return size;
  }

  /** What `verify` finds in the bytes of the store: failures and warnings, and what each signature is worth. */
  async verified() {
    const logs = ['lab', 'access', `study-${this.study}`];
    const texts = new Map<string, string[]>();
    for (const log of logs) {
      texts.set(log, []);
      for await (const page of this.server.engine.store.read(log))
        for (const { text } of page) texts.get(log)!.push(text);
    }
    const { findings, signatures } = await foundIn(texts);
    return { wrong: findings.filter(({ severity }) => severity !== 'note'), signatures };
  }
}

/** Whoever writes to the files of the store can write past the ledger. */
class OpenStore extends MemoryStore {
  override readonly soleWriter: boolean = false;
}

/** A record as an inspector reads it. */
export interface StoredFact {
  /** The record number, ten digits. */
  readonly sequence: string;
  readonly type: string;
  readonly actor: string;
  readonly actorrole: string;
  readonly time: string;
  readonly recordedtime: string;
  readonly subject?: string;
  readonly reason?: string;
  readonly protocolversion?: number;
  readonly data: Record<string, unknown>;
}

export function wordsOf(html: string): string {
  return html
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', '’')
    .replaceAll(/\s+/g, ' ');
}

export const codeOf = ({ status, body }: Answer): unknown => (status < 300 ? 'taken' : body['code']);

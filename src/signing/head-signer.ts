import type { Watch } from '../anchoring/watch.js';
import { keyInForce, type Lab } from '../lab/lab.js';
import { originOf, type LogName } from '../lab/origins.js';
import type { OpenLogs } from '../recording/open-logs.js';
import type { OpenLog } from '../recording/streams.js';
import { retry } from '../shared/retry.js';
import { hashFromBase64 } from '../tlog/encoding.js';
import type { TreeHead } from '../tlog/merkle.js';
import type { Custody } from './custody.js';
import type { KeyRing, LogKey } from './key-ring.js';
import { NoteSigner, type SignableLog } from './note-signer.js';
import { isOwnNote, readSignedHead, type SignedHead } from './signed-note.js';
import { SigningError } from './signing-error.js';

/** A leader that was paused and resumed answers old reads for up to 4 s. */
const PATIENCE = { pauseMs: 100, giveUpMs: 10_000 };

/** Signs the heads of the open logs, and compares the logs with what was signed, anchored and published of them. */
export class HeadSigner {
  private made: NoteSigner | undefined;

  constructor(
    private readonly logs: OpenLogs,
    private readonly custody: Custody,
    private readonly watch: Watch,
  ) {}

  /**
   * The head of a log with its signed note, or an older signed one that is large enough; never one that contradicts
   * another that was signed.
   * @throws SigningError.
   */
  async sign(name: LogName, atLeast?: number): Promise<SignedHead> {
    await this.watch.ready(this.logs);
    // Not a contradiction of the log: the alarm ends when its cause does.
    if (this.watch.alarm) throw this.watch.alarm;
    try {
      return await this.withLog(name, (signer, log) => signer.sign(log, atLeast));
    } catch (error) {
      if (error instanceof SigningError) (await this.logs.writable(name)).distrust(error);
      throw error;
    }
  }

  /** The first signed head of a lab whose signed heads are lost. Only for a person who has recorded that they are. */
  async signAgain(): Promise<void> {
    const lab = await this.logs.lab();
    const log = this.signable(lab, 'lab', await this.logs.log('lab'));
    await this.signer(lab.simulated).sign({ ...log, hasSigned: false });
  }

  /** Compares a log once with what is known of it. The answer is what keeps it from being recorded in. */
  async check(name: LogName): Promise<SigningError | undefined> {
    const log = await this.logs.writable(name);
    return log.checked(async () => {
      await this.withLog(name, (signer, signable) => signer.check(signable));
    });
  }

  /** Every key of this ledger; undefined where there is no seed. */
  get ring(): KeyRing | undefined {
    return this.signer(this.logs.labNow.simulated).ring;
  }

  /** Whether the seed is here, and the published key of the lab comes from it. */
  holdsLabSeed(): boolean {
    const { facility, epoch } = this.logs.labNow;
    const origin = originOf(facility, 'lab');
    return this.ring?.key(origin, epoch).vkey === keyInForce(this.logs.labNow, origin)?.vkey;
  }

  /** @throws SigningError `key-missing`. */
  keyOf(simulated: boolean, log: LogName, origin: string, epoch: number): LogKey {
    return this.signer(simulated).keyOf(log, origin, epoch);
  }

  /**
   * Where other processes record and sign as well, what they have signed may be more than what can be read here yet.
   * Then it is read on for a while before the store counts as behind.
   */
  private async withLog<T>(
    name: LogName,
    use: (signer: NoteSigner, log: SignableLog) => Promise<T>,
  ): Promise<T> {
    const attempt = async (): Promise<T> => {
      const lab = await this.logs.lab();
      return use(this.signer(lab.simulated), this.signable(lab, name, await this.logs.log(name)));
    };
    const mayArrive = (error: unknown): boolean =>
      !this.logs.store.soleWriter && error instanceof SigningError && error.code === 'store-behind-mark';
    return retry(attempt, mayArrive, PATIENCE);
  }

  private signable(lab: Lab, name: LogName, open: OpenLog): SignableLog {
    const origin = originOf(lab.facility, name);
    const keys = lab.keys.get(origin) ?? [];
    const known: TreeHead[] = [];
    const anchor = lab.anchors.get(name);
    if (anchor) known.push({ size: anchor.size, root: hashFromBase64(anchor.root) });
    const published = name === 'lab' ? this.custody.published(isOwnNote(lab)) : undefined;
    const head = published === undefined ? undefined : readSignedHead(published, origin, keys);
    if (head) known.push(head);
    return {
      name,
      origin,
      tree: open.log,
      damaged: open.damaged,
      keys,
      known,
      hasSigned: name === 'lab' && lab.size > 1,
      stands: () => open.stands(),
    };
  }

  private signer(simulated: boolean): NoteSigner {
    return (this.made ??= new NoteSigner(this.custody.ring(simulated), this.custody.heads));
  }
}

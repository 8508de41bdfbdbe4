const MANY = 20;
const WITHIN_MS = 10 * 60_000;

/** Whether somebody tries to sign in again and again: 20 failures within 10 minutes. */
export class SignInAlert {
  /** The last of the failures, oldest first, ms. */
  private readonly failures: number[] = [];
  private toldMs = -Infinity;

  /** Counts a failure. @returns whether to warn: once in 10 minutes. */
  failed(nowMs: number): boolean {
    this.failures.push(nowMs);
    if (this.failures.length > MANY) this.failures.shift();
    if (!this.isRaised(nowMs) || nowMs - this.toldMs < WITHIN_MS) return false;
    this.toldMs = nowMs;
    return true;
  }

  isRaised(nowMs: number): boolean {
    const [oldest] = this.failures;
    return this.failures.length === MANY && oldest !== undefined && nowMs - oldest <= WITHIN_MS;
  }
}

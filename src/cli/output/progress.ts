/** A progress bar, drawn only on a terminal and only for work that takes longer than a second. */
export class Progress {
  private readonly started = Date.now();
  private drawn = 0;

  /** @param draw writes to the terminal; undefined if there is none. */
  constructor(
    private readonly draw: ((text: string) => void) | undefined,
    private readonly label: string,
    private readonly total: number,
  ) {}

  at(done: number): void {
    const now = Date.now();
    if (!this.draw || now - this.started < 1000 || now - this.drawn < 100) return;
    this.drawn = now;
    const share = this.total > 0 ? Math.min(1, done / this.total) : 0;
    const filled = Math.round(30 * share);
    const left = share > 0 ? Math.ceil(((now - this.started) * (1 - share)) / share / 1000) : 0;
    const bar = '█'.repeat(filled) + '░'.repeat(30 - filled);
    this.draw(`\r${this.label} ${bar} ${done}/${this.total}, about ${left} s left \u001b[K`);
  }

  end(): void {
    if (this.drawn > 0) this.draw?.('\r\u001b[K');
  }
}

/** A line on the terminal's error stream for work that takes longer than a second; nothing where nobody looks. */
export class Progress {
  private readonly started = Date.now();
  private drawn = 0;

  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  at(done: number): void {
    const now = Date.now();
    if (!this.out.isTTY || now - this.started < 1000 || now - this.drawn < 100) return;
    this.drawn = now;
    const share = this.total > 0 ? Math.min(1, done / this.total) : 0;
    const filled = Math.round(30 * share);
    const left = share > 0 ? Math.ceil(((now - this.started) * (1 - share)) / share / 1000) : 0;
    const bar = '█'.repeat(filled) + '░'.repeat(30 - filled);
    this.out.write(`\r${this.label} ${bar} ${done}/${this.total}, about ${left} s left \u001b[K`);
  }

  end(): void {
    if (this.drawn > 0) this.out.write('\r\u001b[K');
  }
}

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process that runs a script against the compiled store. */
export class Child {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<unknown>;

  constructor(compiled: string, script: string, ...args: string[]) {
    const file = join(mkdtempSync(join(compiled, 'script-')), 'script.js');
    writeFileSync(file, script);
    this.process = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
    this.#exited = new Promise((resolve) => this.process.once('exit', resolve));
  }

  /** The next line that it prints; `undefined` where it ended instead. */
  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  /** Ends it as a power cut would, without a chance to tidy up. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#exited;
  }
}

/** Mounts for one test where this is allowed (root, and not in every container), and takes it away afterwards. */
export class Mount {
  private constructor(readonly folder: string) {}

  static memory(folder: string, size: string): Mount | undefined {
    return Mount.#try(folder, ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  }

  /** The same folder once more, read-only; root, too, cannot write there. */
  static readOnly(source: string, folder: string): Mount | undefined {
    const mount = Mount.#try(folder, ['--bind', source, folder]);
    if (mount) run('mount', '-o', 'remount,ro,bind', folder);
    return mount;
  }

  remove(): void {
    run('umount', '-l', this.folder);
  }

  static #try(folder: string, args: string[]): Mount | undefined {
    mkdirSync(folder, { recursive: true });
    try {
      run('mount', ...args);
      return new Mount(folder);
    } catch {
      return undefined;
    }
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'ignore' });
}

/** Whether this process may mount at all; tests that need it say that they were skipped. */
export function mayMount(): boolean {
  const mount = Mount.memory(mkdtempSync(join(tmpdir(), 'may-mount-')), '64k');
  mount?.remove();
  return mount !== undefined;
}

import { askUntil, retry } from '../../src/shared/retry.js';

const AT_ONCE = { pauseMs: 0, giveUpMs: Infinity };
const ONCE = { pauseMs: 1, giveUpMs: 0 };

/** Fails in these ways, one after another, then answers with the number of the attempt. */
const failing =
  (...errors: readonly string[]) =>
  async (attempt: number): Promise<number> => {
    const message = errors[attempt];
    if (message !== undefined) throw new Error(message);
    return attempt;
  };
const isBusy = (error: unknown): boolean => (error as Error).message === 'busy';

describe('retry', () => {
  it('attempts until one succeeds', async () => {
    expect(await retry(failing('busy', 'busy'), isBusy, AT_ONCE)).toBe(2);
  });

  it('throws what waiting does not help', async () => {
    await expect(retry(failing('busy', 'denied'), isBusy, AT_ONCE)).rejects.toThrow('denied');
  });

  it('throws the last error when the time is over', async () => {
    await expect(retry(failing('busy'), isBusy, ONCE)).rejects.toThrow('busy');
  });
});

describe('askUntil', () => {
  it('returns the first answer that is enough', async () => {
    expect(await askUntil(failing(), (answer) => answer >= 3, AT_ONCE)).toBe(3);
  });

  it('returns the last answer when the time is over', async () => {
    expect(await askUntil(failing(), (answer) => answer >= 3, ONCE)).toBe(0);
  });

  it('throws what asking throws', async () => {
    await expect(askUntil(failing('busy'), () => true, AT_ONCE)).rejects.toThrow('busy');
  });
});

/**
 * What a browser keeps for a tab, or for all of its pages. Where it keeps nothing (full or denied), the page itself keeps it
 * for as long as it is open.
 */
class BrowserStorage {
  readonly #here = new Map<string, string>();

  constructor(private readonly storage: () => Storage) {}

  get(key: string): string | null {
    return this.#here.get(key) ?? this.#asked((storage) => storage.getItem(key)) ?? null;
  }

  set(key: string, text: string): void {
    this.#here.set(key, text);
    this.#asked((storage) => {
      storage.setItem(key, text);
      this.#here.delete(key);
    });
  }

  remove(key: string): void {
    this.#here.delete(key);
    this.#asked((storage) => storage.removeItem(key));
  }

  keys(): string[] {
    return [...new Set([...(this.#asked((storage) => Object.keys(storage)) ?? []), ...this.#here.keys()])];
  }

  #asked<A>(act: (storage: Storage) => A): A | undefined {
    try {
      return act(this.storage());
    } catch {
      return undefined;
    }
  }
}

export const ofTab = new BrowserStorage(() => sessionStorage);
export const ofBrowser = new BrowserStorage(() => localStorage);

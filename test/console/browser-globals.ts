/** What a browser has and Node 20 has not; imported before the scripts of pages, which look for it as they load. */
Object.assign(globalThis, { navigator: { onLine: true }, addEventListener: () => undefined });

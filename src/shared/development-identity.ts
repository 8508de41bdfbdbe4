/**
 * The actor of every command while there are no accounts. It identifies nobody, which is why the server listens on this
 * machine only. Nothing in a request can change it.
 */
export const DEVELOPMENT_IDENTITY = { actor: 'development-identity', role: 'development' } as const;

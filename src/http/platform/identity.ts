/**
 * Who acts, as long as there are no accounts: one identity whose name says that it proves nothing. For that reason the
 * server listens on this machine only. Nothing in a request can change it.
 */
export const DEVELOPMENT_IDENTITY = { actor: 'development-identity', role: 'development' } as const;

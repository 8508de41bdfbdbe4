/** Where the interface for programs begins. The other addresses are pages, for people. */
export const API = '/api/v1';

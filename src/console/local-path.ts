/** A path of this server, and not `//elsewhere`: browsers take a backslash for a slash. */
export const LOCAL_PATH = /^\/(?![/\\])[\x21-\x7e]*$/;
